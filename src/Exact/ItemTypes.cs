namespace PackingKit;

/// <summary>
/// What the column engine packs: types of interchangeable items in decreasing weight, with how many there are of each, under one capacity.
/// Branching glues items into one of their summed weight and forbids pairs of types to share a bin.
/// </summary>
internal sealed class ItemTypes
{
    private readonly ulong[][]? _apart;

    private ItemTypes(long capacity, int maxItems, long[] weights, long[] demands, int[][] members, ulong[][]? apart)
    {
        (Capacity, MaxItems, Weights, Demands, Members, _apart) = (capacity, maxItems, weights, demands, members, apart);
        for (var i = 0; i < weights.Length; i++)
            (TotalWeight, ItemCount) = (TotalWeight + (weights[i] * demands[i]), ItemCount + (demands[i] * members[i].Length));
    }

    public long Capacity { get; }

    /// <summary>The most items that a bin may hold; <see cref="int.MaxValue"/> where the capacity alone decides.</summary>
    public int MaxItems { get; }

    public long[] Weights { get; }

    public long[] Demands { get; }

    /// <summary>For each type the types of the root problem that it is glued from (itself at the root).</summary>
    public int[][] Members { get; }

    public int Count => Weights.Length;

    public long TotalWeight { get; }

    public long ItemCount { get; }

    public bool HasConflicts => _apart is not null;

    /// <summary>The types of a histogram. Items of size 0 must have been taken out where there is no item limit.</summary>
    public static ItemTypes Of(SizeHistogram histogram, long capacity, int? maxItemsPerBin)
    {
        var sizes = histogram.Sizes.ToArray();
        var most = maxItemsPerBin ?? int.MaxValue;
        var limited = sizes.Length > 0 && (sizes[^1] == 0 || capacity / sizes[^1] > most);
        return new ItemTypes(
            capacity, limited ? most : int.MaxValue, sizes, histogram.Counts.ToArray(),
            [.. Enumerable.Range(0, sizes.Length).Select(i => new[] { i })], null);
    }

    /// <summary>The most items of a type that one bin holds.</summary>
    public long CopiesThatFit(int type)
    {
        if (Conflict(type, type))
            return 1;
        var slots = MaxItems / Members[type].Length;
        return Weights[type] == 0 ? slots : Math.Min(slots, Capacity / Weights[type]);
    }

    /// <summary>Whether no bin may hold an item of one type and another item of the other.</summary>
    public bool Conflict(int a, int b) => _apart is not null && (_apart[a][b >> 6] >> (b & 63) & 1) != 0;

    /// <summary>The types in conflict with one, as a bit set; empty where there are no conflicts.</summary>
    public ReadOnlySpan<ulong> ConflictsOf(int type) => _apart is null ? [] : _apart[type];

    /// <summary>One branch: two types that never share a bin (for one type with itself: at most one of it in a bin).</summary>
    public ItemTypes Apart(int a, int b)
    {
        var apart = NewSets(Count);
        for (var i = 0; i < Count; i++)
            ConflictsOf(i).CopyTo(apart[i]);
        Set(apart, a, b);
        return new ItemTypes(Capacity, MaxItems, Weights, Demands, Members, apart);
    }

    /// <summary>The other branch: some bin holds one item of each, so they become one item that has the conflicts of both.</summary>
    /// <param name="a">A type.</param>
    /// <param name="b">Another, or the same where there are two of it.</param>
    /// <param name="newIndex">Where each old type stands now, or -1; at the end, where the new one does.</param>
    public ItemTypes Together(int a, int b, out int[] newIndex)
    {
        var demands = (long[])Demands.Clone();
        demands[a]--;
        demands[b]--;
        int[] members = [.. Members[a], .. Members[b]];
        Array.Sort(members);
        // Old types that are left, then the new one, in decreasing weight.
        var order = Enumerable.Range(0, Count).Where(i => demands[i] > 0).Append(Count).OrderByDescending(WeightOf).ToArray();
        newIndex = Array.ConvertAll(new int[Count + 1], _ => -1);
        for (var i = 0; i < order.Length; i++)
            newIndex[order[i]] = i;
        var apart = NewSets(order.Length);
        for (var i = 0; i < order.Length; i++)
            for (var j = i; j < order.Length; j++)
                if (Parts(order[i]).Any(x => Parts(order[j]).Any(y => Conflict(x, y))))
                    Set(apart, i, j);
        return new ItemTypes(
            Capacity, MaxItems, Array.ConvertAll(order, WeightOf), Array.ConvertAll(order, i => i < Count ? demands[i] : 1),
            Array.ConvertAll(order, i => i < Count ? Members[i] : members), apart);

        long WeightOf(int i) => i < Count ? Weights[i] : Weights[a] + Weights[b];

        int[] Parts(int i) => i < Count ? [i] : [a, b];
    }

    private static ulong[][] NewSets(int count)
    {
        var sets = new ulong[count][];
        for (var i = 0; i < count; i++)
            sets[i] = new ulong[(count + 63) >> 6];
        return sets;
    }

    private static void Set(ulong[][] sets, int a, int b)
    {
        sets[a][b >> 6] |= 1UL << (b & 63);
        sets[b][a >> 6] |= 1UL << (a & 63);
    }
}

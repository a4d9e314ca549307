namespace PackingKit;

/// <summary>
/// What the column engine packs: types of interchangeable items in decreasing weight, with how many there are of each, under one capacity.
/// Branching glues items into one of their summed weight and forbids pairs of types to share a bin.
/// </summary>
internal sealed class ItemTypes
{
    private readonly ulong[][]? _apart;

    private ItemTypes(long capacity, long maxItems, long[] weights, long[] demands, int[][] members, ulong[][]? apart)
    {
        (Capacity, MaxItems, Weights, Demands, Members, _apart) = (capacity, maxItems, weights, demands, members, apart);
        for (var i = 0; i < weights.Length; i++)
            (TotalWeight, ItemCount) = (TotalWeight + (weights[i] * demands[i]), ItemCount + (demands[i] * members[i].Length));
    }

    public long Capacity { get; }

    /// <summary>The most items that a bin may hold; <see cref="BinLimits.Unlimited"/> where the capacity alone decides.</summary>
    public long MaxItems { get; }

    public long[] Weights { get; }

    public long[] Demands { get; }

    /// <summary>For each type the types of the root problem that it is glued from (itself at the root).</summary>
    public int[][] Members { get; }

    public int Count => Weights.Length;

    public long TotalWeight { get; }

    public long ItemCount { get; }

    public bool HasConflicts => _apart is not null;

    /// <summary>The types of a histogram. Items of size 0 must have been taken out where there is no item limit.</summary>
    public static ItemTypes Of(SizeHistogram histogram, BinLimits limits)
    {
        var sizes = histogram.Sizes.ToArray();
        var capacity = limits.Capacity;
        var limited = sizes.Length > 0 && (sizes[^1] == 0 || capacity / sizes[^1] > limits.MaxItems);
        return new ItemTypes(
            capacity, limited ? limits.MaxItems : BinLimits.Unlimited, sizes, histogram.Counts.ToArray(),
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

    /// <summary>
    /// The most room that one of so many bins may leave empty where they hold everything; below 0 where they cannot.
    /// </summary>
    public long Waste(long bins) => (long)Int128.Clamp(((Int128)bins * Capacity) - TotalWeight, -1, Capacity);

    /// <summary>The same types with other demands.</summary>
    public ItemTypes Wanting(long[] demands) => new(Capacity, MaxItems, Weights, demands, Members, _apart);

    /// <summary>One branch: two types that never share a bin (for one type with itself: at most one of it in a bin).</summary>
    public ItemTypes Apart(int a, int b)
    {
        var apart = NewSets(Count);
        for (var i = 0; i < Count; i++)
            ConflictsOf(i).CopyTo(apart[i]);
        Set(apart, a, b);
        return new ItemTypes(Capacity, MaxItems, Weights, Demands, Members, apart);
    }

    /// <summary>
    /// The other branch, for any number of pairs: some bin holds one item of each, so they become one item that has the conflicts of both.
    /// </summary>
    /// <param name="pairs">Types, the same twice where there are two of it; no type in more than one pair.</param>
    /// <param name="newIndex">Where each old type stands now, or -1; after them, where the new ones do.</param>
    public ItemTypes Together(IReadOnlyList<(int A, int B)> pairs, out int[] newIndex)
    {
        var demands = (long[])Demands.Clone();
        foreach (var (a, b) in pairs)
        {
            demands[a]--;
            demands[b]--;
        }
        // Old types that are left and the new ones, in decreasing weight.
        var order = Enumerable.Range(0, Count).Where(i => demands[i] > 0).Concat(Enumerable.Range(Count, pairs.Count))
            .OrderByDescending(WeightOf).ToArray();
        newIndex = Array.ConvertAll(new int[Count + pairs.Count], _ => -1);
        for (var i = 0; i < order.Length; i++)
            newIndex[order[i]] = i;
        ulong[][]? apart = null;
        if (HasConflicts)
        {
            apart = NewSets(order.Length);
            for (var i = 0; i < order.Length; i++)
                for (var j = i; j < order.Length; j++)
                    if (AnyConflict(Parts(order[i]), Parts(order[j])))
                        Set(apart, i, j);
        }
        return new ItemTypes(
            Capacity, MaxItems, Array.ConvertAll(order, WeightOf), Array.ConvertAll(order, i => i < Count ? demands[i] : 1),
            Array.ConvertAll(order, MembersOf), apart);

        long WeightOf(int i) => i < Count ? Weights[i] : Weights[pairs[i - Count].A] + Weights[pairs[i - Count].B];

        (int, int) Parts(int i) => i < Count ? (i, i) : pairs[i - Count];

        bool AnyConflict((int A, int B) x, (int A, int B) y) =>
            Conflict(x.A, y.A) || Conflict(x.A, y.B) || Conflict(x.B, y.A) || Conflict(x.B, y.B);

        int[] MembersOf(int i)
        {
            if (i < Count)
                return Members[i];
            int[] members = [.. Members[pairs[i - Count].A], .. Members[pairs[i - Count].B]];
            Array.Sort(members);
            return members;
        }
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

namespace PackingKit;

/// <summary>
/// What the column engine packs: types of interchangeable items in decreasing weight, with how many there are of each, under one capacity.
/// Branching merges two items into one item of their summed weight, or forbids two types to share a bin.
/// </summary>
internal sealed class ItemTypes
{
    private readonly ulong[][]? _conflicts;

    private ItemTypes(
        long capacity, long maxItems, long[] weights, long[] demands, int[][] members, int[] numbers, ulong[][]? conflicts)
    {
        (Capacity, MaxItems, Weights, Demands) = (capacity, maxItems, weights, demands);
        (Members, Numbers, _conflicts) = (members, numbers, conflicts);
        for (var i = 0; i < weights.Length; i++)
            TotalWeight += weights[i] * demands[i];
    }

    public long Capacity { get; }

    /// <summary>The most items that a bin may hold; <see cref="BinLimits.Unlimited"/> where the capacity alone decides.</summary>
    public long MaxItems { get; }

    public long[] Weights { get; }

    public long[] Demands { get; }

    /// <summary>For each type the types of the root problem that it is merged from (itself at the root).</summary>
    public int[][] Members { get; }

    /// <summary>The number of each type that stays the same where others are merged, as in <see cref="Refutation"/>.</summary>
    public int[] Numbers { get; }

    public int Count => Weights.Length;

    public long TotalWeight { get; }

    public bool HasConflicts => _conflicts is not null;

    /// <summary>
    /// The types of a histogram, with <see cref="EquivalentSizes"/> for weights. Items of size 0 must have been taken out where there is no
    /// item limit.
    /// </summary>
    public static ItemTypes Of(SizeHistogram histogram, BinLimits limits)
    {
        var (sizes, capacity) = EquivalentSizes.Of(histogram.Sizes, histogram.Counts, limits.Capacity);
        var limited = sizes.Length > 0 && (sizes[^1] == 0 || capacity / sizes[^1] > limits.MaxItems);
        return new ItemTypes(
            capacity, limited ? limits.MaxItems : BinLimits.Unlimited, sizes, histogram.Counts.ToArray(),
            [.. Enumerable.Range(0, sizes.Length).Select(i => new[] { i })], [.. Enumerable.Range(0, sizes.Length)], null);
    }

    /// <summary>The most items of a type that one bin holds.</summary>
    public long CopiesThatFit(int type)
    {
        if (Conflict(type, type))
            return 1;
        var byItems = MaxItems / Members[type].Length;
        return Weights[type] == 0 ? byItems : Math.Min(byItems, Capacity / Weights[type]);
    }

    /// <summary>Whether no bin may hold an item of one type and another item of the other.</summary>
    public bool Conflict(int a, int b) => _conflicts is not null && (_conflicts[a][b >> 6] >> (b & 63) & 1) != 0;

    /// <summary>The types in conflict with one, as a bit set; empty where there are no conflicts.</summary>
    public ReadOnlySpan<ulong> ConflictsOf(int type) => _conflicts is null ? [] : _conflicts[type];

    /// <summary>
    /// The waste of a packing into <paramref name="bins"/> bins, and so the most that one of them may leave empty; at most the capacity,
    /// and below 0 where the bins cannot hold everything.
    /// </summary>
    public long Waste(long bins) => (long)Int128.Clamp(((Int128)bins * Capacity) - TotalWeight, -1, Capacity);

    public ItemTypes Wanting(long[] demands) => new(Capacity, MaxItems, Weights, demands, Members, Numbers, _conflicts);

    /// <summary>One branch: two types that never share a bin (for one type with itself: at most one of it in a bin).</summary>
    public ItemTypes Apart(int a, int b)
    {
        var conflicts = NewSets(Count);
        for (var i = 0; i < Count; i++)
            ConflictsOf(i).CopyTo(conflicts[i]);
        Set(conflicts, a, b);
        return new ItemTypes(Capacity, MaxItems, Weights, Demands, Members, Numbers, conflicts);
    }

    /// <summary>
    /// The other branch, for any number of pairs: some bin holds both items of a pair, so they become one item with the conflicts of both.
    /// </summary>
    /// <param name="pairs">Types, the same twice to merge two items of one type; no type in more than one pair.</param>
    /// <param name="newIndex">The new index of each old type, or -1 where none is left; then the new index of each merged pair.</param>
    public ItemTypes Together(IReadOnlyList<(int A, int B)> pairs, out int[] newIndex)
    {
        var demands = (long[])Demands.Clone();
        foreach (var (a, b) in pairs)
        {
            demands[a]--;
            demands[b]--;
        }
        // Pair p has the index Count + p. What is left of the old types and the pairs, in decreasing weight:
        var order = Enumerable.Range(0, Count).Where(i => demands[i] > 0).Concat(Enumerable.Range(Count, pairs.Count))
            .OrderByDescending(WeightOf).ToArray();
        newIndex = new int[Count + pairs.Count];
        Array.Fill(newIndex, -1);
        for (var i = 0; i < order.Length; i++)
            newIndex[order[i]] = i;
        ulong[][]? conflicts = null;
        if (HasConflicts)
        {
            conflicts = NewSets(order.Length);
            for (var i = 0; i < order.Length; i++)
                for (var j = i; j < order.Length; j++)
                    if (AnyConflict(Parts(order[i]), Parts(order[j])))
                        Set(conflicts, i, j);
        }
        return new ItemTypes(
            Capacity, MaxItems, Array.ConvertAll(order, WeightOf), Array.ConvertAll(order, i => i < Count ? demands[i] : 1),
            Array.ConvertAll(order, MembersOf), Array.ConvertAll(order, NumberOf), conflicts);

        long WeightOf(int i) => i < Count ? Weights[i] : Weights[pairs[i - Count].A] + Weights[pairs[i - Count].B];

        // The last merged type, if none else, is still there: the largest number is never used twice.
        int NumberOf(int i) => i < Count ? Numbers[i] : Numbers.Max() + 1 + i - Count;

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

    private static ulong[][] NewSets(int count) => [.. Enumerable.Range(0, count).Select(_ => new ulong[(count + 63) >> 6])];

    private static void Set(ulong[][] sets, int a, int b)
    {
        sets[a][b >> 6] |= 1UL << (b & 63);
        sets[b][a >> 6] |= 1UL << (a & 63);
    }
}

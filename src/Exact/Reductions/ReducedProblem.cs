namespace PackingKit;

/// <summary>What is left to search for once bins that some optimal packing has are fixed, by <see cref="DominanceReduction"/>.</summary>
internal sealed class ReducedProblem
{
    private readonly List<FixedBins> _fixed = [];

    public ReducedProblem(ItemTypes items, Func<bool> stop)
    {
        Items = items;
        if (items.MaxItems != BinLimits.Unlimited || items.HasConflicts)
            return;
        var left = (long[])items.Demands.Clone();
        List<(int, int, long)> bins = [];
        BinCount = DominanceReduction.Reduce(items.Weights, left, items.Capacity, stop, bins);
        foreach (var (first, second, count) in bins)
            _fixed.Add(new FixedBins(first, second < 0 ? null : second, count));
        if (BinCount > 0)
            Items = items.Wanting(left);
    }

    /// <summary>The same types with the demands that are left, some of them 0.</summary>
    public ItemTypes Items { get; }

    /// <summary>Number of bins fixed.</summary>
    public long BinCount { get; }

    /// <summary>A packing of what was left, together with the bins fixed.</summary>
    public List<(Pattern Pattern, long Bins)> Complete(IEnumerable<(Pattern Pattern, long Bins)> packing) =>
        [.. _fixed.Select(bins => (PatternOf(bins.First, bins.Second), bins.Bins)), .. packing];

    /// <summary>A proof by a tree of what is left.</summary>
    /// <param name="histogram">The sizes of the types.</param>
    /// <param name="bins">The number of bins refuted, those fixed included.</param>
    /// <param name="nodes">The tree.</param>
    public Refutation Refutation(SizeHistogram histogram, long bins, ValueList<RefutationNode> nodes) => new(
        bins, Items.Capacity,
        [.. Items.Weights.Select((weight, type) => new WeighedSize(histogram.Sizes[type], weight))], [.. _fixed], nodes);

    /// <summary>One or two items as a pattern.</summary>
    private static Pattern PatternOf(int first, int? second) =>
        second is not { } other ? new([first], [1])
        : first == other ? new([first], [2])
        : new([Math.Min(first, other), Math.Max(first, other)], [1, 1]);
}

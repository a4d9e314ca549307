namespace PackingKit;

/// <summary>What is left to search for once bins that some optimal packing has are fixed, by <see cref="DominanceReduction"/>.</summary>
internal sealed class ReducedProblem
{
    private readonly List<(Pattern Pattern, long Bins)> _fixed = [];

    public ReducedProblem(ItemTypes items, Func<bool> stop)
    {
        Items = items;
        if (items.MaxItems != BinLimits.Unlimited || items.HasConflicts)
            return;
        var left = (long[])items.Demands.Clone();
        List<(int, int, long)> bins = [];
        BinCount = DominanceReduction.Reduce(items.Weights, left, items.Capacity, stop, bins);
        foreach (var (first, second, count) in bins)
            _fixed.Add((PatternOf(first, second), count));
        if (BinCount > 0)
            Items = items.Wanting(left);
    }

    /// <summary>The same types with the demands that are left, some of them 0.</summary>
    public ItemTypes Items { get; }

    /// <summary>Number of bins fixed.</summary>
    public long BinCount { get; }

    /// <summary>A packing of what was left, together with the bins fixed.</summary>
    public List<(Pattern Pattern, long Bins)> Complete(IEnumerable<(Pattern Pattern, long Bins)> packing) => [.. _fixed, .. packing];

    /// <summary>One or two items as a pattern; the second type is -1 where there is one item.</summary>
    private static Pattern PatternOf(int first, int second) =>
        second < 0 ? new([first], [1])
        : first == second ? new([first], [2])
        : new([Math.Min(first, second), Math.Max(first, second)], [1, 1]);
}

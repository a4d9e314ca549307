namespace PackingKit;

/// <summary>What is left to search for once bins are fixed that some optimal packing has.</summary>
internal sealed class ReducedProblem
{
    private readonly List<(Pattern Pattern, long Bins)> _fixed = [];

    public ReducedProblem(ItemTypes items)
    {
        Items = items;
        if (items.MaxItems != BinLimits.Unlimited || items.HasConflicts)
            return;
        var left = (long[])items.Demands.Clone();
        List<(int, int, long)> bins = [];
        BinCount = DominanceReduction.Reduce(items.Weights, left, items.Capacity, bins);
        foreach (var (first, second, count) in bins)
            _fixed.Add((second < 0 ? new Pattern([first], [1])
                : first == second ? new Pattern([first], [2])
                : new Pattern([Math.Min(first, second), Math.Max(first, second)], [1, 1]), count));
        if (BinCount > 0)
            Items = items.Wanting(left);
    }

    /// <summary>The same types with fewer wanted, some none at all.</summary>
    public ItemTypes Items { get; }

    /// <summary>Number of bins fixed.</summary>
    public long BinCount { get; }

    /// <summary>A packing of what was left, together with the bins fixed.</summary>
    public List<(Pattern Pattern, long Bins)> Complete(IEnumerable<(Pattern Pattern, long Bins)> packing) => [.. _fixed, .. packing];
}

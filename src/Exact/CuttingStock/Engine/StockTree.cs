namespace PackingKit;

/// <summary>
/// Decides whether some bins of each class hold the items. They are packed as into bins of one capacity: each bin takes one filler, which
/// is larger than half of it and leaves what a bin of its class holds.
/// </summary>
internal sealed class StockTree
{
    private readonly int[] _classOf; // by filler, the largest filler first
    private readonly BranchAndPrice? _tree;

    /// <summary>A tree for a mix.</summary>
    /// <param name="problem">What is to be packed.</param>
    /// <param name="mix">Number of bins of each class.</param>
    /// <param name="patterns">Patterns to begin with.</param>
    /// <param name="context">Seed, linear solver, and when to stop.</param>
    public StockTree(
        StockProblem problem, long[] mix, IEnumerable<(int Class, Pattern Pattern)> patterns, SearchContext context)
    {
        _classOf = [.. Enumerable.Range(0, mix.Length).Where(at => mix[at] > 0).Reverse()];
        var largest = _classOf.Length == 0 ? 0 : problem.Classes[_classOf[^1]].Capacity;
        IsRefuted = largest < problem.Demands.Sizes[0];
        var bins = mix.Sum();
        if (IsRefuted || ((Int128)bins * ((2 * (Int128)largest) + 1)) + problem.Demands.TotalSize > long.MaxValue)
            return;
        var capacity = (2 * largest) + 1;
        var histogram = SizeHistogram.Trusted(
            [.. _classOf.Select(at => capacity - problem.Classes[at].Capacity), .. problem.Demands.Sizes],
            [.. _classOf.Select(at => mix[at]), .. problem.Counts]);
        var maxItems = problem.MaxItems == BinLimits.Unlimited ? BinLimits.Unlimited : problem.MaxItems + 1;
        _tree = new BranchAndPrice(
            ItemTypes.Of(histogram, new BinLimits(capacity, maxItems)), bins,
            patterns.Where(pattern => mix[pattern.Class] > 0).Select(pattern => new Pattern(
                [Array.IndexOf(_classOf, pattern.Class), .. pattern.Pattern.Types.Select(type => type + _classOf.Length)],
                [1, .. pattern.Pattern.Copies])),
            context);
    }

    /// <summary>Whether it is known from the start that the items do not fit.</summary>
    private bool IsRefuted { get; }

    /// <summary>Whether nothing is left to work on.</summary>
    public bool IsDone => _tree is null || _tree.IsDone;

    /// <summary>The packing, once there is one.</summary>
    public List<(int Class, Pattern Pattern, long Bins)>? Found { get; private set; }

    /// <summary>Goes on for a number of nodes.</summary>
    /// <returns>Whether there is a packing; <see langword="null"/> where that is not known yet, or not to be known.</returns>
    public bool? Decide(int nodes)
    {
        var decided = IsRefuted ? false : _tree?.Decide(nodes);
        if (decided == true)
            Found = [.. _tree!.Found!.Where(entry => entry.Pattern.Types.Length > 1).Select(entry => (
                _classOf[entry.Pattern.Types[0]],
                new Pattern([.. entry.Pattern.Types.Skip(1).Select(type => type - _classOf.Length)], [.. entry.Pattern.Copies.Skip(1)]),
                entry.Bins))];
        return decided;
    }
}

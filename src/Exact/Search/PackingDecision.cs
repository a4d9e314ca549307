namespace PackingKit;

/// <summary>Whether items fit into a number of bins: heuristics and bounds first, then the tree for just that number.</summary>
internal static class PackingDecision
{
    /// <summary>Decides.</summary>
    /// <param name="histogram">The items, none of size 0.</param>
    /// <param name="limits">What one bin takes.</param>
    /// <param name="bins">The number of bins.</param>
    /// <param name="context">Seed, linear solver, and when to stop.</param>
    /// <param name="patterns">What the bins hold, where there is a packing.</param>
    /// <returns>Whether there is a packing; <see langword="null"/> where that did not come out.</returns>
    public static bool? Fits(
        SizeHistogram histogram, BinLimits limits, long bins, SearchContext context, out IReadOnlyList<PackingPattern> patterns)
    {
        using var timer = context.StartTimer();
        var start = Automatic.Ladder.Climb(histogram, limits, progress: null, timer.Token, context.Cancellation);
        patterns = start.Plan.Patterns;
        if (start.BinCount <= bins)
            return true;
        if (start.Bound.Bins > bins)
            return false;
        if (context.Stop || histogram.DistinctCount > SearchTuning.MaxTypes)
            return null;

        var reduced = new ReducedProblem(ItemTypes.Of(histogram, limits), () => context.Stop);
        if (reduced.Items.Demands.All(demand => demand == 0))
        {
            patterns = Patterns(histogram, reduced.Complete([]));
            return reduced.BinCount <= bins;
        }
        var known = PartialPacking.FromPlan(histogram.Sizes, start.Plan.Patterns).Select(entry => entry.Pattern);
        var tree = new BranchAndPrice(reduced.Items, bins - reduced.BinCount, known, context);
        var decided = tree.Decide(int.MaxValue);
        if (decided == true)
            patterns = Patterns(histogram, reduced.Complete(tree.Found!));
        return decided;
    }

    private static List<PackingPattern> Patterns(SizeHistogram histogram, IEnumerable<(Pattern Pattern, long Bins)> packing) =>
    [
        .. packing.Select(entry => new PackingPattern(
            [.. entry.Pattern.Types.Zip(entry.Pattern.Copies, (type, copies) => new SizeCount(histogram.Sizes[type], copies))],
            entry.Bins)),
    ];
}

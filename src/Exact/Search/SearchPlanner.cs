namespace PackingKit;

/// <summary>
/// What <see cref="ExactPacking"/> and <see cref="TightPacking"/> share: checks, the search, and a plan of what it found.
/// </summary>
internal static class SearchPlanner
{
    public static PlanningResult Plan(
        string id, SizeHistogram histogram, BinLimits limits, SearchContext context, Action<PackingSearch> run)
    {
        LowerBounds.Check(histogram, limits);
        context.Cancellation.ThrowIfCancellationRequested();

        // Items of size 0 fit into any bin, unless bins are limited in number of items.
        var zeros = limits.HasItemLimit ? 0 : histogram.CountOf(0);
        var positive = zeros == 0 ? histogram
            : SizeHistogram.Trusted(histogram.Sizes[..^1].ToArray(), histogram.Counts[..^1].ToArray());
        if (positive.ItemCount == 0)
        {
            Placement[] all = zeros == 0 ? [] : [new Placement(0, 0, 1, zeros)];
            return Result(PackingPlan.Trusted(histogram, limits, all), new LowerBound(all.Length, BoundRule.L1), id, context);
        }

        var search = new PackingSearch(positive, limits, context);
        run(search);
        context.Cancellation.ThrowIfCancellationRequested();
        var plan = PackingPlan.Trusted(histogram, limits, Placements(positive, search.Packing, zeros));
        return Result(plan, search.Bound, id, context);
    }

    private static PlanningResult Result(PackingPlan plan, LowerBound bound, string id, SearchContext context) => new()
    {
        Plan = plan,
        Bound = bound,
        Strategy = id,
        StopReason = context.ReasonToStop(plan.BinCount == bound.Bins),
        Elapsed = context.Elapsed,
    };

    private static Placement[] Placements(SizeHistogram histogram, IReadOnlyList<(Pattern Pattern, long Bins)> packing, long zeros)
    {
        List<Placement> steps = [];
        long bin = 0;
        foreach (var (pattern, bins) in packing)
        {
            for (var i = 0; i < pattern.Types.Length; i++)
                steps.Add(new Placement(histogram.Sizes[pattern.Types[i]], bin, bins, pattern.Copies[i]));
            bin += bins;
        }
        if (zeros > 0)
            steps.Add(new Placement(0, 0, 1, zeros));
        return [.. steps.OrderByDescending(step => step.Size).ThenBy(step => step.FirstBin)];
    }
}

namespace PackingKit;

/// <summary>What the strategies that search by columns share: checks, the ladder, and a plan of what was found.</summary>
internal static class SearchPlanner
{
    public static PlanningResult Plan(
        string id, SizeHistogram histogram, BinLimits limits, SearchContext context, Action<PackingSearch> search)
    {
        LowerBounds.Check(histogram, limits);
        context.Cancellation.ThrowIfCancellationRequested();

        // Items of size 0 fit into any bin, unless bins are limited in number of items.
        var weightless = limits.HasItemLimit ? 0 : histogram.CountOf(0);
        var weighty = weightless == 0 ? histogram
            : SizeHistogram.Trusted(histogram.Sizes[..^1].ToArray(), histogram.Counts[..^1].ToArray());
        if (weighty.ItemCount == 0)
        {
            Placement[] all = weightless == 0 ? [] : [new Placement(0, 0, 1, weightless)];
            return new PlanningResult
            {
                Plan = PackingPlan.Trusted(histogram, limits, all),
                Bound = new LowerBound(all.Length, BoundRule.L1),
                Strategy = id,
                StopReason = StopReason.BoundReached,
                Elapsed = context.Elapsed,
            };
        }

        var run = new PackingSearch(weighty, limits, context);
        search(run);
        context.Cancellation.ThrowIfCancellationRequested();
        var plan = PackingPlan.Trusted(histogram, limits, Placements(weighty, run.Packing, weightless));
        return new PlanningResult
        {
            Plan = plan,
            Bound = run.Bound,
            Strategy = id,
            StopReason = plan.BinCount == run.Bound.Bins ? StopReason.BoundReached
                : context.TimeIsUp ? StopReason.TimeLimit : StopReason.WorkLimit,
            Elapsed = context.Elapsed,
        };
    }

    private static Placement[] Placements(SizeHistogram histogram, IReadOnlyList<(Pattern Pattern, long Bins)> packing, long weightless)
    {
        List<Placement> steps = [];
        long bin = 0;
        foreach (var (pattern, bins) in packing)
        {
            for (var i = 0; i < pattern.Types.Length; i++)
                steps.Add(new Placement(histogram.Sizes[pattern.Types[i]], bin, bins, pattern.Copies[i]));
            bin += bins;
        }
        if (weightless > 0)
            steps.Add(new Placement(0, 0, 1, weightless));
        return [.. steps.OrderByDescending(step => step.Size).ThenBy(step => step.FirstBin)];
    }
}

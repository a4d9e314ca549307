namespace PackingKit;

/// <summary>What the strategies that search by columns share: checks, the ladder, and a plan of what was found.</summary>
internal static class SearchPlanner
{
    public static PlanningResult Plan(
        string name, SizeHistogram histogram, long capacity, int? maxItemsPerBin, SearchContext context, Action<PackingSearch> search)
    {
        LowerBounds.Check(histogram, capacity, maxItemsPerBin);
        context.Cancellation.ThrowIfCancellationRequested();

        // Items of size 0 fit into any bin, unless bins are limited in number of items.
        var weightless = maxItemsPerBin is null ? histogram.CountOf(0) : 0;
        var weighty = weightless == 0 ? histogram
            : SizeHistogram.Trusted(histogram.Sizes[..^1].ToArray(), histogram.Counts[..^1].ToArray());
        if (weighty.ItemCount == 0)
        {
            Placement[] all = weightless == 0 ? [] : [new Placement(0, 0, 1, weightless)];
            return new PlanningResult(
                PackingPlan.Trusted(histogram, capacity, maxItemsPerBin, all), all.Length, "L1", name, StopReason.BoundReached, context.Elapsed);
        }

        var run = new PackingSearch(weighty, capacity, maxItemsPerBin, context);
        search(run);
        context.Cancellation.ThrowIfCancellationRequested();
        var plan = PackingPlan.Trusted(histogram, capacity, maxItemsPerBin, Placements(weighty, run.Packing, weightless));
        var reason = plan.BinCount == run.LowerBound ? StopReason.BoundReached
            : context.TimeIsUp ? StopReason.TimeLimit : StopReason.WorkLimit;
        return new PlanningResult(plan, run.LowerBound, run.Rule, name, reason, context.Elapsed) { Duals = run.Duals };
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

namespace PackingKit;

/// <summary>
/// What <see cref="ExactPacking"/> and <see cref="TightPacking"/> share: checks, the search, and a plan of what it found.
/// </summary>
internal static class SearchPlanner
{
    public static PlanningResult Plan(
        string name, SizeHistogram histogram, long capacity, int? maxItemsPerBin, SearchContext context, Action<PackingSearch> run)
    {
        LowerBounds.Check(histogram, capacity, maxItemsPerBin);
        context.Cancellation.ThrowIfCancellationRequested();

        // Items of size 0 fit into any bin, unless bins are limited in number of items.
        var zeros = maxItemsPerBin is null ? histogram.CountOf(0) : 0;
        var positive = zeros == 0 ? histogram
            : SizeHistogram.Trusted(histogram.Sizes[..^1].ToArray(), histogram.Counts[..^1].ToArray());
        if (positive.ItemCount == 0)
        {
            Placement[] all = zeros == 0 ? [] : [new Placement(0, 0, 1, zeros)];
            var trivial = PackingPlan.Trusted(histogram, capacity, maxItemsPerBin, all);
            return new PlanningResult(trivial, all.Length, "L1", name, StopReason.BoundReached, context.Elapsed);
        }

        var search = new PackingSearch(positive, capacity, maxItemsPerBin, context);
        run(search);
        context.Cancellation.ThrowIfCancellationRequested();
        var plan = PackingPlan.Trusted(histogram, capacity, maxItemsPerBin, Placements(positive, search.Packing, zeros));
        var reason = context.ReasonToStop(plan.BinCount == search.LowerBound);
        return new PlanningResult(plan, search.LowerBound, search.Rule, name, reason, context.Elapsed) { Duals = search.Duals };
    }

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

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
            var all = WithZeros([], zeros);
            return Result(PackingPlan.Trusted(histogram, limits, all), new LowerBound(all.Length, BoundRule.L1), id, context);
        }

        var start = Heuristics(positive, limits, context);
        if (start.Gap == 0 || context.Stop || positive.DistinctCount > SearchTuning.MaxTypes)
            return Result(PackingPlan.Trusted(histogram, limits, WithZeros(start.Plan.Placements, zeros)), start.Bound, id, context);

        var search = new PackingSearch(start, context);
        run(search);
        context.Cancellation.ThrowIfCancellationRequested();
        return Result(PackingPlan.Trusted(histogram, limits, Placements(positive, search.Packing, zeros)), search.Bound, id, context);
    }

    /// <summary>The cheap ladder, with prices where L1 is the bound: by size itself a bin holds no more than its capacity.</summary>
    private static PlanningResult Heuristics(SizeHistogram histogram, BinLimits limits, SearchContext context)
    {
        using var timer = context.StartTimer();
        var start = Automatic.Ladder.Climb(histogram, limits, progress: null, timer.Token, context.Cancellation);
        context.Report("heuristics", start.BinCount, start.Bound.Bins);
        return Integers.CeilingDivide(histogram.TotalSize, limits.Capacity) != start.Bound.Bins ? start : start with
        {
            Bound = start.Bound with
            {
                Prices = new DualPrices([.. histogram.Sizes], [.. histogram.Sizes], limits.Capacity, start.Bound.Bins),
            },
        };
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
        return WithZeros([.. steps.OrderByDescending(step => step.Size).ThenBy(step => step.FirstBin)], zeros);
    }

    private static Placement[] WithZeros(ReadOnlySpan<Placement> steps, long zeros) =>
        zeros > 0 ? [.. steps, new Placement(0, 0, 1, zeros)] : [.. steps];
}

namespace PackingKit.Testing.Tests;

/// <summary>The same on a histogram: it plans a bin for every item, and with a fault it breaks the promises of a plan.</summary>
internal sealed class PlannedOnePerBin(string fault = "") : IPlanningStrategy
{
    public string Id => "planned-one-per-bin";

    public PackingResult Pack(
        PackingProblem problem, IProgress<PackingProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(problem);
        var planned = Plan(problem.Histogram, problem.Limits, progress, cancellationToken);
        var packing = planned.Plan.Deal(problem);
        return new PackingResult
        {
            Problem = problem,
            Packing = fault == "packs what it did not plan"
                ? Packing.FromAssignment([.. Enumerable.Range(0, problem.ItemCount)], problem.ItemCount) : packing,
            Bound = fault == "bounds what it did not plan" ? new LowerBound(0, "none") : planned.Bound,
            Strategy = Id,
        };
    }

    public PlanningResult Plan(
        SizeHistogram histogram, BinLimits limits,
        IProgress<PackingProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        if (fault == "plans for null")
            histogram ??= SizeHistogram.Of([1]);
        if (fault == "plans without limits" && limits == default)
            limits = 10;
        ArgumentNullException.ThrowIfNull(histogram);
        if (fault == "plans sizes above the capacity" && limits.Capacity > 0 && histogram.DistinctCount > 0)
            limits = new(Math.Max(limits.Capacity, histogram.Sizes[0]), limits.MaxItems);
        cancellationToken.ThrowIfCancellationRequested();
        var bound = LowerBounds.Best(histogram, limits);
        List<Placement> steps = [];
        long bins = 0;
        for (var i = 0; i < histogram.DistinctCount; bins += histogram.Counts[i++])
            steps.Add(new Placement(histogram.Sizes[i], bins, histogram.Counts[i], CopiesPerBin: 1));
        progress?.Report(new PackingProgress("done", bins, bound.Bins, TimeSpan.Zero));
        return new PlanningResult { Plan = PackingPlan.FromPlacements(histogram, limits, steps), Bound = bound, Strategy = Id };
    }
}

using System.Diagnostics;

namespace PackingKit;

/// <summary>What the offline strategies share: plan on the histogram, bound, deal.</summary>
internal static class Planning
{
    public delegate List<Placement> Kernel(SizeHistogram histogram, long capacity, long maxItemsPerBin);

    public static PackingResult Pack(
        IPlanningStrategy strategy, PackingProblem problem, IProgress<PackingProgress>? progress, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(problem);
        cancellationToken.ThrowIfCancellationRequested();
        var clock = Stopwatch.StartNew();
        var result = strategy.Plan(problem.Histogram, problem.Capacity, problem.MaxItemsPerBin, progress, cancellationToken);
        var packing = result.Plan.Deal(problem);
        return new PackingResult(packing, result.Plan, result.LowerBound, result.BoundRule, result.Strategy, result.StopReason, clock.Elapsed) { Duals = result.Duals };
    }

    public static PlanningResult Plan(
        string name, Kernel kernel, SizeHistogram histogram, long capacity, int? maxItemsPerBin, CancellationToken cancellationToken)
    {
        var clock = Stopwatch.StartNew();
        var bound = LowerBounds.Best(histogram, capacity, maxItemsPerBin); // checks the arguments
        cancellationToken.ThrowIfCancellationRequested();
        var plan = PackingPlan.Trusted(histogram, capacity, maxItemsPerBin, kernel(histogram, capacity, maxItemsPerBin ?? long.MaxValue));
        return new PlanningResult(plan, bound.Bins, bound.Rule, name, StopReason.Completed, clock.Elapsed);
    }
}

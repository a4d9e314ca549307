namespace PackingKit;

/// <summary>A plan with what is known of it.</summary>
/// <param name="Plan">The plan; it covers every item of the histogram within the limits.</param>
/// <param name="LowerBound">No packing has fewer bins than this.</param>
/// <param name="BoundRule">The rule that proved <paramref name="LowerBound"/>: "L1", "L2", "cp-sat".</param>
/// <param name="Strategy">Name of the strategy.</param>
/// <param name="StopReason">Why the strategy stopped.</param>
/// <param name="Elapsed">Time that planning and bounding took.</param>
public sealed record PlanningResult(
    PackingPlan Plan, long LowerBound, string BoundRule, string Strategy, StopReason StopReason, TimeSpan Elapsed)
{
    /// <summary>The prices that prove <see cref="LowerBound"/>, where the rule has such; a certificate carries them on.</summary>
    public DualBound? Duals { get; init; }

    /// <summary>Bins beyond the lower bound; 0 proves the plan optimal.</summary>
    public long Gap => Plan.BinCount - LowerBound;

    /// <summary><see cref="PackingStatus.Optimal"/> whenever the number of bins equals the lower bound.</summary>
    public PackingStatus Status => Gap == 0 ? PackingStatus.Optimal : PackingStatus.Feasible;
}

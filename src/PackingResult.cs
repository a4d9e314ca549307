namespace PackingKit;

/// <summary>A packing that explains itself: how far from optimal it can be, by which rule, and why the strategy stopped.</summary>
/// <param name="Packing">The packing; it satisfies the problem.</param>
/// <param name="Plan">The plan that the items were dealt from, or <see langword="null"/> where items were assigned directly.</param>
/// <param name="LowerBound">No packing has fewer bins than this.</param>
/// <param name="BoundRule">The rule that proved <paramref name="LowerBound"/>: "L1", "L2", "cp-sat".</param>
/// <param name="Strategy">Name of the strategy.</param>
/// <param name="StopReason">Why the strategy stopped.</param>
/// <param name="Elapsed">Time that packing and bounding took.</param>
public sealed record PackingResult(
    Packing Packing, PackingPlan? Plan, long LowerBound, string BoundRule, string Strategy, StopReason StopReason, TimeSpan Elapsed)
{
    /// <summary>The prices that prove <see cref="LowerBound"/>, where the rule has such; a certificate carries them on.</summary>
    public DualBound? Duals { get; init; }

    /// <summary>Number of bins.</summary>
    public int BinCount => Packing.BinCount;

    /// <summary>Bins beyond the lower bound; 0 proves the packing optimal.</summary>
    public long Gap => BinCount - LowerBound;

    /// <summary><see cref="PackingStatus.Optimal"/> whenever the number of bins equals the lower bound, whoever found either.</summary>
    public PackingStatus Status => Gap == 0 ? PackingStatus.Optimal : PackingStatus.Feasible;
}

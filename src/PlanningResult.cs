namespace PackingKit;

/// <summary>A plan with what is known of it.</summary>
[DebuggerDisplay("{ToString(),nq}")]
public sealed record PlanningResult
{
    /// <summary>The plan; it covers every item of its histogram within its limits.</summary>
    public required PackingPlan Plan { get; init; }

    /// <summary>No packing has fewer bins than this bound.</summary>
    public required LowerBound Bound { get; init; }

    /// <summary>Id of the strategy.</summary>
    public required string Strategy { get; init; }

    /// <summary>Why the strategy stopped.</summary>
    public StopReason StopReason { get; init; }

    /// <summary>Time that planning and bounding took.</summary>
    public TimeSpan Elapsed { get; init; }

    /// <summary>Number of bins.</summary>
    public long BinCount => Plan.BinCount;

    /// <summary>
    /// Bins beyond the lower bound; 0 proves the plan optimal. Below 0 only where a strategy of the caller's own states a bound above its
    /// bins: the bound is wrong then, and nothing is proved.
    /// </summary>
    public long Gap => BinCount - Bound.Bins;

    /// <summary><see cref="PackingStatus.Optimal"/> whenever the number of bins equals the lower bound.</summary>
    public PackingStatus Status => Gap == 0 ? PackingStatus.Optimal : PackingStatus.Feasible;

    /// <summary>"245 bins, bound 245 (L2)".</summary>
    public override string ToString() => $"{Plural.Of(BinCount, "bin")}, bound {Bound}";
}

namespace PackingKit;

/// <summary>A pattern for one kind of bin.</summary>
/// <param name="Bin">Index of the kind of bin.</param>
/// <param name="Pattern">What each of the bins holds, in decreasing size, and how many there are.</param>
public sealed record CutPattern(int Bin, PackingPattern Pattern);

/// <summary>A plan over bins of several kinds, with its cost and a bound on it.</summary>
/// <param name="Patterns">How the bins are filled; together they hold every item exactly once.</param>
/// <param name="Cost">What the bins cost in all.</param>
/// <param name="LowerBound">No plan costs less.</param>
/// <param name="StopReason">Why the search stopped.</param>
/// <param name="Elapsed">Time that the search took.</param>
public sealed record CuttingStockResult(
    ValueList<CutPattern> Patterns, long Cost, long LowerBound, StopReason StopReason, TimeSpan Elapsed)
{
    /// <summary>Cost beyond the lower bound; 0 proves the plan cheapest.</summary>
    public long Gap => Cost - LowerBound;

    /// <summary><see cref="PackingStatus.Optimal"/> whenever the cost equals the lower bound.</summary>
    public PackingStatus Status => Gap == 0 ? PackingStatus.Optimal : PackingStatus.Feasible;
}

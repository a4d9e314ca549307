namespace PackingKit;

/// <summary>One way to fill a kind of bin, and the number of bins filled that way.</summary>
/// <param name="Bin">Index of the kind of bin.</param>
/// <param name="Items">Size and number of copies, in decreasing size.</param>
/// <param name="Multiplicity">How many bins, at least 1.</param>
public sealed record CutPattern(int Bin, ValueList<SizeCount> Items, long Multiplicity);

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

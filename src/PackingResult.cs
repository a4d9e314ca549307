using System.Globalization;

namespace PackingKit;

/// <summary>
/// A packing that explains itself: of which problem, how far from optimal it can be, by which rule, and why the strategy stopped.
/// </summary>
[DebuggerDisplay("{ToString(),nq}")]
public sealed record PackingResult
{
    /// <summary>What was packed.</summary>
    public required PackingProblem Problem { get; init; }

    /// <summary>The packing; it satisfies <see cref="Problem"/>.</summary>
    public required Packing Packing { get; init; }

    /// <summary>The plan that the items were dealt from, or <see langword="null"/> where items were assigned directly.</summary>
    public PackingPlan? Plan { get; init; }

    /// <summary>No packing has fewer bins than this bound.</summary>
    public required LowerBound Bound { get; init; }

    /// <summary>Id of the strategy.</summary>
    public required string Strategy { get; init; }

    /// <summary>Why the strategy stopped.</summary>
    public StopReason StopReason { get; init; }

    /// <summary>Time that packing and bounding took.</summary>
    public TimeSpan Elapsed { get; init; }

    /// <summary>Number of bins.</summary>
    public int BinCount => Packing.BinCount;

    /// <summary>
    /// Bins beyond the lower bound; 0 proves the packing optimal. Below 0 only where a strategy of the caller's own states a bound above
    /// its bins: the bound is wrong then, and nothing is proved.
    /// </summary>
    public long Gap => BinCount - Bound.Bins;

    /// <summary><see cref="PackingStatus.Optimal"/> whenever the number of bins equals the lower bound, whoever found either.</summary>
    public PackingStatus Status => Gap == 0 ? PackingStatus.Optimal : PackingStatus.Feasible;

    /// <summary>Share of the capacity of all bins that items fill, from 0 to 1; 1 where there are no bins.</summary>
    public double Fill => BinCount == 0 ? 1 : Problem.TotalSize / ((double)BinCount * Problem.Capacity);

    /// <summary>The sum of the sizes of one bin's items. O(items in the bin).</summary>
    /// <param name="bin">From 0 to <see cref="BinCount"/> - 1.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="bin"/> is outside that range.</exception>
    public long Load(int bin)
    {
        long load = 0;
        foreach (var item in Packing[bin])
            load += Problem[item];
        return load;
    }

    /// <summary>"245 bins, bound 245 (L2), fill 99.75 %".</summary>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{Plural.Of(BinCount, "bin")}, bound {Bound}, fill {100 * Fill:0.00} %");
}

namespace PackingKit;

/// <summary>What one strategy did in a study.</summary>
public sealed record StrategyTrial
{
    /// <summary>Which strategy.</summary>
    public required StrategyInfo Strategy { get; init; }

    /// <summary>Number of bins.</summary>
    public required long Bins { get; init; }

    /// <summary>The bound that it proved.</summary>
    public required LowerBound Bound { get; init; }

    /// <summary>Bins above the best bound of the study; 0 proves them the fewest.</summary>
    public long Gap { get; init; }

    /// <summary>Why it stopped.</summary>
    public required StopReason StopReason { get; init; }

    /// <summary>How full the bins are, in the unit of the sizes.</summary>
    public required Distribution Loads { get; init; }

    /// <summary>Mean share of the capacity that items fill, from 0 to 1; 1 where there are no bins.</summary>
    public required double Fill { get; init; }

    /// <summary>The share of the capacity that no item fills.</summary>
    public double Padding => 1 - Fill;

    /// <summary>How long it took: of packing items where there are any, of planning where only the histogram is known.</summary>
    public required TrialTime Time { get; init; }

    /// <summary>Its median time over that of the fastest strategy of the study; at least 1.</summary>
    public double RelativeTime { get; init; } = 1;

    /// <summary>The time of parts of the input, by their number of items; empty for searches.</summary>
    public ValueList<GrowthPoint> Growth { get; init; } = [];

    /// <summary>
    /// e where the time grows with the number of items as n^e, the line through the logarithms of <see cref="Growth"/>;
    /// <see langword="null"/> where there are too few points. About 1 for one pass over the items, 0 where only the sizes count.
    /// </summary>
    public double? GrowthExponent { get; init; }

    /// <summary>How the bins depend on the order of the items; <see langword="null"/> where they do not.</summary>
    public OrderDependence? Order { get; init; }

    /// <summary>Incumbents and bounds of a search, in the order in which they came.</summary>
    public ValueList<PackingProgress> Progress { get; init; } = [];

    /// <summary>What the bins hold by size; <see langword="null"/> where items were assigned directly.</summary>
    public PackingPlan? Plan { get; init; }

    /// <summary>What is proved of it in general, the smallest factor of those there are; <see langword="null"/> where nothing is.</summary>
    public ProvedRatio? Guarantee => Strategy.Guarantees.Count == 0 ? null
        : Strategy.Guarantees.MinBy(ratio => ratio.Numerator / (double)ratio.Denominator);
}

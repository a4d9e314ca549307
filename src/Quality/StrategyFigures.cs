namespace PackingKit;

/// <summary>Figures of one strategy over all problems of a comparison.</summary>
public sealed record StrategyFigures
{
    /// <summary>Id of the strategy.</summary>
    public required string Strategy { get; init; }

    /// <summary>Number of problems.</summary>
    public required int Problems { get; init; }

    /// <summary>Bins over all problems.</summary>
    public required long Bins { get; init; }

    /// <summary>Bins above the best lower bound that any of the strategies proved, over all problems.</summary>
    public required long Gap { get; init; }

    /// <summary>Number of problems where that gap is 0.</summary>
    public required int Optimal { get; init; }

    /// <summary>Mean share of the capacity that items fill, from 0 to 1.</summary>
    public required double MeanFill { get; init; }

    /// <summary>Median time for a problem.</summary>
    public required double MedianMilliseconds { get; init; }

    /// <summary>Time that 95 of 100 problems stay below.</summary>
    public required double Percentile95Milliseconds { get; init; }

    /// <summary>The longest time for a problem.</summary>
    public required double MaxMilliseconds { get; init; }
}

using MathNet.Numerics.Statistics;

namespace PackingKit;

/// <summary>How values are spread: of the sizes of items, or of the loads of bins. Zero throughout where there are none.</summary>
/// <remarks>Percentiles are values that occur (nearest rank): the smallest one that so many of a hundred do not exceed.</remarks>
public sealed record Distribution
{
    /// <summary>Number of values.</summary>
    public required long Count { get; init; }

    /// <summary>Their mean.</summary>
    public required double Mean { get; init; }

    /// <summary>Their standard deviation (population).</summary>
    public required double StandardDeviation { get; init; }

    /// <summary>The smallest.</summary>
    public required long Min { get; init; }

    /// <summary>One of a hundred is at most this.</summary>
    public required long Percentile1 { get; init; }

    /// <summary>One of ten is at most this.</summary>
    public required long Percentile10 { get; init; }

    /// <summary>A quarter is at most this.</summary>
    public required long LowerQuartile { get; init; }

    /// <summary>Half is at most this.</summary>
    public required long Median { get; init; }

    /// <summary>Three quarters are at most this.</summary>
    public required long UpperQuartile { get; init; }

    /// <summary>Nine of ten are at most this.</summary>
    public required long Percentile90 { get; init; }

    /// <summary>All but one of a hundred are at most this.</summary>
    public required long Percentile99 { get; init; }

    /// <summary>The largest.</summary>
    public required long Max { get; init; }

    /// <summary>The distribution of counted values. O(D), however many there are of each.</summary>
    public static Distribution Of(SizeHistogram values)
    {
        ArgumentNullException.ThrowIfNull(values);
        var weighted = new RunningWeightedStatistics();
        foreach (var (value, count) in values.Pairs())
            weighted.Push(count, value);
        var any = values.ItemCount > 0;
        return new Distribution
        {
            Count = values.ItemCount,
            Mean = any ? weighted.Mean : 0,
            StandardDeviation = any ? weighted.PopulationStandardDeviation : 0,
            Min = any ? values.Sizes[^1] : 0,
            Percentile1 = At(1),
            Percentile10 = At(10),
            LowerQuartile = At(25),
            Median = At(50),
            UpperQuartile = At(75),
            Percentile90 = At(90),
            Percentile99 = At(99),
            Max = any ? values.Sizes[0] : 0,
        };

        long At(int percent)
        {
            // Sizes decrease, so what is to be at most the value is counted from the end.
            Int128 below = 0, rank = (Int128)values.ItemCount * percent;
            for (var i = values.DistinctCount - 1; i >= 0; i--)
                if ((below += (Int128)values.Counts[i] * 100) >= rank)
                    return values.Sizes[i];
            return 0;
        }
    }
}

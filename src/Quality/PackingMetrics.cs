using MathNet.Numerics.Statistics;

namespace PackingKit;

/// <summary>Figures of a packing.</summary>
public sealed record PackingMetrics
{
    /// <summary>Number of bins.</summary>
    public required int BinCount { get; init; }

    /// <summary>Number of items.</summary>
    public required int ItemCount { get; init; }

    /// <summary>The sum of all sizes.</summary>
    public required long TotalSize { get; init; }

    /// <summary>Bins times capacity: what was paid for.</summary>
    public required Int128 TotalCapacity { get; init; }

    /// <summary>No packing has fewer bins than this bound.</summary>
    public required LowerBound Bound { get; init; }

    /// <summary>Mean load of a bin; 0 where there are none.</summary>
    public required double LoadMean { get; init; }

    /// <summary>Standard deviation of the loads over all bins (population); 0 where there are none.</summary>
    public required double LoadStandardDeviation { get; init; }

    /// <summary>The smallest load; 0 where there are no bins.</summary>
    public required long MinLoad { get; init; }

    /// <summary>The largest load; 0 where there are no bins.</summary>
    public required long MaxLoad { get; init; }

    /// <summary>Share of the capacity that items fill, from 0 to 1; 1 where there are no bins.</summary>
    public double Fill => TotalCapacity == 0 ? 1 : TotalSize / (double)TotalCapacity;

    /// <summary>Capacity that no item fills.</summary>
    public Int128 Waste => TotalCapacity - TotalSize;

    /// <summary>Bins beyond the lower bound.</summary>
    public long Gap => BinCount - Bound.Bins;

    /// <summary>The figures of a result, measured against the bound that it carries. O(n + bins).</summary>
    public static PackingMetrics Of(PackingResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        return Of(result.Problem, result.Packing, result.Bound);
    }

    /// <summary>The figures of any packing of a problem, measured against the best cheap bound. O(n + bins).</summary>
    /// <exception cref="ArgumentException">The packing has another number of items than the problem.</exception>
    public static PackingMetrics Of(PackingProblem problem, Packing packing)
    {
        ArgumentNullException.ThrowIfNull(problem);
        ArgumentNullException.ThrowIfNull(packing);
        if (packing.ItemCount != problem.ItemCount)
            throw new ArgumentException($"The packing has {packing.ItemCount} items, the problem {problem.ItemCount}.", nameof(packing));
        return Of(problem, packing, LowerBounds.Best(problem.Histogram, problem.Limits));
    }

    private static PackingMetrics Of(PackingProblem problem, Packing packing, LowerBound bound)
    {
        long[] loads = [.. packing.Bins.Select(bin => bin.Sum(item => problem[item]))];
        var values = Array.ConvertAll(loads, load => (double)load);
        var any = loads.Length > 0;
        return new PackingMetrics
        {
            BinCount = packing.BinCount,
            ItemCount = packing.ItemCount,
            TotalSize = problem.TotalSize,
            TotalCapacity = (Int128)packing.BinCount * problem.Capacity,
            Bound = bound,
            LoadMean = any ? ArrayStatistics.Mean(values) : 0,
            LoadStandardDeviation = any ? ArrayStatistics.PopulationStandardDeviation(values) : 0,
            MinLoad = loads.DefaultIfEmpty().Min(),
            MaxLoad = loads.DefaultIfEmpty().Max(),
        };
    }
}

using MathNet.Numerics.Statistics;

namespace PackingKit;

/// <summary>Figures of a packing.</summary>
/// <param name="BinCount">Number of bins.</param>
/// <param name="ItemCount">Number of items.</param>
/// <param name="TotalSize">The sum of all sizes.</param>
/// <param name="Slots">Bins times capacity: the room that was paid for.</param>
/// <param name="LowerBound">The best cheap lower bound on the number of bins.</param>
/// <param name="LoadMean">Mean load of a bin; 0 where there are none.</param>
/// <param name="LoadStandardDeviation">Standard deviation of the loads over all bins (population); 0 where there are none.</param>
/// <param name="LoadMinimum">The least load; 0 where there are no bins.</param>
/// <param name="LoadMaximum">The largest load; 0 where there are no bins.</param>
public sealed record PackingMetrics(
    int BinCount, int ItemCount, long TotalSize, Int128 Slots, long LowerBound,
    double LoadMean, double LoadStandardDeviation, long LoadMinimum, long LoadMaximum)
{
    /// <summary>Share of the room that items fill, from 0 to 1; 1 where there are no bins.</summary>
    public double Fill => Slots == 0 ? 1 : TotalSize / (double)Slots;

    /// <summary>Room that no item fills.</summary>
    public Int128 Padding => Slots - TotalSize;

    /// <summary>Bins beyond the lower bound.</summary>
    public long Gap => BinCount - LowerBound;

    /// <summary>The figures of a packing. O(n + bins).</summary>
    /// <exception cref="ArgumentException">The packing has another number of items than the problem.</exception>
    public static PackingMetrics Of(PackingProblem problem, Packing packing)
    {
        ArgumentNullException.ThrowIfNull(problem);
        ArgumentNullException.ThrowIfNull(packing);
        if (packing.ItemCount != problem.ItemCount)
            throw new ArgumentException($"The packing has {packing.ItemCount} items, the problem {problem.ItemCount}.", nameof(packing));
        var loads = new double[packing.BinCount];
        long least = packing.BinCount == 0 ? 0 : long.MaxValue, most = 0;
        foreach (var bin in packing.Bins)
        {
            var load = bin.Load(problem);
            loads[bin.Index] = load;
            (least, most) = (Math.Min(least, load), Math.Max(most, load));
        }
        var any = loads.Length > 0;
        return new PackingMetrics(
            packing.BinCount, packing.ItemCount, problem.TotalSize, (Int128)packing.BinCount * problem.Capacity,
            LowerBounds.Best(problem.Histogram, problem.Capacity, problem.MaxItemsPerBin).Bins,
            any ? ArrayStatistics.Mean(loads) : 0, any ? ArrayStatistics.PopulationStandardDeviation(loads) : 0, least, most);
    }
}

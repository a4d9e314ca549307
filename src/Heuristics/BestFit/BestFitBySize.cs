namespace PackingKit;

/// <summary>
/// Best-fit decreasing over runs by residual capacity, then bin index. A bin that is the best for a size only gets fuller, so it stays the
/// best for that size until it takes no more.
/// </summary>
internal static class BestFitBySize
{
    public static void Plan(
        ReadOnlySpan<long> sizes, ReadOnlySpan<long> counts, BinLimits limits, ref PooledList<Placement> steps,
        CancellationToken cancellationToken)
    {
        if (limits.Capacity <= ResidualClasses.MaxCapacity)
            Plan(sizes, counts, limits, ref steps, new ResidualClasses(limits.Capacity), cancellationToken);
        else
            Plan(sizes, counts, limits, ref steps, new ResidualTree(), cancellationToken);
    }

    public static void Plan<TIndex>(
        ReadOnlySpan<long> sizes, ReadOnlySpan<long> counts, BinLimits limits, ref PooledList<Placement> steps,
        TIndex open, CancellationToken cancellationToken)
        where TIndex : struct, IResidualIndex
    {
        long bins = 0;
        for (var i = 0; i < sizes.Length; i++)
        {
            OfflineHeuristic.ThrowIfCancelled(i, cancellationToken);
            var (size, items) = (sizes[i], counts[i]);
            while (items > 0)
            {
                if (!open.TryTakeMin(size, out var run))
                {
                    run = RunFiller.NewBins(bins, size, items, limits);
                    bins += run.Bins;
                }
                var fitting = RunFiller.Fill(run, size, items, ref steps);
                items -= fitting.Placed;
                open.Keep(fitting, sizes[^1]);
            }
        }
        open.Dispose();
    }
}

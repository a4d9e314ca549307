namespace PackingKit;

/// <summary>
/// Worst-fit decreasing over runs by decreasing residual capacity, then bin index: the emptiest bins take one item each, in turn.
/// </summary>
internal static class WorstFitBySize
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
                var fresh = !open.TryTakeMax(size, out var run);
                if (fresh)
                {
                    run = RunFiller.NewBins(bins, size, items, limits);
                    bins += run.Bins;
                }
                // New bins come where no other fits, so each stays the emptiest until it is full. A bin that takes items of size 0 stays
                // so as well. A single bin takes items in one step as long as it stays the emptiest.
                var next = run.Bins == 1 && !fresh ? open.MaxResidual() : run.Residual;
                var fitting = fresh || size == 0 ? RunFiller.Fill(run, size, items, ref steps)
                    : run.Residual - size > next
                    ? RunFiller.Fill(run, size, Math.Min(items, Integers.CeilingDivide(run.Residual - next, size)), ref steps)
                    : RunFiller.OneEach(run, size, items, ref steps);
                items -= fitting.Placed;
                open.Keep(fitting, sizes[^1]);
            }
        }
        open.Dispose();
    }
}

namespace PackingKit.Kernels;

/// <summary>
/// Best-fit decreasing over runs by room, then bin index: a bin that is best for a size stays best until it takes no more.
/// </summary>
internal static class BestFitRuns
{
    public static void Plan(
        ReadOnlySpan<long> sizes, ReadOnlySpan<long> counts, long capacity, long maxItemsPerBin, ref PooledList<Placement> steps)
    {
        if (capacity <= RoomClasses.MostCapacity)
            Plan(sizes, counts, capacity, maxItemsPerBin, ref steps, new RoomClasses(capacity));
        else
            Plan(sizes, counts, capacity, maxItemsPerBin, ref steps, new RoomTree());
    }

    public static void Plan<TIndex>(
        ReadOnlySpan<long> sizes, ReadOnlySpan<long> counts, long capacity, long maxItemsPerBin, ref PooledList<Placement> steps,
        TIndex open)
        where TIndex : struct, IRoomIndex
    {
        long bins = 0;
        for (var i = 0; i < sizes.Length; i++)
        {
            var (size, items) = (sizes[i], counts[i]);
            while (items > 0)
            {
                if (!open.TryTakeLeast(size, out var run))
                {
                    run = RunFitting.NewBins(bins, size, items, capacity, maxItemsPerBin);
                    bins += run.Bins;
                }
                var fitting = RunFitting.Fill(run, size, items, ref steps);
                items -= fitting.Placed;
                open.Keep(fitting, sizes[^1]);
            }
        }
        open.Dispose();
    }
}

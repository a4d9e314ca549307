namespace PackingKit.Kernels;

/// <summary>Worst-fit decreasing over runs by decreasing room, then bin index: the emptiest bins take one item each, in turn.</summary>
internal static class WorstFitRuns
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
                var fresh = !open.TryTakeMost(size, out var run);
                if (fresh)
                {
                    run = RunFitting.NewBins(bins, size, items, capacity, maxItemsPerBin);
                    bins += run.Bins;
                }
                // New bins come where no other fits, so each stays the emptiest until it is full; a bin that takes items of size 0 stays so as well.
                var fitting = fresh || size == 0
                    ? RunFitting.Fill(run, size, items, ref steps)
                    : RunFitting.OneEach(run, size, items, ref steps);
                items -= fitting.Placed;
                open.Keep(fitting, sizes[^1]);
            }
        }
        open.Dispose();
    }
}

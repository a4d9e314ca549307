namespace PackingKit;

/// <summary>First-fit decreasing over runs in bin order: as many items of each size as fit go into each run, first run first.</summary>
internal static class FirstFitBySize
{
    public static void Plan(
        ReadOnlySpan<long> sizes, ReadOnlySpan<long> counts, BinLimits limits, ref PooledList<Placement> steps,
        CancellationToken cancellationToken)
    {
        using var open = new RunBlocks();
        long bins = 0;
        for (var i = 0; i < sizes.Length; i++)
        {
            OfflineHeuristic.ThrowIfCancelled(i, cancellationToken);
            var (size, items) = (sizes[i], counts[i]);
            RunBlocks.Position at = default;
            while (items > 0 && open.Find(ref at, size))
            {
                var fitting = RunFiller.Fill(open[at], size, items, ref steps);
                items -= fitting.Placed;
                open.Replace(ref at, fitting, sizes[^1]);
            }
            if (items > 0)
            {
                var fresh = RunFiller.NewBins(bins, size, items, limits);
                bins += fresh.Bins;
                open.Append(RunFiller.Fill(fresh, size, items, ref steps), sizes[^1]);
            }
        }
    }
}

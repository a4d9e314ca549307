namespace PackingKit;

/// <summary>Next-fit decreasing over runs: what the last bin still takes, then new bins.</summary>
internal static class NextFitBySize
{
    public static void Plan(
        ReadOnlySpan<long> sizes, ReadOnlySpan<long> counts, BinLimits limits, ref PooledList<Placement> steps,
        CancellationToken cancellationToken)
    {
        var last = new Run(0, 1, -1, 0);
        long bins = 0;
        for (var i = 0; i < sizes.Length; i++)
        {
            OfflineHeuristic.ThrowIfCancelled(i, cancellationToken);
            var (size, items) = (sizes[i], counts[i]);
            if (last.Takes(size) > 0)
            {
                var fitting = RunFiller.Fill(last, size, items, ref steps);
                items -= fitting.Placed;
                last = Last(fitting);
            }
            if (items > 0)
            {
                var fresh = RunFiller.NewBins(bins, size, items, limits);
                bins += fresh.Bins;
                last = Last(RunFiller.Fill(fresh, size, items, ref steps));
            }
        }
    }

    /// <summary>Only the last bin stays open.</summary>
    private static Run Last(in Fitting fitting)
    {
        var run = fitting.Partial.Bins > 0 ? fitting.Partial : fitting.Filled;
        return run.Part(run.Bins - 1, 1, 0, 0);
    }
}

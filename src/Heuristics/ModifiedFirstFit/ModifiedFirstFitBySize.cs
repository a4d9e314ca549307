namespace PackingKit;

/// <summary>
/// Modified first-fit decreasing: items above half a bin get company on purpose, one of medium size or two
/// small ones, before the rest goes first-fit.
/// </summary>
internal static class ModifiedFirstFitBySize
{
    public static void Plan(
        ReadOnlySpan<long> sizes, ReadOnlySpan<long> counts, BinLimits limits, ref PooledList<Placement> steps,
        CancellationToken cancellationToken)
    {
        var classes = new Classes(sizes, limits.Capacity);
        var pool = new ItemPool(sizes, counts);
        var paired = new PooledList<PairedRun>(64);
        long bins = 0;
        for (var type = 0; type < classes.Medium; type++)
        {
            OfflineHeuristic.ThrowIfCancelled(type, cancellationToken);
            Take(pool, type, counts[type], ref steps, new Placement(sizes[type], bins, counts[type], 1));
            var run = new Run(bins, counts[type], limits.Capacity - sizes[type], limits.MaxItems - 1);
            WithMedium(sizes, run, classes, pool, ref paired, ref steps);
            bins += counts[type];
        }
        WithTwoSmall(sizes, ref paired, classes, pool, ref steps, cancellationToken);
        FillUp(paired.Items, pool, ref steps, cancellationToken);
        Rest(sizes, pool.Left, bins, limits, ref steps, cancellationToken);
        ItemPool.Order(ref steps);
        paired.Dispose();
        pool.Dispose();
    }

    /// <summary>
    /// Forward: each bin takes the largest medium item that fits. Adds the runs that come of it, a run with one more item as such.
    /// </summary>
    private static void WithMedium(
        ReadOnlySpan<long> sizes, Run run, Classes classes, in ItemPool pool, ref PooledList<PairedRun> paired,
        ref PooledList<Placement> steps)
    {
        while (run.Bins > 0 && run.ItemsLeft > 0 && pool.Fitting(run.Residual, classes.Medium) is var type && type < classes.Small)
        {
            var times = Math.Min(run.Bins, pool.Left[type]);
            Take(pool, type, times, ref steps, new Placement(sizes[type], run.FirstBin, times, 1));
            paired.Add(new PairedRun(run.Part(0, times, sizes[type], 1), true));
            run = run.Part(times, run.Bins - times, 0, 0);
        }
        if (run.Bins > 0)
            paired.Add(new PairedRun(run, false));
    }

    /// <summary>
    /// Backward, over bins without a medium item: the smallest small item and the largest small one that fits beside it, where two fit.
    /// </summary>
    private static void WithTwoSmall(
        ReadOnlySpan<long> sizes, ref PooledList<PairedRun> runs, Classes classes, in ItemPool pool, ref PooledList<Placement> steps,
        CancellationToken cancellationToken)
    {
        for (var i = runs.Count - 1; i >= 0; i--)
        {
            OfflineHeuristic.ThrowIfCancelled(i, cancellationToken);
            var (run, paired) = runs.Items[i];
            while (!paired && run.Bins > 0 && run.ItemsLeft > 1 && pool.Smallest(classes.Small, classes.Tiny) is >= 0 and var small)
            {
                pool.Left[small]--; // set aside, so that the other is another item
                var large = pool.Fitting(run.Residual - sizes[small], classes.Small);
                pool.Left[small]++;
                if (large >= classes.Tiny)
                    break;
                var times = Math.Min(run.Bins, large == small ? pool.Left[small] / 2 : Math.Min(pool.Left[small], pool.Left[large]));
                // From behind: the last bins of the run are met first.
                var first = run.FirstBin + run.Bins - times;
                var filled = run.Part(run.Bins - times, times, sizes[small] + sizes[large], 1);
                if (large == small)
                {
                    Take(pool, small, 2 * times, ref steps, new Placement(sizes[small], first, times, 2));
                }
                else
                {
                    Take(pool, small, times, ref steps, new Placement(sizes[small], first, times, 1));
                    Take(pool, large, times, ref steps, new Placement(sizes[large], first, times, 1));
                }
                run = run with { Bins = run.Bins - times };
                runs.Items[i] = new PairedRun(run, false);
                runs.Insert(i + 1, new PairedRun(filled with { ItemsLeft = filled.ItemsLeft - 1 }, true));
            }
        }
    }

    /// <summary>Forward over all bins: the largest item that fits, again and again.</summary>
    private static void FillUp(
        ReadOnlySpan<PairedRun> runs, in ItemPool pool, ref PooledList<Placement> steps, CancellationToken cancellationToken)
    {
        var content = new BinContent();
        foreach (var (whole, _) in runs)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var run = whole;
            while (run.Bins > 0)
            {
                content.Clear();
                var (residual, itemsLeft) = (run.Residual, run.ItemsLeft);
                pool.TakeLargest(ref residual, ref itemsLeft, ref content);
                if (content.Entries.IsEmpty)
                    break;
                var times = pool.Repeat(content, run.FirstBin, run.Bins, ref steps);
                run = run.Part(times, run.Bins - times, 0, 0);
            }
        }
        content.Dispose();
    }

    /// <summary>What is left goes into new bins, first-fit in decreasing size.</summary>
    private static void Rest(
        ReadOnlySpan<long> sizes, ReadOnlySpan<long> left, long bins, BinLimits limits, ref PooledList<Placement> steps,
        CancellationToken cancellationToken)
    {
        var restSizes = new PooledList<long>(64);
        var restCounts = new PooledList<long>(64);
        for (var type = 0; type < left.Length; type++)
        {
            if (left[type] == 0)
                continue;
            restSizes.Add(sizes[type]);
            restCounts.Add(left[type]);
        }
        var first = steps.Count;
        FirstFitBySize.Plan(restSizes.Items, restCounts.Items, limits, ref steps, cancellationToken);
        foreach (ref var step in steps.Items[first..])
            step = step with { FirstBin = step.FirstBin + bins };
        restSizes.Dispose();
        restCounts.Dispose();
    }

    private static void Take(in ItemPool pool, int type, long items, ref PooledList<Placement> steps, Placement step)
    {
        pool.Left[type] -= items;
        steps.Add(step);
    }

    /// <summary>Bins of large items, and whether they have had their company.</summary>
    private readonly record struct PairedRun(Run Run, bool Paired);

    /// <summary>First types of at most a half, a third and a sixth of a bin.</summary>
    private readonly struct Classes
    {
        public readonly int Medium, Small, Tiny;

        public Classes(ReadOnlySpan<long> sizes, long capacity)
        {
            foreach (var size in sizes)
            {
                Medium += size > capacity / 2 ? 1 : 0;
                Small += size > capacity / 3 ? 1 : 0;
                Tiny += size > capacity / 6 ? 1 : 0;
            }
        }
    }
}

namespace PackingKit.Kernels;

/// <summary>Modified first-fit decreasing: items above half a bin get company on purpose, one of medium size or two small ones, before the rest goes first-fit.</summary>
internal static class ModifiedFirstFitRuns
{
    public static void Plan(
        ReadOnlySpan<long> sizes, ReadOnlySpan<long> counts, long capacity, long maxItemsPerBin, ref PooledList<Placement> steps)
    {
        var classes = new Classes(sizes, capacity);
        var pool = new ItemPool(sizes, counts);
        var runs = new List<Run>();
        long bins = 0;
        for (var type = 0; type < classes.Medium; type++)
        {
            Take(ref pool, type, counts[type], ref steps, new Placement(sizes[type], bins, counts[type], 1));
            runs.Add(new Run(bins, counts[type], capacity - sizes[type], maxItemsPerBin - 1));
            bins += counts[type];
        }
        var paired = WithMedium(sizes, runs, classes, ref pool, ref steps);
        WithTwoSmall(sizes, paired, classes, ref pool, ref steps);
        FillUp(paired, ref pool, ref steps);

        // What is left goes into new bins, first-fit in decreasing size.
        var rest = new PooledList<Placement>(64);
        var present = Enumerable.Range(0, pool.Left.Length).Where(IsLeft(pool.Left)).ToArray();
        FirstFitRuns.Plan(Pick(sizes, present), Pick(pool.Left, present), capacity, maxItemsPerBin, ref rest);
        foreach (var step in rest.Items)
            steps.Add(step with { FirstBin = step.FirstBin + bins });
        rest.Dispose();
        ItemPool.Order(ref steps);
    }

    /// <summary>Forward: each bin takes the largest medium item that fits. Tells the runs that come of it, a run with one more item as such.</summary>
    private static List<(Run Run, bool Paired)> WithMedium(
        ReadOnlySpan<long> sizes, List<Run> runs, Classes classes, ref ItemPool pool, ref PooledList<Placement> steps)
    {
        var result = new List<(Run, bool)>();
        foreach (var whole in runs)
        {
            var run = whole;
            while (run.Bins > 0 && run.Slots > 0 && pool.Fitting(run.Room, classes.Medium) is var type && type < classes.Small)
            {
                var times = Math.Min(run.Bins, pool.Left[type]);
                Take(ref pool, type, times, ref steps, new Placement(sizes[type], run.FirstBin, times, 1));
                result.Add((run.Part(0, times, sizes[type], 1), true));
                run = run.Part(times, run.Bins - times, 0, 0);
            }
            if (run.Bins > 0)
                result.Add((run, false));
        }
        return result;
    }

    /// <summary>Backward, over bins without a medium item: the smallest small item and the largest small one that fits beside it, where two fit.</summary>
    private static void WithTwoSmall(
        ReadOnlySpan<long> sizes, List<(Run Run, bool Paired)> runs, Classes classes, ref ItemPool pool, ref PooledList<Placement> steps)
    {
        for (var i = runs.Count - 1; i >= 0; i--)
        {
            var (run, paired) = runs[i];
            while (!paired && run.Bins > 0 && run.Slots > 1 && pool.Smallest(classes.Small, classes.Tiny) is >= 0 and var small)
            {
                pool.Left[small]--; // set aside, so that the other is another item
                var large = pool.Fitting(run.Room - sizes[small], classes.Small);
                pool.Left[small]++;
                if (large >= classes.Tiny)
                    break;
                var times = Math.Min(run.Bins, large == small ? pool.Left[small] / 2 : Math.Min(pool.Left[small], pool.Left[large]));
                // From behind: the last bins of the run are met first.
                var first = run.FirstBin + run.Bins - times;
                var filled = run.Part(run.Bins - times, times, sizes[small] + sizes[large], 1);
                if (large == small)
                {
                    Take(ref pool, small, 2 * times, ref steps, new Placement(sizes[small], first, times, 2));
                }
                else
                {
                    Take(ref pool, small, times, ref steps, new Placement(sizes[small], first, times, 1));
                    Take(ref pool, large, times, ref steps, new Placement(sizes[large], first, times, 1));
                }
                run = run with { Bins = run.Bins - times };
                runs[i] = (run, false);
                runs.Insert(i + 1, (filled with { Slots = filled.Slots - 1 }, true));
            }
        }
    }

    /// <summary>Forward over all bins: the largest item that fits, again and again.</summary>
    private static void FillUp(List<(Run Run, bool Paired)> runs, ref ItemPool pool, ref PooledList<Placement> steps)
    {
        var content = new List<(int Type, long Copies)>();
        foreach (var (whole, _) in runs)
        {
            var run = whole;
            while (run.Bins > 0)
            {
                content.Clear();
                var (room, slots) = (run.Room, run.Slots);
                pool.TakeLargest(ref room, ref slots, content);
                if (content.Count == 0)
                    break;
                var times = pool.Repeat(content, run.FirstBin, run.Bins, ref steps);
                run = run.Part(times, run.Bins - times, 0, 0);
            }
        }
    }

    private static void Take(ref ItemPool pool, int type, long items, ref PooledList<Placement> steps, Placement step)
    {
        pool.Left[type] -= items;
        steps.Add(step);
    }

    private static Func<int, bool> IsLeft(long[] left) => type => left[type] > 0;

    private static long[] Pick(ReadOnlySpan<long> values, int[] indices)
    {
        var picked = new long[indices.Length];
        for (var i = 0; i < picked.Length; i++)
            picked[i] = values[indices[i]];
        return picked;
    }

    /// <summary>First types of at most a half, a third and a sixth of a bin.</summary>
    private readonly struct Classes
    {
        public Classes(ReadOnlySpan<long> sizes, long capacity)
        {
            foreach (var size in sizes)
            {
                Medium += size > capacity / 2 ? 1 : 0;
                Small += size > capacity / 3 ? 1 : 0;
                Tiny += size > capacity / 6 ? 1 : 0;
            }
        }

        public int Medium { get; }

        public int Small { get; }

        public int Tiny { get; }
    }
}

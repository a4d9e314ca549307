namespace PackingKit.Kernels;

/// <summary>First-fit decreasing over runs in bin order: each size takes what the runs have room for, first run first.</summary>
internal static class FirstFitRuns
{
    public static List<Placement> Plan(SizeHistogram histogram, long capacity, long maxItemsPerBin)
    {
        List<Placement> steps = [];
        List<Run> runs = [], next = [];
        long bins = 0;
        for (var i = 0; i < histogram.DistinctCount; i++)
        {
            var (size, items) = (histogram.Sizes[i], histogram.Counts[i]);
            next.Clear();
            foreach (var run in runs)
            {
                if (items > 0 && run.Takes(size) > 0)
                    items -= RunFitting.Fill(run, size, items, steps, next);
                else
                    next.Add(run);
            }
            if (items > 0)
            {
                var fresh = RunFitting.NewBins(bins, size, items, capacity, maxItemsPerBin);
                bins += fresh.Bins;
                RunFitting.Fill(fresh, size, items, steps, next);
            }
            (runs, next) = (next, runs);
        }
        return steps;
    }
}

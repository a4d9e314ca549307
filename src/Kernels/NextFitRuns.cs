namespace PackingKit.Kernels;

/// <summary>Next-fit decreasing over runs: what the last bin still takes, then new bins.</summary>
internal static class NextFitRuns
{
    public static List<Placement> Plan(SizeHistogram histogram, long capacity, long maxItemsPerBin)
    {
        List<Placement> steps = [];
        List<Run> parts = [];
        var last = new Run(0, 1, -1, 0);
        long bins = 0;
        for (var i = 0; i < histogram.DistinctCount; i++)
        {
            var (size, items) = (histogram.Sizes[i], histogram.Counts[i]);
            if (last.Takes(size) > 0)
            {
                items -= RunFitting.Fill(last, size, items, steps, parts);
                last = parts[^1];
            }
            if (items > 0)
            {
                var fresh = RunFitting.NewBins(bins, size, items, capacity, maxItemsPerBin);
                bins += fresh.Bins;
                RunFitting.Fill(fresh, size, items, steps, parts);
                // Only the last bin stays open.
                last = parts[^1].Part(parts[^1].Bins - 1, 1, size, 0);
            }
            parts.Clear();
        }
        return steps;
    }
}

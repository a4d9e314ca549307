namespace PackingKit.Kernels;

/// <summary>Best-fit decreasing over runs keyed by room, then bin index: a bin that is best for a size stays best until it takes no more.</summary>
internal static class BestFitRuns
{
    public static List<Placement> Plan(SizeHistogram histogram, long capacity, long maxItemsPerBin)
    {
        List<Placement> steps = [];
        List<Run> parts = [];
        var open = new SortedSet<Run>(Comparer<Run>.Create((a, b) => a.Room != b.Room ? a.Room.CompareTo(b.Room) : a.FirstBin.CompareTo(b.FirstBin)));
        long bins = 0;
        for (var i = 0; i < histogram.DistinctCount; i++)
        {
            var (size, items) = (histogram.Sizes[i], histogram.Counts[i]);
            var last = new Run(long.MaxValue, 0, long.MaxValue, 0);
            while (items > 0 && open.GetViewBetween(new Run(0, 0, size, 0), last).Min is { Bins: > 0 } run)
            {
                open.Remove(run);
                items -= RunFitting.Fill(run, size, items, steps, parts);
            }
            if (items > 0)
            {
                var fresh = RunFitting.NewBins(bins, size, items, capacity, maxItemsPerBin);
                bins += fresh.Bins;
                RunFitting.Fill(fresh, size, items, steps, parts);
            }
            foreach (var part in parts)
                if (part.Slots > 0)
                    open.Add(part);
            parts.Clear();
        }
        return steps;
    }
}

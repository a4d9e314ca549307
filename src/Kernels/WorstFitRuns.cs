namespace PackingKit.Kernels;

/// <summary>Worst-fit decreasing over runs keyed by decreasing room, then bin index: the emptiest bins take one item each, in turn.</summary>
internal static class WorstFitRuns
{
    public static List<Placement> Plan(SizeHistogram histogram, long capacity, long maxItemsPerBin)
    {
        List<Placement> steps = [];
        List<Run> parts = [];
        var open = new SortedSet<Run>(Comparer<Run>.Create((a, b) => a.Room != b.Room ? b.Room.CompareTo(a.Room) : a.FirstBin.CompareTo(b.FirstBin)));
        long bins = 0;
        for (var i = 0; i < histogram.DistinctCount; i++)
        {
            var (size, items) = (histogram.Sizes[i], histogram.Counts[i]);
            while (items > 0)
            {
                var run = open.Min; // Bins is 0 where none is open
                var fresh = run.Bins == 0 || run.Room < size;
                if (fresh)
                {
                    run = RunFitting.NewBins(bins, size, items, capacity, maxItemsPerBin);
                    bins += run.Bins;
                }
                else
                {
                    open.Remove(run);
                }
                // New bins come where no other fits, so each stays the emptiest until it is full; a bin that takes items of size 0 stays so as well.
                items -= fresh || size == 0
                    ? RunFitting.Fill(run, size, items, steps, parts)
                    : OneEach(run, size, items, steps, parts);
                foreach (var part in parts)
                    if (part.Slots > 0)
                        open.Add(part);
                parts.Clear();
            }
        }
        return steps;
    }

    private static long OneEach(Run run, long size, long items, List<Placement> steps, List<Run> parts)
    {
        var bins = Math.Min(run.Bins, items);
        steps.Add(new Placement(size, run.FirstBin, bins, 1));
        parts.Add(run.Part(0, bins, size, 1));
        if (bins < run.Bins)
            parts.Add(run.Part(bins, run.Bins - bins, size, 0));
        return bins;
    }
}

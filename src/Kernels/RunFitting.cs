namespace PackingKit.Kernels;

/// <summary>Puts items of one size into a run, or into new bins, as full as they get and in bin order; tells of the runs that come of it.</summary>
internal static class RunFitting
{
    /// <summary>Places up to <paramref name="items"/> items; at most three runs come of it: filled, one partly filled, untouched.</summary>
    public static long Fill(Run run, long size, long items, List<Placement> steps, List<Run> parts)
    {
        var copies = run.Takes(size);
        var full = Math.Min(run.Bins, items / copies);
        long used = full, placed = full * copies;
        if (full > 0)
        {
            steps.Add(new Placement(size, run.FirstBin, full, copies));
            parts.Add(run.Part(0, full, size, copies));
        }
        if (used < run.Bins && placed < items)
        {
            var rest = items - placed;
            steps.Add(new Placement(size, run.FirstBin + used, 1, rest));
            parts.Add(run.Part(used, 1, size, rest));
            (used, placed) = (used + 1, items);
        }
        if (used < run.Bins)
            parts.Add(run.Part(used, run.Bins - used, size, 0));
        return placed;
    }

    /// <summary>As many new bins as the items need.</summary>
    public static Run NewBins(long firstBin, long size, long items, long capacity, long maxItemsPerBin)
    {
        var one = new Run(firstBin, 1, capacity, maxItemsPerBin);
        var copies = one.Takes(size);
        return one with { Bins = ((items - 1) / copies) + 1 };
    }
}

namespace PackingKit;

/// <summary>What comes of putting items of one size into a run: at most three runs, in bin order, of 0 bins where there is none.</summary>
/// <param name="Placed">Number of items that found a place.</param>
/// <param name="Filled">Bins that took as many as they can.</param>
/// <param name="Partial">At most one bin that took fewer, because no more were left.</param>
/// <param name="Untouched">Bins that took none.</param>
internal readonly record struct Fitting(long Placed, Run Filled, Run Partial, Run Untouched);

/// <summary>Puts items of one size into a run, or into new bins.</summary>
internal static class RunFiller
{
    /// <summary>Each bin as full as it gets, in bin order.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static Fitting Fill(in Run run, long size, long items, ref PooledList<Placement> steps)
    {
        var copies = run.Takes(size);
        var full = Math.Min(run.Bins, copies == 1 ? items : items / copies); // divisions are what this costs
        long used = full, placed = full * copies;
        Run filled = default, partial = default;
        if (full > 0)
        {
            steps.Add(new Placement(size, run.FirstBin, full, copies));
            filled = run.Part(0, full, size, copies);
        }
        if (used < run.Bins && placed < items)
        {
            var rest = items - placed;
            steps.Add(new Placement(size, run.FirstBin + used, 1, rest));
            partial = run.Part(used, 1, size, rest);
            (used, placed) = (used + 1, items);
        }
        return new Fitting(placed, filled, partial, run.Part(used, run.Bins - used, size, 0));
    }

    /// <summary>One item into each bin, in bin order.</summary>
    public static Fitting OneEach(in Run run, long size, long items, ref PooledList<Placement> steps)
    {
        var bins = Math.Min(run.Bins, items);
        steps.Add(new Placement(size, run.FirstBin, bins, 1));
        return new Fitting(bins, run.Part(0, bins, size, 1), default, run.Part(bins, run.Bins - bins, size, 0));
    }

    /// <summary>As many new bins as the items need.</summary>
    public static Run NewBins(long firstBin, long size, long items, BinLimits limits)
    {
        var one = new Run(firstBin, 1, limits.Capacity, limits.MaxItems);
        var copies = one.Takes(size);
        return one with { Bins = ((items - 1) / copies) + 1 };
    }
}

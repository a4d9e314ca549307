namespace PackingKit;

/// <summary>
/// Gives every bin its least load: a bin that lacks something is emptied into the others, or filled from bins that can spare what it
/// takes. Where that fails, all units are dealt anew over more bins, each into the emptiest that takes it.
/// </summary>
internal static class MinLoadRepair
{
    /// <summary>Numbers of bins that units are dealt over before it gives up.</summary>
    private const int MaxDeals = 16;

    /// <summary>Most steps, units times bins, of one deal: a tenth of a second, about.</summary>
    private const long MaxDealSteps = 1 << 26;

    /// <summary>The bin of each unit, bins without gaps; <see langword="null"/> where no way was found.</summary>
    public static int[]? Run(RuledBins bins, PackingUnits units, CancellationToken cancellationToken)
    {
        if (Mend(bins, units, cancellationToken))
            return WithoutGaps(bins.BinOf);
        var most = Math.Min(Math.Min(units.Problem.MaxBins, units.Count), MaxDealSteps / Math.Max(1, units.Count));
        for (long count = 1 + bins.BinOf.Distinct().Count(), deals = 0; count <= most && deals < MaxDeals; count++, deals++)
            if (Deal(units, (int)count, cancellationToken) is { } dealt && Mend(dealt, units, cancellationToken))
                return WithoutGaps(dealt.BinOf);
        return null;
    }

    private static bool Mend(RuledBins bins, PackingUnits units, CancellationToken cancellationToken)
    {
        var order = units.Decreasing();
        for (var bin = 0; bin < bins.Count; bin++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (bins.ItemsIn(bin) > 0 && !bins.HasMinLoads(bin) && !TryEmpty(bin) && !TryFill(bin))
                return false;
        }
        // A bin that took from others left them what they need, and one that was emptied only gave.
        return true;

        bool TryEmpty(int bin)
        {
            int[] inside = [.. order.Where(unit => bins.BinOf[unit] == bin)];
            var moved = 0;
            foreach (var unit in inside)
            {
                bins.Remove(unit);
                bins.Aim(unit);
                var to = 0;
                while (to < bins.Count && (to == bin || bins.ItemsIn(to) == 0 || !bins.Takes(to, unit)))
                    to++;
                bins.Put(unit, to < bins.Count ? to : bin);
                if (to == bins.Count)
                    break;
                moved++;
            }
            if (moved == inside.Length)
                return true;
            foreach (var unit in inside[..moved])
            {
                bins.Remove(unit);
                bins.Put(unit, bin);
            }
            return false;
        }

        bool TryFill(int bin)
        {
            foreach (var unit in order)
            {
                var from = bins.BinOf[unit];
                if (from == bin || !bins.HasMinLoads(from, units.SizesOf(unit)))
                    continue;
                bins.Aim(unit);
                if (!bins.Takes(bin, unit))
                    continue;
                bins.Remove(unit);
                bins.Put(unit, bin);
                if (bins.HasMinLoads(bin))
                    return true;
            }
            return false;
        }
    }

    /// <summary>All units, the largest first, each into the emptiest of some bins that takes it; null where one fits nowhere.</summary>
    private static RuledBins? Deal(PackingUnits units, int count, CancellationToken cancellationToken)
    {
        var (bins, measure) = (new RuledBins(units), units.Problem.Measure);
        for (var bin = 0; bin < count; bin++)
            bins.Open();
        foreach (var unit in units.Decreasing())
        {
            cancellationToken.ThrowIfCancellationRequested();
            bins.Aim(unit);
            var (emptiest, most) = (RuledBins.None, double.NegativeInfinity);
            for (var bin = 0; bin < count; bin++)
                if (measure.Of(bins.RoomOf(bin)) is var room && room > most && bins.Takes(bin, unit))
                    (emptiest, most) = (bin, room);
            if (emptiest == RuledBins.None)
                return null;
            bins.Put(unit, emptiest);
        }
        return bins;
    }

    private static int[] WithoutGaps(int[] binOf)
    {
        var number = binOf.Distinct().Order().Select((bin, index) => (bin, index)).ToDictionary(pair => pair.bin, pair => pair.index);
        return Array.ConvertAll(binOf, bin => number[bin]);
    }
}

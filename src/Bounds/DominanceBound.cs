namespace PackingKit;

/// <summary>
/// L3: bins that can be fixed without loss, then L2 of what is left; again with the smallest size left out, until nothing is left. A bin {j, i} loses nothing where
/// i, the largest item that fits beside j, fills the bin, or is at least as large as any pair that fits and no three do: whatever else stood beside j can
/// change places with i.
/// </summary>
internal static class DominanceBound
{
    public static long Compute(SizeHistogram histogram, long capacity)
    {
        // Items of size 0 would fit into a bin that is fixed: they are left out from the start.
        var positive = histogram.Sizes.Length > 0 && histogram.Sizes[^1] == 0 ? histogram.Sizes[..^1] : histogram.Sizes;
        var sizes = positive.ToArray();
        var left = histogram.Counts[..sizes.Length].ToArray();
        long fixedBins = 0, best = 0;
        for (var end = sizes.Length; end > 0; end--)
        {
            if (left[end - 1] == 0)
                continue;
            fixedBins += Reduce(sizes, left, capacity);
            best = Math.Max(best, fixedBins + MartelloTothBound.Compute(Rest(sizes, left), capacity, maxItemsPerBin: null));
            left[end - 1] = 0;
        }
        return best;
    }

    /// <summary>Fixes bins as long as some can be, and takes their items out.</summary>
    private static long Reduce(ReadOnlySpan<long> sizes, Span<long> left, long capacity)
    {
        long bins = 0, before;
        do
        {
            before = bins;
            for (var item = 0; item < sizes.Length; item++)
                while (left[item] > 0 && TryFix(sizes, left, capacity, item) is > 0 and var more)
                    bins += more;
        }
        while (bins > before);
        return bins;
    }

    /// <summary>Fixes bins that begin with one size, all alike, and tells how many.</summary>
    private static long TryFix(ReadOnlySpan<long> sizes, Span<long> left, long capacity, int item)
    {
        left[item]--;
        var room = capacity - sizes[item];
        var partner = 0; // the largest that fits, larger than the item or not
        while (partner < sizes.Length && (left[partner] == 0 || sizes[partner] > room))
            partner++;
        if (partner == sizes.Length)
        {
            var alone = left[item] + 1;
            left[item] = 0;
            return alone;
        }
        if (sizes[partner] != room && !Dominates(sizes, left, partner, room))
        {
            left[item]++;
            return 0;
        }
        // Taking items out makes nothing fit better: the same bin can be fixed again while both sizes last.
        left[partner]--;
        var again = item == partner ? left[item] / 2 : Math.Min(left[item], left[partner]);
        left[item] -= again;
        left[partner] -= again;
        return 1 + again;
    }

    /// <summary>Whether no three items fit into the room and no pair that fits is larger than the partner.</summary>
    private static bool Dominates(ReadOnlySpan<long> sizes, ReadOnlySpan<long> left, int partner, long room)
    {
        Int128 three = 0;
        var missing = 3L;
        for (var i = sizes.Length - 1; i >= 0 && missing > 0; i--)
        {
            var taken = Math.Min(left[i], missing);
            three += (Int128)taken * sizes[i];
            missing -= taken;
        }
        if (missing == 0 && three <= room)
            return false;
        var (large, small) = (partner, sizes.Length - 1);
        while (large <= small)
        {
            if (left[large] == 0)
                large++;
            else if (left[small] == 0 || (large == small && left[large] < 2))
                small--;
            else if (sizes[large] > room - sizes[small])
                large++;
            else if (sizes[large] + sizes[small] > sizes[partner])
                return false;
            else
                small--;
        }
        return true;
    }

    private static SizeHistogram Rest(ReadOnlySpan<long> sizes, ReadOnlySpan<long> left)
    {
        List<long> kept = [], counts = [];
        for (var i = 0; i < sizes.Length; i++)
        {
            if (left[i] == 0)
                continue;
            kept.Add(sizes[i]);
            counts.Add(left[i]);
        }
        return SizeHistogram.Trusted([.. kept], [.. counts]);
    }
}

namespace PackingKit.Kernels;

/// <summary>
/// Bins one after the other, each begun with the largest item left and then filled by an item of exactly the room, else by two, else by the
/// largest that fits.
/// The same choice repeats while its sizes last, so the cost depends on the number of distinct sizes. Meets the bound where sizes are many
/// and dense.
/// </summary>
internal static class FillRuns
{
    public static void Plan(
        ReadOnlySpan<long> sizes, ReadOnlySpan<long> counts, long capacity, long maxItemsPerBin, ref PooledList<Placement> steps)
    {
        var pool = new ItemPool(sizes, counts);
        var bin = new List<(int Type, long Copies)>();
        long bins = 0;
        while (pool.TryLargest(out var first))
        {
            Fill(sizes, pool.Left, first, capacity, maxItemsPerBin, bin);
            bins += pool.Repeat(bin, bins, long.MaxValue, ref steps);
        }
        ItemPool.Order(ref steps);
    }

    private static void Fill(ReadOnlySpan<long> sizes, long[] left, int first, long room, long slots, List<(int Type, long Copies)> bin)
    {
        bin.Clear();
        Take(first, 1, sizes);
        while (slots > 0 && room >= sizes[^1])
        {
            var heaviest = At(sizes, room);
            if (sizes[heaviest] == room && left[heaviest] > 0)
            {
                Take(heaviest, 1, sizes);
            }
            else if (slots >= 2 && Pair(sizes, left, heaviest, room) is (var a and >= 0, var b))
            {
                Take(a, 1, sizes);
                Take(b, 1, sizes);
            }
            else
            {
                while (heaviest < sizes.Length && left[heaviest] == 0)
                    heaviest++;
                if (heaviest == sizes.Length)
                    return;
                // No pair fills more than twice the largest size: until then the choice does not change.
                var again = sizes[heaviest] == 0 ? slots : (long)(((Int128)room - sizes[0] - sizes[0]) / sizes[heaviest]);
                Take(heaviest, Math.Clamp(again, 1, Math.Min(left[heaviest], slots)), sizes);
            }
        }

        void Take(int type, long copies, ReadOnlySpan<long> sizes)
        {
            room -= copies * sizes[type];
            slots -= copies;
            left[type] -= copies;
            if (bin.FindIndex(entry => entry.Type == type) is var at and >= 0)
                bin[at] = (type, bin[at].Copies + copies);
            else
                bin.Add((type, copies));
        }
    }

    private static (int, int) Pair(ReadOnlySpan<long> sizes, long[] left, int heaviest, long sum)
    {
        var (a, b) = (heaviest, sizes.Length - 1);
        while (a <= b)
        {
            var both = (Int128)sizes[a] + sizes[b];
            if (both == sum && left[a] > 0 && left[b] > (a == b ? 1 : 0))
                return (a, b);
            if (both >= sum)
                a++;
            else
                b--;
        }
        return (-1, -1);
    }

    /// <summary>The first type of at most a size, present or not.</summary>
    private static int At(ReadOnlySpan<long> sizes, long size)
    {
        var (low, high) = (0, sizes.Length);
        while (low < high)
        {
            var middle = (low + high) >>> 1;
            (low, high) = sizes[middle] > size ? (middle + 1, high) : (low, middle);
        }
        return low;
    }
}

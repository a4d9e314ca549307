namespace PackingKit.Kernels;

/// <summary>The items that are left, by type, for strategies that fill one bin after the other: a choice repeats while its sizes last.</summary>
internal ref struct ItemPool(ReadOnlySpan<long> sizes, ReadOnlySpan<long> counts)
{
    private readonly ReadOnlySpan<long> _sizes = sizes;
    private int _largest;

    /// <summary>Items left of each type.</summary>
    public long[] Left { get; } = counts.ToArray();

    /// <summary>The largest type that is left.</summary>
    public bool TryLargest(out int type)
    {
        while (_largest < Left.Length && Left[_largest] == 0)
            _largest++;
        type = _largest;
        return type < Left.Length;
    }

    /// <summary>The largest type left of at most a size, from a type on; their number where there is none.</summary>
    public readonly int Fitting(long size, int from = 0)
    {
        var (low, high) = (from, _sizes.Length);
        while (low < high)
        {
            var middle = (low + high) >>> 1;
            (low, high) = _sizes[middle] > size ? (middle + 1, high) : (low, middle);
        }
        while (low < Left.Length && Left[low] == 0)
            low++;
        return low;
    }

    /// <summary>The smallest type that is left among some, or -1.</summary>
    public readonly int Smallest(int from, int end)
    {
        while (--end >= from)
            if (Left[end] > 0)
                return end;
        return -1;
    }

    /// <summary>Fills bins with one content, whose items are taken already for the first of them, as often as the items last.</summary>
    /// <returns>The number of bins.</returns>
    public readonly long Repeat(List<(int Type, long Copies)> content, long firstBin, long mostBins, ref PooledList<Placement> steps)
    {
        var times = mostBins;
        foreach (var (type, copies) in content)
            times = Math.Min(times, (Left[type] / copies) + 1);
        foreach (var (type, copies) in content)
        {
            Left[type] -= (times - 1) * copies;
            steps.Add(new Placement(_sizes[type], firstBin, times, copies));
        }
        return times;
    }

    /// <summary>Takes items into the content of a bin.</summary>
    public readonly void Take(int type, long copies, List<(int Type, long Copies)> content)
    {
        Left[type] -= copies;
        if (content.FindIndex(entry => entry.Type == type) is var at and >= 0)
            content[at] = (type, content[at].Copies + copies);
        else
            content.Add((type, copies));
    }

    /// <summary>Takes the largest item that fits, again and again.</summary>
    public readonly void TakeLargest(ref long room, ref long slots, List<(int Type, long Copies)> content)
    {
        for (var type = Fitting(room); type < Left.Length && slots > 0; type = Fitting(room, type))
        {
            var copies = Math.Min(Math.Min(Left[type], slots), _sizes[type] == 0 ? slots : room / _sizes[type]);
            Take(type, copies, content);
            (room, slots) = (room - (copies * _sizes[type]), slots - copies);
        }
    }

    /// <summary>Puts steps that were made bin by bin in the order of a plan.</summary>
    public static void Order(ref PooledList<Placement> steps) =>
        steps.Items.Sort((a, b) => a.Size != b.Size ? b.Size.CompareTo(a.Size) : a.FirstBin.CompareTo(b.FirstBin));
}

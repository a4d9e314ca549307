namespace PackingKit;

/// <summary>
/// The items that are left, by type, for strategies that fill one bin after the other: a choice
/// repeats while its sizes last. In rented memory.
/// </summary>
internal ref struct ItemPool
{
    private readonly ReadOnlySpan<long> _sizes;
    private PooledList<long> _left;
    private PooledList<int> _next; // the type itself until it is used up for good, then one behind it
    private int _largest;

    public ItemPool(ReadOnlySpan<long> sizes, ReadOnlySpan<long> counts)
    {
        _sizes = sizes;
        _left = new PooledList<long>(counts.Length + 1);
        _next = new PooledList<int>(counts.Length + 1);
        foreach (var count in counts)
        {
            _left.Add(count);
            _next.Add(_next.Count);
        }
        _next.Add(_next.Count);
    }

    /// <summary>Items left of each type.</summary>
    public readonly Span<long> Left => _left.Items;

    /// <summary>The largest type that is left.</summary>
    public bool TryLargest(out int type)
    {
        type = _largest = Present(_largest);
        return type < _sizes.Length;
    }

    /// <summary>The first type from one on of which items are left; their number where there is none.</summary>
    public readonly int Present(int type)
    {
        var left = Left;
        var next = _next.Items;
        while (true)
        {
            while (next[type] != type)
                type = next[type] = next[next[type]];
            if (type == left.Length || left[type] > 0)
                return type;
            type++; // none at the moment, but some may be given back
        }
    }

    /// <summary>The largest type left of at most a size, from a type on; their number where there is none.</summary>
    public readonly int Fitting(long size, int from = 0) => Present(FirstUpTo(size, from));

    /// <summary>The first type, present or not, of at most a size, from a type on.</summary>
    public readonly int FirstUpTo(long size, int from = 0)
    {
        var (low, high) = (from, _sizes.Length);
        while (low < high)
        {
            var middle = (low + high) >>> 1;
            (low, high) = _sizes[middle] > size ? (middle + 1, high) : (low, middle);
        }
        return low;
    }

    /// <summary>The smallest type that is left among some, or -1.</summary>
    public readonly int Smallest(int from, int end)
    {
        var left = Left;
        while (--end >= from)
            if (left[end] > 0)
                return end;
        return -1;
    }

    /// <summary>Fills bins with one content, whose items are taken already for the first of them, as often as the items last.</summary>
    /// <returns>The number of bins.</returns>
    public readonly long Repeat(in BinContent content, long firstBin, long maxBins, ref PooledList<Placement> steps)
    {
        var left = Left;
        var times = maxBins;
        foreach (var (type, copies) in content.Entries)
            times = Math.Min(times, (left[type] / copies) + 1);
        foreach (var (type, copies) in content.Entries)
        {
            left[type] -= (times - 1) * copies;
            if (left[type] == 0)
                _next.Items[type] = type + 1;
            steps.Add(new Placement(_sizes[type], firstBin, times, copies));
        }
        return times;
    }

    public readonly void Take(int type, long copies, ref BinContent content)
    {
        Left[type] -= copies;
        content.Add(type, copies);
    }

    /// <summary>Takes the largest item that fits, again and again.</summary>
    public readonly void TakeLargest(ref long residual, ref long itemsLeft, ref BinContent content)
    {
        for (var type = Fitting(residual); type < _sizes.Length && itemsLeft > 0; type = Fitting(residual, type))
        {
            var copies = Math.Min(Math.Min(Left[type], itemsLeft), _sizes[type] == 0 ? itemsLeft : residual / _sizes[type]);
            Take(type, copies, ref content);
            (residual, itemsLeft) = (residual - (copies * _sizes[type]), itemsLeft - copies);
        }
    }

    public readonly void Dispose()
    {
        _left.Dispose();
        _next.Dispose();
    }

    /// <summary>Puts steps that were made bin by bin in the order of a plan.</summary>
    public static void Order(ref PooledList<Placement> steps) =>
        steps.Items.Sort(static (a, b) => a.Size != b.Size ? b.Size.CompareTo(a.Size) : a.FirstBin.CompareTo(b.FirstBin));
}

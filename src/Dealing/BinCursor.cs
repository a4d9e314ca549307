namespace PackingKit;

/// <summary>
/// Where the next item of a size goes: the bin in fixed point, moved on by 1 / copies for each item, so that dealing has no branch but at
/// the end of a step. Sixteen bytes.
/// </summary>
internal struct BinCursor
{
    private const int FractionBits = 31;

    private ulong _bin;
    private uint _step;
    private int _left;

    /// <summary>Deals one item. True where it was the last of this cursor.</summary>
    public bool Deal(out int bin)
    {
        bin = (int)(_bin >> FractionBits);
        _bin += _step;
        return --_left == 0;
    }

    /// <summary>
    /// The cursor after a number of items have been dealt, from a place in a list of cursors on; the place goes on to the one that follows.
    /// </summary>
    public static BinCursor Skip(int items, ReadOnlySpan<BinCursor> cursors, ref int next)
    {
        var cursor = cursors[next++];
        while (items > 0 && items >= cursor._left)
        {
            items -= cursor._left;
            cursor = cursors[next++];
        }
        cursor._bin += (ulong)items * cursor._step;
        cursor._left -= items;
        return cursor;
    }

    /// <summary>
    /// Cursors for one step of a plan. The fraction is rounded up, which stays exact while bins times copies
    /// squared is below 2^31: longer steps are cut.
    /// </summary>
    public static void Add(in Placement step, ref PooledList<BinCursor> cursors)
    {
        var max = Math.Max(1, ((1L << FractionBits) - 1) / step.CopiesPerBin / step.CopiesPerBin);
        for (long done = 0, bins; done < step.BinCount; done += bins)
        {
            bins = Math.Min(step.BinCount - done, max);
            cursors.Add(new BinCursor
            {
                _bin = (ulong)(step.FirstBin + done) << FractionBits,
                _step = bins == 1 ? 0 : (uint)(((1L << FractionBits) + step.CopiesPerBin - 1) / step.CopiesPerBin),
                _left = (int)(bins * step.CopiesPerBin),
            });
        }
    }
}

namespace PackingKit;

/// <summary>
/// The open bin with the least residual capacity that fits: by a scan of all bins in small batches,
/// else by an index of residuals. O(n log n).
/// </summary>
internal static class BestFitByItem
{
    /// <summary>In a small batch residual and bin share one word: the bin in the low bits breaks ties.</summary>
    private const int BinBits = 10;

    public static int Assign<T>(
        ReadOnlySpan<T> sizes, ReadOnlySpan<int> order, BinLimits limits, Span<int> binOfItem, CancellationToken cancellationToken)
        where T : struct, IBinaryInteger<T>
    {
        var residual = limits.Capacity;
        if (sizes.Length <= SmallBatch.MaxItems)
        {
            if (residual >> (31 - BinBits) == 0)
                return ByScan<T, uint>(sizes, order, limits, binOfItem);
            if (residual >> (63 - BinBits) == 0)
                return ByScan<T, ulong>(sizes, order, limits, binOfItem);
        }
        return residual <= ResidualClasses.MaxCapacity
            ? ByIndex(sizes, order, limits, binOfItem, new ResidualClasses(residual), cancellationToken)
            : ByIndex(sizes, order, limits, binOfItem, new ResidualTree(), cancellationToken);
    }

    [SkipLocalsInit]
    public static int ByScan<T, TWord>(ReadOnlySpan<T> sizes, ReadOnlySpan<int> order, BinLimits limits, Span<int> binOfItem)
        where T : struct, IBinaryInteger<T>
        where TWord : struct, IBinaryInteger<TWord>, IUnsignedNumber<TWord>, IMinMaxValue<TWord>
    {
        var (capacity, maxItems) = (TWord.CreateTruncating(limits.Capacity) << BinBits, limits.MaxItems32);
        // A whole number of vectors; bins that are not open yet are closed.
        var open = MemoryMarshal.Cast<ulong, TWord>(stackalloc ulong[SmallBatch.MaxItems]);
        Debug.Assert(open.Length % Vector512<TWord>.Count == 0 && sizes.Length <= open.Length);
        Span<int> itemsLeft = stackalloc int[SmallBatch.MaxItems];
        var bins = 0;
        for (var i = 0; i < sizes.Length; i++)
        {
            var item = order.IsEmpty ? i : order[i];
            var size = TWord.CreateTruncating(sizes[item]) << BinBits;
            var min = MinDifference(open[..bins], size);
            var bin = int.CreateTruncating(min) & (SmallBatch.MaxItems - 1);
            if (min > TWord.MaxValue >> 1)
            {
                bin = bins++;
                if (bin % Vector512<TWord>.Count == 0)
                    open.Slice(bin, Vector512<TWord>.Count).Fill(TWord.MaxValue);
                min = (capacity | TWord.CreateTruncating(bin)) - size;
                itemsLeft[bin] = maxItems;
            }
            binOfItem[item] = bin;
            SmallBatch.Set(open, bin, --itemsLeft[bin] == 0 ? TWord.MaxValue : min);
        }
        return bins;
    }

    /// <summary>
    /// The least residual minus size, with its bin; in the upper half of the range where none fits, because a difference below zero wraps
    /// around. A closed bin is all ones. Reads whole vectors, so also past the span: it must begin a span of whole vectors, and the rest of
    /// its last vector must be closed.
    /// </summary>
    private static TWord MinDifference<TWord>(ReadOnlySpan<TWord> open, TWord size)
        where TWord : struct, IBinaryInteger<TWord>, IMinMaxValue<TWord>
    {
        ref var words = ref MemoryMarshal.GetReference(open);
        var sizes = Vector512.Create(size);
        var min = Vector512.Create(TWord.MaxValue);
        for (var bin = 0; bin < open.Length; bin += Vector512<TWord>.Count)
            min = Vector512.Min(min, Vector512.LoadUnsafe(ref words, (nuint)bin) - sizes);
        var half = Vector256.Min(min.GetLower(), min.GetUpper());
        var quarter = Vector128.Min(half.GetLower(), half.GetUpper());
        quarter = Vector128.Min(quarter, Vector128.Shuffle(quarter.AsUInt64(), Vector128.Create(1UL, 0)).As<ulong, TWord>());
        if (Vector128<TWord>.Count == 4)
            quarter = Vector128.Min(quarter, Vector128.Shuffle(quarter.AsUInt32(), Vector128.Create(1U, 0, 3, 2)).As<uint, TWord>());
        return quarter[0];
    }

    public static int ByIndex<T, TIndex>(
        ReadOnlySpan<T> sizes, ReadOnlySpan<int> order, BinLimits limits, Span<int> binOfItem, TIndex open,
        CancellationToken cancellationToken = default)
        where T : struct, IBinaryInteger<T>
        where TIndex : struct, IResidualIndex
    {
        var bins = 0;
        for (var i = 0; i < sizes.Length; i++)
        {
            OnlineHeuristic.ThrowIfCancelled(i, cancellationToken);
            var item = order.IsEmpty ? i : order[i];
            var size = long.CreateTruncating(sizes[item]);
            if (!open.TryTakeMin(size, out var bin))
                bin = new Run(bins++, 1, limits.Capacity, limits.MaxItems);
            binOfItem[item] = (int)bin.FirstBin;
            bin = bin.Part(0, 1, size, 1);
            if (bin.ItemsLeft > 0)
                open.Add(bin);
        }
        open.Dispose();
        return bins;
    }
}

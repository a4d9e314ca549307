namespace PackingKit;

/// <summary>The checks that every way in shares: capacity first, then each size, then the total.</summary>
internal static class SizeChecks
{
    /// <summary>The sum of <paramref name="sizes"/>, or the exception that names the first bad one.</summary>
    public static long Total<T>(ReadOnlySpan<T> sizes, long capacity)
        where T : struct, IBinaryInteger<T>
    {
        if (typeof(T) == typeof(int) && TryTotal(MemoryMarshal.Cast<T, int>(sizes), capacity, out var fast))
            return fast;
        var max = T.CreateSaturating(capacity);
        long total = 0;
        for (var i = 0; i < sizes.Length; i++)
        {
            if (T.IsNegative(sizes[i]) || sizes[i] > max)
                ThrowSize(i, sizes[i], capacity);
            total += long.CreateTruncating(sizes[i]);
            if (total < 0)
                ThrowTotal(i, sizes[i]);
        }
        return total;
    }

    /// <summary>The same for 32-bit sizes, a vector at a time, where all are good; their total cannot leave 64 bits.</summary>
    private static bool TryTotal(ReadOnlySpan<int> sizes, long capacity, out long total)
    {
        // Negative sizes are larger than any good one when read without sign.
        var largest = Vector512<uint>.Zero;
        var totals = Vector512<long>.Zero;
        var vectors = MemoryMarshal.Cast<int, Vector512<uint>>(sizes);
        foreach (var vector in vectors)
        {
            largest = Vector512.Max(largest, vector);
            var (low, high) = Vector512.Widen(vector);
            totals += (low + high).AsInt64();
        }
        total = Vector512.Sum(totals);
        var bad = Vector512.GreaterThanAny(largest, Vector512.Create((uint)Math.Min(capacity, int.MaxValue)));
        foreach (var size in sizes[(vectors.Length * Vector512<uint>.Count)..])
        {
            bad |= (uint)size > Math.Min(capacity, int.MaxValue);
            total += size;
        }
        return !bad;
    }

    /// <summary>
    /// Checks the sizes by counting them where a table of counts pays (one pass where the capacity is small); else only checks them.
    /// </summary>
    /// <returns>Whether they were counted; if not, <paramref name="total"/> is their sum.</returns>
    public static bool TryCount<T>(ReadOnlySpan<T> sizes, long capacity, out SizeCounts counted, out long total)
        where T : struct, IBinaryInteger<T>
    {
        (counted, total) = (default, 0);
        var largest = capacity;
        if (!SizeCounts.HasTableUnseen(capacity, sizes.Length))
        {
            total = Total(sizes, capacity);
            largest = sizes.IsEmpty ? 0 : SizeCounter.Range(sizes).Max;
            if (!SizeCounts.HasTable(largest, sizes.Length))
                return false;
        }
        counted = SizeCounts.Of(sizes, (int)largest);
        if (counted.HasOutlier)
            Total(sizes, capacity); // names it
        return true;
    }

    /// <summary>Everything that a span overload is given.</summary>
    public static void Assignment<T>(ReadOnlySpan<T> sizes, BinLimits limits, Span<int> binOfItem)
        where T : struct, IBinaryInteger<T>
    {
        Destination(sizes, limits, binOfItem);
        Total(sizes, limits.Capacity);
    }

    /// <summary>The same for rows.</summary>
    public static void Rows<T>(ReadOnlySpan<T> sizes, BinLimits limits, Span<int> binOffsets, Span<int> itemIndices)
        where T : struct, IBinaryInteger<T>
    {
        RowsDestination(sizes, limits, binOffsets, itemIndices);
        Total(sizes, limits.Capacity);
    }

    /// <summary>What a span overload is given, but for the sizes themselves.</summary>
    public static void Destination<T>(ReadOnlySpan<T> sizes, BinLimits limits, Span<int> binOfItem)
    {
        limits.ThrowIfDefault(nameof(limits));
        Destination(sizes, binOfItem, nameof(binOfItem));
    }

    /// <summary>The same for rows: there are at most as many bins as items.</summary>
    public static void RowsDestination<T>(ReadOnlySpan<T> sizes, BinLimits limits, Span<int> binOffsets, Span<int> itemIndices)
    {
        limits.ThrowIfDefault(nameof(limits));
        if (binOffsets.Length <= sizes.Length)
            throw new ArgumentException(
                $"{sizes.Length} items may need {sizes.Length + 1L} offsets, not {binOffsets.Length}.", nameof(binOffsets));
        Destination(sizes, itemIndices, nameof(itemIndices));
        if (Overlap<T, int>(sizes, binOffsets[..(sizes.Length + 1)]) || Overlap<int, int>(itemIndices[..sizes.Length], binOffsets))
            throw new ArgumentException("The offsets share memory with the sizes or with the items.", nameof(binOffsets));
    }

    /// <summary>One result for each item, in memory of its own: sizes are read again while results are written.</summary>
    public static void Destination<T, TResult>(ReadOnlySpan<T> sizes, Span<TResult> results, string name)
    {
        if (results.Length < sizes.Length)
            throw new ArgumentException($"{sizes.Length} items need a destination of that length, not {results.Length}.", name);
        if (Overlap<T, TResult>(sizes, results[..sizes.Length]))
            throw new ArgumentException("The destination shares memory with the sizes.", name);
    }

    private static bool Overlap<TA, TB>(ReadOnlySpan<TA> a, ReadOnlySpan<TB> b)
    {
        ref var first = ref Unsafe.As<TA, byte>(ref MemoryMarshal.GetReference(a));
        ref var second = ref Unsafe.As<TB, byte>(ref MemoryMarshal.GetReference(b));
        var offset = Unsafe.ByteOffset(ref first, ref second);
        var (bytesOfA, bytesOfB) = ((nuint)a.Length * (nuint)Unsafe.SizeOf<TA>(), (nuint)b.Length * (nuint)Unsafe.SizeOf<TB>());
        return !a.IsEmpty && !b.IsEmpty && ((nuint)offset < bytesOfA || (nuint)(-offset) < bytesOfB);
    }

    private static void ThrowSize<T>(int index, T size, long capacity)
        where T : struct, IBinaryInteger<T> => throw new ArgumentOutOfRangeException(
        "sizes", size,
        T.IsNegative(size) ? $"Item {index} has size {size}, which is negative."
            : $"Item {index} has size {size}, which is above the capacity {capacity}.");

    private static void ThrowTotal<T>(int index, T size)
        where T : struct, IBinaryInteger<T> => throw new ArgumentOutOfRangeException(
        "sizes", size, $"The total size leaves the range of a 64-bit integer at item {index}.");
}

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
        var most = T.CreateSaturating(capacity);
        long total = 0;
        for (var i = 0; i < sizes.Length; i++)
        {
            if (T.IsNegative(sizes[i]) || sizes[i] > most)
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

    /// <summary>Everything that a span overload is given.</summary>
    public static void Assignment<T>(ReadOnlySpan<T> sizes, BinLimits limits, Span<int> binOfItem)
        where T : struct, IBinaryInteger<T>
    {
        Destination(sizes.Length, limits, binOfItem.Length);
        Total(sizes, limits.Capacity);
    }

    public static void Rows<T>(ReadOnlySpan<T> sizes, BinLimits limits, Span<int> binOffsets, Span<int> itemIndices)
        where T : struct, IBinaryInteger<T>
    {
        RowsDestination(sizes.Length, limits, binOffsets.Length, itemIndices.Length);
        Total(sizes, limits.Capacity);
    }

    /// <summary>What a span overload is given, but for the sizes.</summary>
    public static void Destination(int items, BinLimits limits, int binOfItem)
    {
        limits.ThrowIfDefault(nameof(limits));
        Destination(items, binOfItem, nameof(binOfItem));
    }

    /// <summary>The same for rows: there are at most as many bins as items.</summary>
    public static void RowsDestination(int items, BinLimits limits, int binOffsets, int itemIndices)
    {
        limits.ThrowIfDefault(nameof(limits));
        if (binOffsets <= items)
            throw new ArgumentException($"{items} items may need {items + 1L} offsets, not {binOffsets}.", nameof(binOffsets));
        Destination(items, itemIndices, nameof(itemIndices));
    }

    private static void Destination(int items, int length, string name)
    {
        if (length < items)
            throw new ArgumentException($"{items} items need a destination of that length, not {length}.", name);
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

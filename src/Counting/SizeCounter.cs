namespace PackingKit;

/// <summary>Distinct values with counts, in decreasing value, for values of any range.</summary>
internal static class SizeCounter
{
    /// <summary>Counts values of which nothing is known; negative ones come out last, for the caller to refuse.</summary>
    public static (long[] Sizes, long[] Counts) Count<T>(ReadOnlySpan<T> sizes)
        where T : struct, IBinaryInteger<T>
    {
        if (sizes.IsEmpty)
            return ([], []);
        var (min, max) = Range(sizes);
        if (min < 0 || !SizeCounts.HasTable(max, sizes.Length))
            return BySorting(sizes);
        using var counts = SizeCounts.Of(sizes, (int)max);
        return Sum(counts);
    }

    /// <summary>What tables have counted, in arrays.</summary>
    public static (long[] Sizes, long[] Counts) Sum(in SizeCounts counted)
    {
        var distinct = new PooledList<long>(1024);
        var counts = new PooledList<long>(1024);
        counted.Sum(ref distinct, ref counts);
        var result = (distinct.Items.ToArray(), counts.Items.ToArray());
        distinct.Dispose();
        counts.Dispose();
        return result;
    }

    /// <summary>The least and the largest value of at least one.</summary>
    public static (long Min, long Max) Range<T>(ReadOnlySpan<T> sizes)
        where T : struct, IBinaryInteger<T>
    {
        T min = sizes[0], max = sizes[0];
        var done = 0;
        if (Vector512<T>.IsSupported && sizes.Length >= Vector512<T>.Count)
        {
            var vectors = MemoryMarshal.Cast<T, Vector512<T>>(sizes);
            var (low, high) = (vectors[0], vectors[0]);
            foreach (var vector in vectors)
                (low, high) = (Vector512.Min(low, vector), Vector512.Max(high, vector));
            for (var lane = 0; lane < Vector512<T>.Count; lane++)
                (min, max) = (T.Min(min, low[lane]), T.Max(max, high[lane]));
            done = vectors.Length * Vector512<T>.Count;
        }
        foreach (var size in sizes[done..])
            (min, max) = (T.Min(min, size), T.Max(max, size));
        return (long.CreateSaturating(min), long.CreateSaturating(max));
    }

    /// <summary>Asserts what a table addressed without bounds checks relies on: sizes from 0 to <paramref name="range"/> - 1.</summary>
    [Conditional("DEBUG")]
    public static void AssertWithin<T>(ReadOnlySpan<T> sizes, int range)
        where T : struct, IBinaryInteger<T>
    {
        if (sizes.IsEmpty)
            return;
        var (min, max) = Range(sizes);
        Debug.Assert(min >= 0 && max < range, $"Sizes reach from {min} to {max}, outside a table of {range}.");
    }

    /// <summary>Asserts that the distinct sizes and their counts are those of the sizes.</summary>
    [Conditional("DEBUG")]
    public static void AssertCounted<T>(ReadOnlySpan<T> sizes, ReadOnlySpan<long> distinct, ReadOnlySpan<long> counts)
        where T : struct, IBinaryInteger<T>
    {
        var range = (int)distinct[0] + 1;
        AssertWithin(sizes, range);
        var rented = ArrayPool<long>.Shared.Rent(range);
        var left = rented.AsSpan(0, range);
        left.Clear();
        for (var i = 0; i < distinct.Length; i++)
            left[(int)distinct[i]] = counts[i];
        foreach (var size in sizes)
            left[int.CreateTruncating(size)]--;
        Debug.Assert(!left.ContainsAnyExcept(0), "The counts are not those of the sizes.");
        ArrayPool<long>.Shared.Return(rented);
    }

    private static (long[], long[]) BySorting<T>(ReadOnlySpan<T> sizes)
        where T : struct, IBinaryInteger<T>
    {
        var sorted = sizes.ToArray();
        Array.Sort(sorted);
        List<long> values = [], counts = [];
        for (int end = sorted.Length, start; end > 0; end = start)
        {
            for (start = end - 1; start > 0 && sorted[start - 1] == sorted[end - 1];)
                start--;
            values.Add(long.CreateTruncating(sorted[start]));
            counts.Add(end - start);
        }
        return ([.. values], [.. counts]);
    }
}

using System.Numerics;

namespace PackingKit.Kernels;

/// <summary>Distinct values with counts, in decreasing value.</summary>
internal static class Counting
{
    /// <summary>A table of counts is used while the range of values is at most this many times the number of items (and a little more).</summary>
    private const int RangePerItem = 8;

    public static (long[] Sizes, long[] Counts) Count<T>(ReadOnlySpan<T> sizes)
        where T : struct, IBinaryInteger<T>, IMinMaxValue<T>
    {
        if (sizes.IsEmpty)
            return ([], []);
        var (least, most) = Range(sizes);
        return least >= 0 && most <= (long)RangePerItem * sizes.Length + 4096 ? ByTable(sizes, (int)most) : BySorting(sizes);
    }

    private static (long Least, long Most) Range<T>(ReadOnlySpan<T> sizes)
        where T : struct, IBinaryInteger<T>, IMinMaxValue<T>
    {
        T least = T.MaxValue, most = T.MinValue;
        foreach (var size in sizes)
        {
            least = T.Min(least, size);
            most = T.Max(most, size);
        }
        return (long.CreateTruncating(least), long.CreateTruncating(most));
    }

    private static (long[], long[]) ByTable<T>(ReadOnlySpan<T> sizes, int most)
        where T : struct, IBinaryInteger<T>
    {
        var table = new int[most + 1];
        foreach (var size in sizes)
            table[int.CreateTruncating(size)]++;
        var distinct = 0;
        foreach (var count in table)
            distinct += count > 0 ? 1 : 0;
        var (values, counts) = (new long[distinct], new long[distinct]);
        for (int size = most, at = 0; size >= 0; size--)
            if (table[size] > 0)
                (values[at], counts[at++]) = (size, table[size]);
        return (values, counts);
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

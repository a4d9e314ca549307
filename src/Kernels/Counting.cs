using System.Buffers;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace PackingKit.Kernels;

/// <summary>Distinct values with counts, in decreasing value.</summary>
internal static class Counting
{
    /// <summary>A table of counts is used while the range of values is at most this many times the number of items (and a little more).</summary>
    private const int RangePerItem = 8;

    private const int MostTable = 1 << 28;

    /// <summary>Neighbouring items go to different tables, so that equal neighbours do not wait for each other; four of them as long as they stay in the first cache.</summary>
    private const int MostRangeOfFour = 2048;

    /// <summary>Whether a table over the values 0 to <paramref name="most"/> pays for so many items.</summary>
    public static bool HasTable(long most, int items) => most <= Math.Min(((long)RangePerItem * items) + 4096, MostTable);

    /// <summary>Counts values that are known to be at most <paramref name="limit"/>; negative ones come out last, for the caller to refuse.</summary>
    public static (long[] Sizes, long[] Counts) Count<T>(ReadOnlySpan<T> sizes, long limit = long.MaxValue)
        where T : struct, IBinaryInteger<T>
    {
        if (sizes.IsEmpty)
            return ([], []);
        var (least, most) = HasTable(limit, sizes.Length) ? (0, limit) : Range(sizes);
        if (least < 0 || !HasTable(most, sizes.Length))
            return BySorting(sizes);
        var distinct = new PooledList<long>(1024);
        var counts = new PooledList<long>(1024);
        ByTable(sizes, (int)most, ref distinct, ref counts);
        var result = (distinct.Items.ToArray(), counts.Items.ToArray());
        distinct.Dispose();
        counts.Dispose();
        return result;
    }

    /// <summary>As <see cref="Count"/> by a table, into lists: for values from 0 to <paramref name="most"/>.</summary>
    public static void ByTable<T>(ReadOnlySpan<T> sizes, int most, ref PooledList<long> distinct, ref PooledList<long> counts)
        where T : struct, IBinaryInteger<T>
    {
        var range = most + 1;
        var tables = most <= MostRangeOfFour ? 4 : 2;
        var rented = ArrayPool<int>.Shared.Rent(tables * range);
        rented.AsSpan(0, tables * range).Clear();
        if (tables == 4)
            IntoFour(sizes, rented, range);
        else
            IntoTwo(sizes, rented, range);
        for (var size = most; size >= 0; size--)
        {
            var count = rented[size] + rented[size + range];
            if (tables == 4)
                count += rented[size + (2 * range)] + rented[size + (3 * range)];
            if (count > 0)
            {
                distinct.Add(size);
                counts.Add(count);
            }
        }
        ArrayPool<int>.Shared.Return(rented);
    }

    /// <summary>The least and the largest value of at least one.</summary>
    public static (long Least, long Most) Range<T>(ReadOnlySpan<T> sizes)
        where T : struct, IBinaryInteger<T>
    {
        T least = sizes[0], most = sizes[0];
        var done = 0;
        if (Vector512<T>.IsSupported && sizes.Length >= Vector512<T>.Count)
        {
            var vectors = MemoryMarshal.Cast<T, Vector512<T>>(sizes);
            var (low, high) = (vectors[0], vectors[0]);
            foreach (var vector in vectors)
                (low, high) = (Vector512.Min(low, vector), Vector512.Max(high, vector));
            for (var lane = 0; lane < Vector512<T>.Count; lane++)
                (least, most) = (T.Min(least, low[lane]), T.Max(most, high[lane]));
            done = vectors.Length * Vector512<T>.Count;
        }
        foreach (var size in sizes[done..])
            (least, most) = (T.Min(least, size), T.Max(most, size));
        return (long.CreateSaturating(least), long.CreateSaturating(most));
    }

    // The values are checked, so the tables are addressed without bounds checks.
    private static void IntoFour<T>(ReadOnlySpan<T> sizes, int[] tables, int range)
        where T : struct, IBinaryInteger<T>
    {
        ref var first = ref MemoryMarshal.GetArrayDataReference(tables);
        ref var second = ref Unsafe.Add(ref first, range);
        ref var third = ref Unsafe.Add(ref second, range);
        ref var fourth = ref Unsafe.Add(ref third, range);
        ref var size = ref MemoryMarshal.GetReference(sizes);
        var i = 0;
        for (; i <= sizes.Length - 4; i += 4)
        {
            Unsafe.Add(ref first, Index(Unsafe.Add(ref size, i)))++;
            Unsafe.Add(ref second, Index(Unsafe.Add(ref size, i + 1)))++;
            Unsafe.Add(ref third, Index(Unsafe.Add(ref size, i + 2)))++;
            Unsafe.Add(ref fourth, Index(Unsafe.Add(ref size, i + 3)))++;
        }
        for (; i < sizes.Length; i++)
            Unsafe.Add(ref first, Index(Unsafe.Add(ref size, i)))++;
    }

    private static void IntoTwo<T>(ReadOnlySpan<T> sizes, int[] tables, int range)
        where T : struct, IBinaryInteger<T>
    {
        ref var first = ref MemoryMarshal.GetArrayDataReference(tables);
        ref var second = ref Unsafe.Add(ref first, range);
        ref var size = ref MemoryMarshal.GetReference(sizes);
        var i = 0;
        for (; i <= sizes.Length - 2; i += 2)
        {
            Unsafe.Add(ref first, Index(Unsafe.Add(ref size, i)))++;
            Unsafe.Add(ref second, Index(Unsafe.Add(ref size, i + 1)))++;
        }
        for (; i < sizes.Length; i++)
            Unsafe.Add(ref first, Index(Unsafe.Add(ref size, i)))++;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static nint Index<T>(T size)
        where T : struct, IBinaryInteger<T> => int.CreateTruncating(size);

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

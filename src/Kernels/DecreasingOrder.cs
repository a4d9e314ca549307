using System.Buffers;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;

namespace PackingKit.Kernels;

/// <summary>Items in decreasing size, equal sizes in input order.</summary>
internal static class DecreasingOrder
{
    private const int MostDigitBits = 11;

    /// <summary>So far ahead an item's place is fetched: about the time that memory takes to answer.</summary>
    private const int Ahead = 24;

    /// <summary>A stable radix sort of the item numbers. O(n) a digit, no allocation.</summary>
    [SkipLocalsInit]
    public static void ByDigits<T>(ReadOnlySpan<T> sizes, Span<int> order)
        where T : struct, IBinaryInteger<T>
    {
        var n = sizes.Length;
        long most = 0;
        for (var i = 0; i < n; i++)
        {
            order[i] = i;
            most = Math.Max(most, long.CreateTruncating(sizes[i]));
        }
        if (n < 2)
            return;

        // A digit's buckets should not cost more than its items.
        var bits = n <= 128 ? 6 : n <= SmallBatch.MostItems ? 8 : MostDigitBits;
        var rented = n <= SmallBatch.MostItems ? null : ArrayPool<int>.Shared.Rent(n);
        scoped Span<int> from = order[..n], to = (rented ?? stackalloc int[SmallBatch.MostItems])[..n];
        var starts = (stackalloc int[1 << MostDigitBits])[..(1 << bits)];
        for (var shift = 0; shift < 63 && most >> shift > 0; shift += bits)
        {
            starts.Clear();
            foreach (var size in sizes)
                starts[Digit(size, shift, starts.Length)]++;
            var start = 0;
            for (var digit = starts.Length - 1; digit >= 0; digit--) // larger digits first
                (starts[digit], start) = (start, start + starts[digit]);
            foreach (var item in from)
                to[starts[Digit(sizes[item], shift, starts.Length)]++] = item;
            var swap = from;
            from = to;
            to = swap;
        }
        if (from != order[..n])
            from.CopyTo(order);
        if (rented is not null)
            ArrayPool<int>.Shared.Return(rented);
    }

    /// <summary>The same by one counting sort, where the distinct sizes and their counts are known and lie in a range that a table pays for.</summary>
    public static void ByCounts<T>(ReadOnlySpan<T> sizes, ReadOnlySpan<long> distinct, ReadOnlySpan<long> counts, Span<int> order)
        where T : struct, IBinaryInteger<T>
    {
        if (sizes.IsEmpty)
            return;
        var places = ArrayPool<int>.Shared.Rent((int)distinct[0] + 1);
        var place = 0;
        for (var i = 0; i < distinct.Length; i++)
        {
            places[(int)distinct[i]] = place;
            place += (int)counts[i];
        }
        // Every size is among the distinct ones and every place within the order, so neither needs a bounds check.
        ref var next = ref MemoryMarshal.GetArrayDataReference(places);
        ref var to = ref MemoryMarshal.GetReference(order[..sizes.Length]);
        var item = 0;
        if (Sse.IsSupported)
        {
            for (; item < sizes.Length - Ahead; item++)
            {
                Prefetch(ref Unsafe.Add(ref to, Unsafe.Add(ref next, int.CreateTruncating(sizes[item + Ahead]))));
                Unsafe.Add(ref to, Unsafe.Add(ref next, int.CreateTruncating(sizes[item]))++) = item;
            }
        }
        for (; item < sizes.Length; item++)
            Unsafe.Add(ref to, Unsafe.Add(ref next, int.CreateTruncating(sizes[item]))++) = item;
        ArrayPool<int>.Shared.Return(places);
    }

    private static unsafe void Prefetch(ref int place) => Sse.Prefetch0(Unsafe.AsPointer(ref place));

    private static int Digit<T>(T size, int shift, int buckets)
        where T : struct, IBinaryInteger<T> => (int)(long.CreateTruncating(size) >> shift) & (buckets - 1);
}

using System.Buffers;
using System.Numerics;

namespace PackingKit.Kernels;

/// <summary>Items in decreasing size, equal sizes in input order: a stable radix sort of the item numbers. O(n) a digit, no allocation.</summary>
internal static class DecreasingOrder
{
    private const int DigitBits = 11;
    private const int Buckets = 1 << DigitBits;

    public static void Fill<T>(ReadOnlySpan<T> sizes, Span<int> order)
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

        var rented = ArrayPool<int>.Shared.Rent(n);
        Span<int> from = order[..n], to = rented.AsSpan(0, n), starts = stackalloc int[Buckets];
        for (var shift = 0; shift < 63 && most >> shift > 0; shift += DigitBits)
        {
            starts.Clear();
            foreach (var size in sizes)
                starts[Digit(size, shift)]++;
            var start = 0;
            for (var digit = Buckets - 1; digit >= 0; digit--) // larger digits first
                (starts[digit], start) = (start, start + starts[digit]);
            foreach (var item in from)
                to[starts[Digit(sizes[item], shift)]++] = item;
            var swap = from;
            from = to;
            to = swap;
        }
        if (from != order[..n])
            from.CopyTo(order);
        ArrayPool<int>.Shared.Return(rented);
    }

    private static int Digit<T>(T size, int shift)
        where T : struct, IBinaryInteger<T> => (int)(long.CreateTruncating(size) >> shift) & (Buckets - 1);
}

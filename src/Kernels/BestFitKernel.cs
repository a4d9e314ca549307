using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace PackingKit.Kernels;

/// <summary>The open bin with the least room that fits: by a scan of all bins in small batches, else by an index of rooms. O(n log n).</summary>
internal static class BestFitKernel
{
    /// <summary>In a small batch room and bin share one word: the bin in the low bits breaks ties.</summary>
    private const int BinBits = 10;

    private const ulong Closed = ulong.MaxValue;

    public static int Assign<T>(ReadOnlySpan<T> sizes, ReadOnlySpan<int> order, T capacity, int maxItemsPerBin, Span<int> binOfItem)
        where T : struct, IBinaryInteger<T>
    {
        var room = long.CreateTruncating(capacity);
        return sizes.Length <= SmallBatch.MostItems && room >> (63 - BinBits) == 0 ? ByScan(sizes, order, capacity, maxItemsPerBin, binOfItem)
            : room <= RoomClasses.MostCapacity ? ByIndex(sizes, order, capacity, maxItemsPerBin, binOfItem, new RoomClasses(room))
            : ByIndex(sizes, order, capacity, maxItemsPerBin, binOfItem, new RoomTree());
    }

    [SkipLocalsInit]
    public static int ByScan<T>(ReadOnlySpan<T> sizes, ReadOnlySpan<int> order, T capacity, int maxItemsPerBin, Span<int> binOfItem)
        where T : struct, IBinaryInteger<T>
    {
        Span<ulong> open = stackalloc ulong[SmallBatch.MostItems];
        Span<int> slots = stackalloc int[SmallBatch.MostItems];
        var bins = 0;
        for (var i = 0; i < sizes.Length; i++)
        {
            var item = order.IsEmpty ? i : order[i];
            var size = ulong.CreateTruncating(sizes[item]) << BinBits;
            var least = LeastDifference(open[..bins], size);
            var bin = (int)least & (SmallBatch.MostItems - 1);
            if (least > long.MaxValue)
            {
                bin = bins++;
                if (bin % Vector512<ulong>.Count == 0)
                    open.Slice(bin, Vector512<ulong>.Count).Fill(Closed);
                (open[bin], slots[bin]) = ((ulong.CreateTruncating(capacity) << BinBits) | (uint)bin, maxItemsPerBin);
            }
            binOfItem[item] = bin;
            open[bin] = --slots[bin] == 0 ? Closed : open[bin] - size;
        }
        return bins;
    }

    /// <summary>The least room less size, with its bin; above <see cref="long.MaxValue"/> where none fits, because a difference below zero wraps around.</summary>
    private static ulong LeastDifference(ReadOnlySpan<ulong> open, ulong size)
    {
        // The last vector is filled up with closed bins.
        var length = (open.Length + Vector512<ulong>.Count - 1) / Vector512<ulong>.Count;
        var vectors = MemoryMarshal.CreateReadOnlySpan(ref Unsafe.As<ulong, Vector512<ulong>>(ref MemoryMarshal.GetReference(open)), length);
        var sizes = Vector512.Create(size);
        var least = Vector512.Create(Closed);
        foreach (var vector in vectors)
            least = Vector512.Min(least, vector - sizes);
        var half = Vector256.Min(least.GetLower(), least.GetUpper());
        var quarter = Vector128.Min(half.GetLower(), half.GetUpper());
        return Math.Min(quarter[0], quarter[1]);
    }

    public static int ByIndex<T, TIndex>(
        ReadOnlySpan<T> sizes, ReadOnlySpan<int> order, T capacity, int maxItemsPerBin, Span<int> binOfItem, TIndex open)
        where T : struct, IBinaryInteger<T>
        where TIndex : struct, IRoomIndex
    {
        var bins = 0;
        for (var i = 0; i < sizes.Length; i++)
        {
            var item = order.IsEmpty ? i : order[i];
            var size = long.CreateTruncating(sizes[item]);
            if (!open.TryTakeLeast(size, out var bin))
                bin = new Run(bins++, 1, long.CreateTruncating(capacity), maxItemsPerBin);
            binOfItem[item] = (int)bin.FirstBin;
            bin = bin.Part(0, 1, size, 1);
            if (bin.Slots > 0)
                open.Add(bin);
        }
        open.Dispose();
        return bins;
    }
}

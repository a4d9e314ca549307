using System.Buffers;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace PackingKit.Kernels;

/// <summary>The first bin with room: by a scan of all rooms in small batches, else by a tree of rooms over bin indices. O(n log n).</summary>
internal static class FirstFitKernel
{
    public static int Assign<T>(ReadOnlySpan<T> sizes, ReadOnlySpan<int> order, T capacity, int maxItemsPerBin, Span<int> binOfItem)
        where T : struct, IBinaryInteger<T> => sizes.Length <= SmallBatch.MostItems
            ? ByScan(sizes, order, capacity, maxItemsPerBin, binOfItem)
            : ByTree(sizes, order, capacity, maxItemsPerBin, binOfItem);

    [SkipLocalsInit]
    public static int ByScan<T>(ReadOnlySpan<T> sizes, ReadOnlySpan<int> order, T capacity, int maxItemsPerBin, Span<int> binOfItem)
        where T : struct, IBinaryInteger<T>
    {
        Span<long> rooms = stackalloc long[SmallBatch.MostItems];
        Span<int> slots = stackalloc int[SmallBatch.MostItems];
        var bins = 0;
        for (var i = 0; i < sizes.Length; i++)
        {
            var item = order.IsEmpty ? i : order[i];
            var size = long.CreateTruncating(sizes[item]);
            var bin = Rooms.First(rooms[..bins], size);
            if (bin < 0)
            {
                bin = bins++;
                (rooms[bin], slots[bin]) = (long.CreateTruncating(capacity), maxItemsPerBin);
            }
            binOfItem[item] = bin;
            rooms[bin] = --slots[bin] == 0 ? Rooms.Closed : rooms[bin] - size;
        }
        return bins;
    }

    public static int ByTree<T>(ReadOnlySpan<T> sizes, ReadOnlySpan<int> order, T capacity, int maxItemsPerBin, Span<int> binOfItem)
        where T : struct, IBinaryInteger<T>
    {
        if (sizes.IsEmpty)
            return 0;
        var tree = new FirstFitTree(sizes.Length);
        var slots = ArrayPool<int>.Shared.Rent(sizes.Length);
        for (var i = 0; i < sizes.Length; i++)
        {
            var item = order.IsEmpty ? i : order[i];
            var size = long.CreateTruncating(sizes[item]);
            var bin = tree.Find(size);
            if (bin < 0)
            {
                bin = tree.Open(long.CreateTruncating(capacity));
                slots[bin] = maxItemsPerBin;
            }
            binOfItem[item] = bin;
            tree.Set(bin, --slots[bin] == 0 ? Rooms.Closed : tree[bin] - size);
        }
        tree.Dispose();
        ArrayPool<int>.Shared.Return(slots);
        return tree.Bins;
    }
}

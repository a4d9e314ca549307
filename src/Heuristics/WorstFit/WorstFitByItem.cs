using System.Buffers;
using System.Numerics;

namespace PackingKit;

/// <summary>The open bin with the largest residual capacity, by a binary heap keyed by it, then by bin index. O(n log n).</summary>
internal static class WorstFitByItem
{
    public static int Assign<T>(
        ReadOnlySpan<T> sizes, ReadOnlySpan<int> order, BinLimits limits, Span<int> binOfItem, CancellationToken cancellationToken)
        where T : struct, IBinaryInteger<T>
    {
        if (sizes.IsEmpty)
            return 0;
        var heap = ArrayPool<(long Residual, int Bin, int Items)>.Shared.Rent(sizes.Length);
        var (capacity, maxItems) = (limits.Capacity, limits.MaxItems32);
        int bins = 0, open = 0;
        for (var i = 0; i < sizes.Length; i++)
        {
            OnlineHeuristic.ThrowIfCancelled(i, cancellationToken);
            var item = order.IsEmpty ? i : order[i];
            var size = long.CreateTruncating(sizes[item]);
            if (open == 0 || heap[0].Residual < size)
                SiftUp(heap, open++, (capacity, bins++, 0));
            var (residual, bin, items) = heap[0];
            binOfItem[item] = bin;
            // A bin that has its full number of items leaves; else it sinks to its new place.
            var (entry, end) = items + 1 == maxItems ? (heap[--open], open) : ((residual - size, bin, items + 1), open);
            SiftDown(heap, end, entry);
        }
        ArrayPool<(long, int, int)>.Shared.Return(heap);
        return bins;
    }

    private static bool Before((long Residual, int Bin, int Items) a, (long Residual, int Bin, int Items) b) =>
        a.Residual != b.Residual ? a.Residual > b.Residual : a.Bin < b.Bin;

    private static void SiftUp((long Residual, int Bin, int Items)[] heap, int at, (long Residual, int Bin, int Items) entry)
    {
        for (; at > 0 && Before(entry, heap[(at - 1) / 2]); at = (at - 1) / 2)
            heap[at] = heap[(at - 1) / 2];
        heap[at] = entry;
    }

    private static void SiftDown((long Residual, int Bin, int Items)[] heap, int end, (long Residual, int Bin, int Items) entry)
    {
        var at = 0;
        for (int child; (child = (2 * at) + 1) < end; at = child)
        {
            if (child + 1 < end && Before(heap[child + 1], heap[child]))
                child++;
            if (!Before(heap[child], entry))
                break;
            heap[at] = heap[child];
        }
        heap[at] = entry;
    }
}

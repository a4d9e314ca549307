using System.Buffers;
using System.Diagnostics;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace PackingKit;

/// <summary>
/// The first bin that takes the item: by a scan of all residual capacities in small batches, else by a
/// tree of them over bin indices. O(n log n).
/// </summary>
internal static class FirstFitByItem
{
    public static int Assign<T>(
        ReadOnlySpan<T> sizes, ReadOnlySpan<int> order, BinLimits limits, Span<int> binOfItem, CancellationToken cancellationToken)
        where T : struct, IBinaryInteger<T> =>
        limits.Capacity <= int.MaxValue ? Assign<T, int>(sizes, order, limits, binOfItem, cancellationToken)
        : Assign<T, long>(sizes, order, limits, binOfItem, cancellationToken);

    private static int Assign<T, TResidual>(
        ReadOnlySpan<T> sizes, ReadOnlySpan<int> order, BinLimits limits, Span<int> binOfItem, CancellationToken cancellationToken)
        where T : struct, IBinaryInteger<T>
        where TResidual : struct, IBinaryInteger<TResidual> =>
        sizes.Length <= SmallBatch.MaxItems ? ByScan<T, TResidual>(sizes, order, limits, binOfItem)
        : ByTree<T, TResidual>(sizes, order, limits, binOfItem, cancellationToken);

    [SkipLocalsInit]
    public static int ByScan<T, TResidual>(ReadOnlySpan<T> sizes, ReadOnlySpan<int> order, BinLimits limits, Span<int> binOfItem)
        where T : struct, IBinaryInteger<T>
        where TResidual : struct, IBinaryInteger<TResidual>
    {
        var (capacity, maxItems) = (TResidual.CreateTruncating(limits.Capacity), limits.MaxItems32);
        // A whole number of vectors; bins that are not open yet are closed.
        var residuals = MemoryMarshal.Cast<long, TResidual>(stackalloc long[SmallBatch.MaxItems]);
        Debug.Assert(residuals.Length % Vector512<TResidual>.Count == 0 && sizes.Length <= residuals.Length);
        Span<int> itemsLeft = stackalloc int[SmallBatch.MaxItems];
        var bins = 0;
        for (var i = 0; i < sizes.Length; i++)
        {
            var item = order.IsEmpty ? i : order[i];
            var size = TResidual.CreateTruncating(sizes[item]);
            var bin = First(residuals[..bins], size);
            var residual = capacity;
            if (bin == bins)
            {
                if (bin % Vector512<TResidual>.Count == 0)
                    residuals.Slice(bin, Vector512<TResidual>.Count).Fill(-TResidual.One);
                itemsLeft[bin] = maxItems;
                bins++;
            }
            else
            {
                residual = residuals[bin];
            }
            binOfItem[item] = bin;
            SmallBatch.Set(residuals, bin, --itemsLeft[bin] == 0 ? -TResidual.One : residual - size);
        }
        return bins;
    }

    /// <summary>
    /// The first of the open bins that takes a size, or their number. Reads whole vectors, so also past the span: it must begin a span of
    /// whole vectors, and the rest of its last vector must be closed.
    /// </summary>
    private static int First<TResidual>(ReadOnlySpan<TResidual> open, TResidual size)
        where TResidual : struct, IBinaryInteger<TResidual>
    {
        ref var residuals = ref MemoryMarshal.GetReference(open);
        var sizes = Vector512.Create(size);
        for (var bin = 0; bin < open.Length; bin += Vector512<TResidual>.Count)
        {
            var fits = Vector512.GreaterThanOrEqual(Vector512.LoadUnsafe(ref residuals, (nuint)bin), sizes).ExtractMostSignificantBits();
            if (fits != 0)
                return bin + BitOperations.TrailingZeroCount(fits);
        }
        return open.Length;
    }

    public static int ByTree<T, TResidual>(
        ReadOnlySpan<T> sizes, ReadOnlySpan<int> order, BinLimits limits, Span<int> binOfItem,
        CancellationToken cancellationToken = default)
        where T : struct, IBinaryInteger<T>
        where TResidual : struct, IBinaryInteger<TResidual>
    {
        if (sizes.IsEmpty)
            return 0;
        var (capacity, maxItems) = (TResidual.CreateTruncating(limits.Capacity), limits.MaxItems32);
        var tree = new FirstFitTree<TResidual>(sizes.Length);
        var itemsLeft = ArrayPool<int>.Shared.Rent(sizes.Length);
        for (var i = 0; i < sizes.Length; i++)
        {
            OnlineHeuristic.ThrowIfCancelled(i, cancellationToken);
            var item = order.IsEmpty ? i : order[i];
            var size = TResidual.CreateTruncating(sizes[item]);
            var bin = tree.Find(size);
            if (bin < 0)
            {
                bin = tree.Open(capacity);
                itemsLeft[bin] = maxItems;
            }
            binOfItem[item] = bin;
            tree.Set(bin, --itemsLeft[bin] == 0 ? -TResidual.One : tree[bin] - size);
        }
        tree.Dispose();
        ArrayPool<int>.Shared.Return(itemsLeft);
        return tree.Bins;
    }
}

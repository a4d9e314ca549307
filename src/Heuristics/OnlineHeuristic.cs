using System.Buffers;
using System.Diagnostics;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace PackingKit;

/// <summary>What the heuristics that assign item by item share: run the algorithm, bound, group by bin; and their span overloads.</summary>
internal static class OnlineHeuristic
{
    /// <summary>Assigns items in an order (empty for arrival order) and returns the number of bins.</summary>
    public delegate int ByItem<T>(
        ReadOnlySpan<T> sizes, ReadOnlySpan<int> order, BinLimits limits, Span<int> binOfItem, CancellationToken cancellationToken);

    /// <summary>What an algorithm calls for each item: seldom enough to cost nothing.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void ThrowIfCancelled(int item, CancellationToken cancellationToken)
    {
        if (item % 1024 == 0)
            cancellationToken.ThrowIfCancellationRequested();
    }

    public static PackingResult Pack(
        string id, ByItem<int> ints, ByItem<long> longs, PackingProblem problem, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(problem);
        cancellationToken.ThrowIfCancellationRequested();
        var clock = Stopwatch.StartNew();
        var binOfItem = LargeArrays.Allocate(problem.ItemCount);
        var bins = problem.TryGetInt32Sizes(out var sizes)
            ? ints(sizes, [], problem.Limits, binOfItem, cancellationToken)
            : longs(problem.GetInt64Sizes(), [], problem.Limits, binOfItem, cancellationToken);
        var offsets = LargeArrays.Allocate(bins + 1);
        var items = LargeArrays.Allocate(binOfItem.Length);
        RowWriter.FromAssignment(binOfItem, [], bins, offsets, items);
        return new PackingResult
        {
            Problem = problem,
            Packing = Packing.Trusted(offsets, items, binOfItem),
            Bound = LowerBounds.Best(problem.Histogram, problem.Limits),
            Strategy = id,
            StopReason = StopReason.Completed,
            Elapsed = clock.Elapsed,
        };
    }

    /// <summary>The bin of each item in arrival order.</summary>
    public static int Assign<T>(ByItem<T> byItem, ReadOnlySpan<T> sizes, BinLimits limits, Span<int> binOfItem)
        where T : struct, IBinaryInteger<T>
    {
        SizeChecks.Assignment(sizes, limits, binOfItem);
        return byItem(sizes, [], limits, binOfItem, CancellationToken.None);
    }

    /// <summary>The rows of what is assigned in arrival order.</summary>
    public static int AssignRows<T>(ByItem<T> byItem, ReadOnlySpan<T> sizes, BinLimits limits, Span<int> binOffsets, Span<int> itemIndices)
        where T : struct, IBinaryInteger<T>
    {
        SizeChecks.Rows(sizes, limits, binOffsets, itemIndices);
        return Rows(byItem, sizes, [], limits, binOffsets, itemIndices);
    }

    /// <summary>The bin of each item in decreasing size, for arguments that are checked.</summary>
    [SkipLocalsInit]
    public static int Decreasing<T>(ByItem<T> byItem, ReadOnlySpan<T> sizes, BinLimits limits, Span<int> binOfItem)
        where T : struct, IBinaryInteger<T>
    {
        var rented = sizes.Length <= SmallBatch.MaxItems ? null : ArrayPool<int>.Shared.Rent(sizes.Length);
        var order = (rented ?? stackalloc int[SmallBatch.MaxItems])[..sizes.Length];
        DecreasingOrder.Fill(sizes, order);
        var bins = byItem(sizes, order, limits, binOfItem, CancellationToken.None);
        if (rented is not null)
            ArrayPool<int>.Shared.Return(rented);
        return bins;
    }

    /// <summary>The rows of what is assigned in decreasing size, for arguments that are checked.</summary>
    [SkipLocalsInit]
    public static int DecreasingRows<T>(
        ByItem<T> byItem, ReadOnlySpan<T> sizes, BinLimits limits, Span<int> binOffsets, Span<int> itemIndices)
        where T : struct, IBinaryInteger<T>
    {
        var rented = sizes.Length <= SmallBatch.MaxItems ? null : ArrayPool<int>.Shared.Rent(sizes.Length);
        var order = (rented ?? stackalloc int[SmallBatch.MaxItems])[..sizes.Length];
        DecreasingOrder.Fill(sizes, order);
        var bins = Rows(byItem, sizes, order, limits, binOffsets, itemIndices);
        if (rented is not null)
            ArrayPool<int>.Shared.Return(rented);
        return bins;
    }

    [SkipLocalsInit]
    private static int Rows<T>(
        ByItem<T> byItem, ReadOnlySpan<T> sizes, ReadOnlySpan<int> order, BinLimits limits, Span<int> binOffsets, Span<int> itemIndices)
        where T : struct, IBinaryInteger<T>
    {
        var rented = sizes.Length <= SmallBatch.MaxItems ? null : ArrayPool<int>.Shared.Rent(sizes.Length);
        var binOfItem = (rented ?? stackalloc int[SmallBatch.MaxItems])[..sizes.Length];
        var bins = byItem(sizes, order, limits, binOfItem, CancellationToken.None);
        RowWriter.FromAssignment(binOfItem, order, bins, binOffsets, itemIndices);
        if (rented is not null)
            ArrayPool<int>.Shared.Return(rented);
        return bins;
    }
}

using System.Buffers;
using System.Diagnostics;
using System.Numerics;
using System.Runtime.CompilerServices;
using PackingKit.Kernels;

namespace PackingKit;

/// <summary>What the strategies that assign items directly share: run the kernel, bound, group by bin.</summary>
internal static class Assigning
{
    /// <summary>Assigns items in an order (empty for arrival order) and tells the number of bins.</summary>
    public delegate int Kernel<T>(ReadOnlySpan<T> sizes, ReadOnlySpan<int> order, T capacity, int maxItemsPerBin, Span<int> binOfItem);

    public static PackingResult Pack(
        string name, Kernel<int> ints, Kernel<long> longs, PackingProblem problem, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(problem);
        cancellationToken.ThrowIfCancellationRequested();
        var clock = Stopwatch.StartNew();
        var binOfItem = LargeArrays.Allocate(problem.ItemCount);
        var most = problem.MaxItemsPerBin ?? int.MaxValue;
        // No int size exceeds int.MaxValue, but together they may fill a larger bin: only then are sizes widened.
        var bins = !problem.TryGetInt32Sizes(out var sizes) ? longs(problem.GetInt64Sizes(), [], problem.Capacity, most, binOfItem)
            : problem.Capacity <= int.MaxValue ? ints(sizes, [], (int)problem.Capacity, most, binOfItem)
            : longs(Array.ConvertAll(sizes.ToArray(), size => (long)size), [], problem.Capacity, most, binOfItem);
        var offsets = LargeArrays.Allocate(bins + 1);
        var items = LargeArrays.Allocate(binOfItem.Length);
        RowWriting.FromAssignment(binOfItem, [], bins, offsets, items);
        var bound = LowerBounds.Best(problem.Histogram, problem.Capacity, problem.MaxItemsPerBin);
        return new PackingResult(
            Packing.Trusted(offsets, items, binOfItem), Plan: null, bound.Bins, bound.Rule, name, StopReason.Completed, clock.Elapsed);
    }

    /// <summary>The span lane: what a kernel assigns in arrival order.</summary>
    public static int Assign<T>(Kernel<T> kernel, ReadOnlySpan<T> sizes, T capacity, int maxItemsPerBin, Span<int> binOfItem)
        where T : struct, IBinaryInteger<T>
    {
        SizeChecks.Lane(sizes.Length, capacity, maxItemsPerBin, binOfItem.Length);
        SizeChecks.Total(sizes, long.CreateTruncating(capacity));
        return kernel(sizes, [], capacity, maxItemsPerBin, binOfItem);
    }

    /// <summary>The span lane for rows, in the same way.</summary>
    public static int AssignRows<T>(
        Kernel<T> kernel, ReadOnlySpan<T> sizes, T capacity, int maxItemsPerBin, Span<int> binOffsets, Span<int> itemIndices)
        where T : struct, IBinaryInteger<T>
    {
        SizeChecks.RowsLane(sizes.Length, capacity, maxItemsPerBin, binOffsets.Length, itemIndices.Length);
        SizeChecks.Total(sizes, long.CreateTruncating(capacity));
        return Rows(kernel, sizes, [], capacity, maxItemsPerBin, binOffsets, itemIndices);
    }

    [SkipLocalsInit]
    public static int Decreasing<T>(Kernel<T> kernel, ReadOnlySpan<T> sizes, T capacity, int maxItemsPerBin, Span<int> binOfItem)
        where T : struct, IBinaryInteger<T>
    {
        var rented = sizes.Length <= SmallBatch.MostItems ? null : ArrayPool<int>.Shared.Rent(sizes.Length);
        var order = (rented ?? stackalloc int[SmallBatch.MostItems])[..sizes.Length];
        DecreasingOrder.Fill(sizes, order);
        var bins = kernel(sizes, order, capacity, maxItemsPerBin, binOfItem);
        if (rented is not null)
            ArrayPool<int>.Shared.Return(rented);
        return bins;
    }

    /// <summary>The rows of what a kernel assigns in decreasing size.</summary>
    [SkipLocalsInit]
    public static int DecreasingRows<T>(
        Kernel<T> kernel, ReadOnlySpan<T> sizes, T capacity, int maxItemsPerBin, Span<int> binOffsets, Span<int> itemIndices)
        where T : struct, IBinaryInteger<T>
    {
        var rented = sizes.Length <= SmallBatch.MostItems ? null : ArrayPool<int>.Shared.Rent(sizes.Length);
        var order = (rented ?? stackalloc int[SmallBatch.MostItems])[..sizes.Length];
        DecreasingOrder.Fill(sizes, order);
        var bins = Rows(kernel, sizes, order, capacity, maxItemsPerBin, binOffsets, itemIndices);
        if (rented is not null)
            ArrayPool<int>.Shared.Return(rented);
        return bins;
    }

    [SkipLocalsInit]
    private static int Rows<T>(
        Kernel<T> kernel, ReadOnlySpan<T> sizes, ReadOnlySpan<int> order, T capacity, int maxItemsPerBin, Span<int> binOffsets,
        Span<int> itemIndices)
        where T : struct, IBinaryInteger<T>
    {
        var rented = sizes.Length <= SmallBatch.MostItems ? null : ArrayPool<int>.Shared.Rent(sizes.Length);
        var binOfItem = (rented ?? stackalloc int[SmallBatch.MostItems])[..sizes.Length];
        var bins = kernel(sizes, order, capacity, maxItemsPerBin, binOfItem);
        RowWriting.FromAssignment(binOfItem, order, bins, binOffsets, itemIndices);
        if (rented is not null)
            ArrayPool<int>.Shared.Return(rented);
        return bins;
    }
}

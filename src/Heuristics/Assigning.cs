using System.Buffers;
using System.Diagnostics;
using System.Numerics;
using PackingKit.Kernels;

namespace PackingKit;

/// <summary>What the strategies that assign items directly share: run the kernel, bound, group by bin.</summary>
internal static class Assigning
{
    /// <summary>Assigns items in an order (empty for arrival order) and tells the number of bins.</summary>
    public delegate int Kernel<T>(ReadOnlySpan<T> sizes, ReadOnlySpan<int> order, T capacity, int maxItemsPerBin, Span<int> binOfItem);

    public static PackingResult Pack(string name, Kernel<int> ints, Kernel<long> longs, PackingProblem problem, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(problem);
        cancellationToken.ThrowIfCancellationRequested();
        var clock = Stopwatch.StartNew();
        var binOfItem = new int[problem.ItemCount];
        var most = problem.MaxItemsPerBin ?? int.MaxValue;
        // No int size exceeds int.MaxValue, but together they may fill a larger bin: only then are sizes widened.
        var bins = !problem.TryGetInt32Sizes(out var sizes) ? longs(problem.GetInt64Sizes(), [], problem.Capacity, most, binOfItem)
            : problem.Capacity <= int.MaxValue ? ints(sizes, [], (int)problem.Capacity, most, binOfItem)
            : longs(Array.ConvertAll(sizes.ToArray(), size => (long)size), [], problem.Capacity, most, binOfItem);
        var bound = LowerBounds.Best(problem.Histogram, problem.Capacity, problem.MaxItemsPerBin);
        return new PackingResult(Packing.FromAssignment(binOfItem, bins), Plan: null, bound.Bins, bound.Rule, name, StopReason.Completed, clock.Elapsed);
    }

    public static int Decreasing<T>(Kernel<T> kernel, ReadOnlySpan<T> sizes, T capacity, int maxItemsPerBin, Span<int> binOfItem)
        where T : struct, IBinaryInteger<T>
    {
        var order = ArrayPool<int>.Shared.Rent(sizes.Length);
        DecreasingOrder.Fill(sizes, order);
        var bins = kernel(sizes, order.AsSpan(0, sizes.Length), capacity, maxItemsPerBin, binOfItem);
        ArrayPool<int>.Shared.Return(order);
        return bins;
    }
}

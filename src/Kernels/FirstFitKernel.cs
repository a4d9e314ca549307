using System.Buffers;
using System.Numerics;

namespace PackingKit.Kernels;

/// <summary>First bin with room, by a tournament tree of rooms over bin indices. O(n log n).</summary>
internal static class FirstFitKernel
{
    private const long Closed = -1;

    public static int Assign<T>(ReadOnlySpan<T> sizes, ReadOnlySpan<int> order, T capacity, int maxItemsPerBin, Span<int> binOfItem)
        where T : struct, IBinaryInteger<T>
    {
        if (sizes.IsEmpty)
            return 0;
        // Bins not yet opened have all their room and stand after the open ones, so the first that fits is always in the tree.
        var leaves = (int)BitOperations.RoundUpToPowerOf2((uint)sizes.Length);
        var tree = ArrayPool<long>.Shared.Rent(2 * leaves);
        var counts = ArrayPool<int>.Shared.Rent(sizes.Length);
        tree.AsSpan(0, 2 * leaves).Fill(long.CreateTruncating(capacity));
        counts.AsSpan(0, sizes.Length).Clear();
        var bins = 0;
        for (var i = 0; i < sizes.Length; i++)
        {
            var item = order.IsEmpty ? i : order[i];
            var size = long.CreateTruncating(sizes[item]);
            var node = 1;
            while (node < leaves)
                node = tree[2 * node] >= size ? 2 * node : (2 * node) + 1;
            var bin = node - leaves;
            binOfItem[item] = bin;
            bins = Math.Max(bins, bin + 1);
            tree[node] = ++counts[bin] == maxItemsPerBin ? Closed : tree[node] - size;
            for (node >>= 1; node > 0; node >>= 1)
            {
                var most = Math.Max(tree[2 * node], tree[(2 * node) + 1]);
                if (tree[node] == most)
                    break;
                tree[node] = most;
            }
        }
        ArrayPool<long>.Shared.Return(tree);
        ArrayPool<int>.Shared.Return(counts);
        return bins;
    }
}

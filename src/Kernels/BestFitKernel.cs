using System.Buffers;
using System.Numerics;

namespace PackingKit.Kernels;

/// <summary>The open bin with the least room that fits, by a treap of bins keyed by room, then bin index. O(n log n) expected, deterministic.</summary>
internal static class BestFitKernel
{
    public static int Assign<T>(ReadOnlySpan<T> sizes, ReadOnlySpan<int> order, T capacity, int maxItemsPerBin, Span<int> binOfItem)
        where T : struct, IBinaryInteger<T>
    {
        if (sizes.IsEmpty)
            return 0;
        var nodes = ArrayPool<Node>.Shared.Rent(sizes.Length);
        int bins = 0, root = Nil;
        for (var i = 0; i < sizes.Length; i++)
        {
            var item = order.IsEmpty ? i : order[i];
            var size = long.CreateTruncating(sizes[item]);
            var bin = LeastRoom(nodes, root, size);
            if (bin == Nil)
            {
                bin = bins++;
                nodes[bin] = new Node { Room = long.CreateTruncating(capacity) };
            }
            else
            {
                Remove(nodes, ref root, bin);
            }
            binOfItem[item] = bin;
            nodes[bin].Room -= size;
            if (++nodes[bin].Items < maxItemsPerBin)
                Insert(nodes, ref root, bin);
        }
        ArrayPool<Node>.Shared.Return(nodes);
        return bins;
    }

    private const int Nil = -1;

    private struct Node
    {
        public long Room;
        public int Left, Right, Items;
    }

    /// <summary>A fixed hash of the bin index: the heap order of the treap needs no random state.</summary>
    private static uint Priority(int bin)
    {
        var x = (uint)bin * 0x9E3779B9u;
        x ^= x >> 16;
        x *= 0x85EBCA6Bu;
        return x ^ (x >> 13);
    }

    private static bool Before(Node[] nodes, int a, int b) =>
        nodes[a].Room != nodes[b].Room ? nodes[a].Room < nodes[b].Room : a < b;

    private static int LeastRoom(Node[] nodes, int node, long size)
    {
        var found = Nil;
        while (node != Nil)
        {
            var fits = nodes[node].Room >= size;
            (found, node) = fits ? (node, nodes[node].Left) : (found, nodes[node].Right);
        }
        return found;
    }

    private static void Insert(Node[] nodes, ref int root, int bin)
    {
        ref var at = ref root;
        var priority = Priority(bin);
        while (at != Nil && Priority(at) >= priority)
            at = ref Before(nodes, bin, at) ? ref nodes[at].Left : ref nodes[at].Right;
        // Split what hangs here into what goes before and after the bin.
        var rest = at;
        at = bin;
        ref var left = ref nodes[bin].Left;
        ref var right = ref nodes[bin].Right;
        while (rest != Nil)
        {
            if (Before(nodes, rest, bin))
            {
                left = rest;
                left = ref nodes[rest].Right;
                rest = left;
            }
            else
            {
                right = rest;
                right = ref nodes[rest].Left;
                rest = right;
            }
        }
        left = Nil;
        right = Nil;
    }

    private static void Remove(Node[] nodes, ref int root, int bin)
    {
        ref var at = ref root;
        while (at != bin)
            at = ref Before(nodes, bin, at) ? ref nodes[at].Left : ref nodes[at].Right;
        var (left, right) = (nodes[bin].Left, nodes[bin].Right);
        while (left != Nil && right != Nil)
        {
            if (Priority(left) >= Priority(right))
            {
                at = left;
                at = ref nodes[left].Right;
                left = at;
            }
            else
            {
                at = right;
                at = ref nodes[right].Left;
                right = at;
            }
        }
        at = left != Nil ? left : right;
    }
}

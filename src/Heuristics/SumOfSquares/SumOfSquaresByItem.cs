namespace PackingKit;

/// <summary>
/// Sum-of-squares over the open bins by residual, in ascending order: one walk finds the change of the sum for each of them. O(n·R) for R
/// distinct residuals, for any capacity.
/// </summary>
internal static class SumOfSquaresByItem
{
    private const int None = -1;

    public static int Assign<T>(
        ReadOnlySpan<T> sizes, ReadOnlySpan<int> order, BinLimits limits, Span<int> binOfItem, CancellationToken cancellationToken)
        where T : struct, IBinaryInteger<T>
    {
        var classes = new PooledList<Class>(256);
        var bins = new PooledList<Node>(256);
        for (var i = 0; i < sizes.Length; i++)
        {
            OnlineHeuristic.ThrowIfCancelled(i, cancellationToken);
            var item = order.IsEmpty ? i : order[i];
            var size = long.CreateTruncating(sizes[item]);
            var (at, closes) = Choose(classes.Items, size, limits);
            var (bin, residual) = (bins.Count, limits.Capacity);
            if (at == None)
                bins.Add(new Node { ItemsLeft = limits.MaxItems32 });
            else
                (bin, residual) = (Take(ref classes, at, closes, bins.Items), classes.Items[at].Residual);
            binOfItem[item] = bin;
            if (at != None && classes.Items[at].Bins == 0)
                RemoveAt(ref classes, at);
            if (--bins.Items[bin].ItemsLeft > 0)
                Add(ref classes, residual - size, bin, bins.Items);
        }
        classes.Dispose();
        bins.Dispose();
        return bins.Count;
    }

    /// <summary>
    /// The class of bins where an item makes the sum least, and whether the bin is to be one that the item closes; no class for a new bin.
    /// </summary>
    private static (int At, bool Closes) Choose(ReadOnlySpan<Class> classes, long size, BinLimits limits)
    {
        var (best, min) = ((None, false), long.MaxValue);
        var to = 0;
        for (var from = FirstFrom(classes, size); from < classes.Length; from++)
        {
            ref readonly var bins = ref classes[from];
            var rest = bins.Residual - size;
            while (classes[to].Residual < rest)
                to++;
            var leaving = bins.Residual == 0 ? 0 : 1 - (2L * bins.Bins);
            // An item of size 0 comes back to the class that its bin has just left.
            var joining = Joining(rest, classes[to].Residual == rest ? classes[to].Bins - (size == 0 ? 1 : 0) : 0);
            if (bins.Open != None && leaving + joining < min)
                (best, min) = ((from, false), leaving + joining);
            if (bins.Closing != None && (leaving < min || (leaving == min && best == (from, false) && bins.Closing < bins.Open)))
                (best, min) = ((from, true), leaving);
        }
        var residual = limits.Capacity - size;
        var same = FirstFrom(classes, residual);
        var opening = limits.MaxItems == 1
            ? 0
            : Joining(residual, same < classes.Length && classes[same].Residual == residual ? classes[same].Bins : 0);
        return opening < min ? (None, false) : best;
    }

    /// <summary>By how much a bin more raises the sum. Full bins do not count.</summary>
    private static long Joining(long residual, int bins) => residual == 0 ? 0 : (2L * bins) + 1;

    /// <summary>The first class of at least a residual.</summary>
    private static int FirstFrom(ReadOnlySpan<Class> classes, long residual)
    {
        var (low, high) = (0, classes.Length);
        while (low < high)
        {
            var middle = (low + high) >>> 1;
            (low, high) = classes[middle].Residual < residual ? (middle + 1, high) : (low, middle);
        }
        return low;
    }

    private static int Take(ref PooledList<Class> classes, int at, bool closes, Span<Node> bins)
    {
        ref var from = ref classes.Items[at];
        ref var root = ref closes ? ref from.Closing : ref from.Open;
        var bin = root;
        root = Merge(bins, bins[bin].Left, bins[bin].Right);
        from.Bins--;
        return bin;
    }

    private static void Add(ref PooledList<Class> classes, long residual, int bin, Span<Node> bins)
    {
        var at = FirstFrom(classes.Items, residual);
        if (at == classes.Count || classes.Items[at].Residual != residual)
            classes.Insert(at, new Class { Residual = residual, Open = None, Closing = None });
        ref var to = ref classes.Items[at];
        ref var root = ref bins[bin].ItemsLeft == 1 ? ref to.Closing : ref to.Open;
        bins[bin].Left = bins[bin].Right = None;
        root = Merge(bins, root, bin);
        to.Bins++;
    }

    private static void RemoveAt(ref PooledList<Class> classes, int at)
    {
        classes.Items[(at + 1)..].CopyTo(classes.Items[at..]);
        classes.Truncate(classes.Count - 1);
    }

    /// <summary>Merges two skew heaps by bin index along their right spines, from the top.</summary>
    private static int Merge(Span<Node> bins, int a, int b)
    {
        var root = None;
        ref var at = ref root;
        while (a != None && b != None)
        {
            if (b < a)
                (a, b) = (b, a);
            at = a;
            ref var node = ref bins[a];
            (a, node.Right) = (node.Right, node.Left);
            at = ref node.Left;
        }
        at = a != None ? a : b;
        return root;
    }

    /// <summary>The open bins of one residual, as two heaps: those whose next item is their last close with it and leave the sum.</summary>
    private struct Class
    {
        public long Residual;
        public int Bins, Open, Closing;
    }

    private struct Node
    {
        public int Left, Right, ItemsLeft;
    }
}

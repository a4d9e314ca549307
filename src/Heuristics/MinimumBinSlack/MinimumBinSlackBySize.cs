namespace PackingKit;

/// <summary>
/// Minimum bin slack: each bin takes, of the items left, the set with the least residual capacity that a depth-first search in decreasing
/// size finds within its limit of nodes.
/// </summary>
internal static class MinimumBinSlackBySize
{
    /// <summary>Nodes of the search for one bin.</summary>
    public const int MaxNodes = 5000;

    /// <summary>Minimum bin slack: every bin is searched for among all items that are left.</summary>
    public static void Plan(
        ReadOnlySpan<long> sizes, ReadOnlySpan<long> counts, BinLimits limits, ref PooledList<Placement> steps,
        CancellationToken cancellationToken) =>
        Plan(fixLargest: false, sizes, counts, limits, ref steps, cancellationToken);

    /// <summary>MBS': every bin begins with the largest item that is left.</summary>
    public static void PlanPrime(
        ReadOnlySpan<long> sizes, ReadOnlySpan<long> counts, BinLimits limits, ref PooledList<Placement> steps,
        CancellationToken cancellationToken) =>
        Plan(fixLargest: true, sizes, counts, limits, ref steps, cancellationToken);

    private static void Plan(
        bool fixLargest, ReadOnlySpan<long> sizes, ReadOnlySpan<long> counts, BinLimits limits, ref PooledList<Placement> steps,
        CancellationToken cancellationToken)
    {
        var search = new Search(sizes, counts);
        long bins = 0;
        while (search.Pool.TryLargest(out var largest))
        {
            cancellationToken.ThrowIfCancellationRequested();
            bins += search.FillBin(fixLargest ? largest : -1, limits, bins, ref steps);
        }
        ItemPool.Order(ref steps);
        search.Dispose();
    }

    private ref struct Search(ReadOnlySpan<long> sizes, ReadOnlySpan<long> counts)
    {
        private readonly ReadOnlySpan<long> _sizes = sizes;
        private readonly int[] _chosen = ArrayPool<int>.Shared.Rent(MaxNodes + 1); // a node takes an item, and one may be fixed
        private PooledList<int> _best = new(64);
        private BinContent _content = new();
        private long _minResidual;
        private int _nodes;

        public ItemPool Pool = new(sizes, counts);

        public long FillBin(int forced, BinLimits limits, long bins, ref PooledList<Placement> steps)
        {
            _best.Truncate(0);
            _content.Clear();
            (_minResidual, _nodes) = (long.MaxValue, MaxNodes);
            Descend(forced, limits.Capacity, limits.MaxItems);
            foreach (var type in _best.Items)
                Pool.Take(type, 1, ref _content);
            // What still fits, because the nodes ran out or because it has no size.
            var itemsLeft = limits.MaxItems - _best.Count;
            Pool.TakeLargest(ref _minResidual, ref itemsLeft, ref _content);
            return Pool.Repeat(_content, bins, long.MaxValue, ref steps);
        }

        /// <summary>
        /// Depth first, without recursion, because the bin may take thousands of items: after an item the next is of its type or of one
        /// behind it. The least residual capacity wins; of equal ones the first found.
        /// </summary>
        private void Descend(int forced, long residual, long itemsLeft)
        {
            var sizes = _sizes;
            var left = Pool.Left;
            var chosen = _chosen.AsSpan();
            var fixedItems = forced >= 0 ? 1 : 0;
            var depth = 0;
            for (var type = Math.Max(forced, 0); ; type++)
            {
                // Down as far as it goes, then back by one.
                while (depth < fixedItems || CanTake(type = Pool.Fitting(residual, type), residual, itemsLeft))
                {
                    _nodes -= depth < fixedItems ? 0 : 1;
                    left[type]--;
                    chosen[depth++] = type;
                    residual -= sizes[type];
                    itemsLeft--;
                    if (residual < _minResidual)
                        Keep(chosen[..depth], residual);
                }
                if (depth == fixedItems)
                    break;
                type = chosen[--depth];
                left[type]++;
                residual += sizes[type];
                itemsLeft++;
            }
            if (forced >= 0)
                left[forced]++;
        }

        private readonly bool CanTake(int type, long residual, long itemsLeft) =>
            type < _sizes.Length && itemsLeft > 0 && _minResidual > 0 && _nodes > 0 && !IsHopeless(type, residual, itemsLeft);

        private void Keep(ReadOnlySpan<int> chosen, long residual)
        {
            _minResidual = residual;
            _best.Truncate(0);
            foreach (var type in chosen)
                _best.Add(type);
        }

        /// <summary>Whether a full number of items of this size or smaller ones cannot do better.</summary>
        private readonly bool IsHopeless(int type, long residual, long itemsLeft) =>
            itemsLeft <= residual && residual - ((Int128)itemsLeft * _sizes[type]) >= _minResidual;

        public readonly void Dispose()
        {
            Pool.Dispose();
            ArrayPool<int>.Shared.Return(_chosen);
            _best.Dispose();
            _content.Dispose();
        }
    }
}

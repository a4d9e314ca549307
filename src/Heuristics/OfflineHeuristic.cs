using System.Diagnostics.CodeAnalysis;

namespace PackingKit;

/// <summary>What the heuristics that plan on the histogram share: bound, plan, deal; and their span overloads.</summary>
internal static class OfflineHeuristic
{
    /// <summary>Plans distinct sizes, in decreasing order, with their counts.</summary>
    public delegate void BySize(
        ReadOnlySpan<long> sizes, ReadOnlySpan<long> counts, BinLimits limits, ref PooledList<Placement> steps,
        CancellationToken cancellationToken);

    /// <summary>What an algorithm calls for each size: seldom enough to cost nothing.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void ThrowIfCancelled(int size, CancellationToken cancellationToken)
    {
        if (size % 64 == 0)
            cancellationToken.ThrowIfCancellationRequested();
    }

    public static PlanningResult Plan(
        string id, BySize bySize, SizeHistogram histogram, BinLimits limits, CancellationToken cancellationToken)
    {
        var clock = Stopwatch.StartNew();
        var bound = LowerBounds.Best(histogram, limits); // checks the arguments
        cancellationToken.ThrowIfCancellationRequested();
        var plan = Plan(bySize, histogram, limits, cancellationToken);
        return new PlanningResult
        {
            Plan = plan,
            Bound = bound,
            Strategy = id,
            StopReason = StopReason.Completed,
            Elapsed = clock.Elapsed,
        };
    }

    /// <summary>The bare plan, for arguments that are checked.</summary>
    public static PackingPlan Plan(BySize bySize, SizeHistogram histogram, BinLimits limits, CancellationToken cancellationToken)
    {
        // A size adds at most two runs, and rarely more than that many steps.
        var steps = new PooledList<Placement>(Math.Max(64, (int)Math.Min(4L * histogram.DistinctCount, Array.MaxLength)));
        bySize(histogram.Sizes, histogram.Counts, limits, ref steps, cancellationToken);
        var plan = PackingPlan.Trusted(histogram, limits, steps.Items.ToArray());
        steps.Dispose();
        return plan;
    }

    /// <summary>
    /// A plan and a deal. Where the batch is small or the sizes are spread too wide to be counted in a table: item by item, or by a plan on
    /// the sorted sizes where the heuristic has no algorithm for that.
    /// </summary>
    public static int Assign<T>(
        BySize bySize, OnlineHeuristic.ByItem<T>? byItem, ReadOnlySpan<T> sizes, BinLimits limits, Span<int> binOfItem)
        where T : struct, IBinaryInteger<T>
    {
        SizeChecks.Destination(sizes, limits, binOfItem);
        var planned = new PlannedSizes();
        if (planned.TryPlan(bySize, sizes, limits))
        {
            ItemDealer.Assignment(sizes, planned.Distinct, planned.Counted, planned.Steps, binOfItem);
        }
        else
        {
            if (byItem is not null)
                return OnlineHeuristic.Decreasing(byItem, sizes, limits, binOfItem);
            planned.PlanSorted(bySize, sizes, limits);
            ItemDealer.Assignment(planned.Order, planned.Steps, binOfItem);
        }
        planned.Dispose();
        return planned.Bins;
    }

    public static int AssignRows<T>(
        BySize bySize, OnlineHeuristic.ByItem<T>? byItem, ReadOnlySpan<T> sizes, BinLimits limits, Span<int> binOffsets,
        Span<int> itemIndices)
        where T : struct, IBinaryInteger<T>
    {
        SizeChecks.RowsDestination(sizes, limits, binOffsets, itemIndices);
        var planned = new PlannedSizes();
        if (planned.TryPlan(bySize, sizes, limits))
        {
            ItemDealer.Rows(
                sizes, planned.Distinct, planned.Counts, planned.Counted, planned.Steps, planned.Bins, binOffsets, itemIndices);
        }
        else
        {
            if (byItem is not null)
                return OnlineHeuristic.DecreasingRows(byItem, sizes, limits, binOffsets, itemIndices);
            planned.PlanSorted(bySize, sizes, limits);
            RowWriter.FromPlan(planned.Steps, planned.Bins, planned.Order, binOffsets, itemIndices, shards: 1);
        }
        planned.Dispose();
        return planned.Bins;
    }

    /// <summary>Counts and plan in rented memory.</summary>
    private ref struct PlannedSizes
    {
        private SizeCounts _counted;
        private PooledList<long> _distinct;
        private PooledList<long> _counts;
        private PooledList<Placement> _steps;
        private int[]? _order;
        private int _items;

        [UnscopedRef]
        public readonly ref readonly SizeCounts Counted => ref _counted;

        public readonly ReadOnlySpan<long> Distinct => _distinct.Items;

        public readonly ReadOnlySpan<long> Counts => _counts.Items;

        public readonly ReadOnlySpan<Placement> Steps => _steps.Items;

        /// <summary>Items in decreasing size, then input order; only where they had to be sorted.</summary>
        public readonly ReadOnlySpan<int> Order => _order.AsSpan(0, _items);

        public int Bins { get; private set; }

        /// <summary>Checks the sizes, and plans if a plan pays; only then there is anything to dispose of.</summary>
        public bool TryPlan<T>(BySize bySize, ReadOnlySpan<T> sizes, BinLimits limits)
            where T : struct, IBinaryInteger<T>
        {
            if (sizes.Length <= SmallBatch.MaxItems)
            {
                SizeChecks.Total(sizes, limits.Capacity);
                return false;
            }
            if (!SizeChecks.TryCount(sizes, limits.Capacity, out _counted, out _))
                return false;
            _distinct = new PooledList<long>(1024);
            _counts = new PooledList<long>(1024);
            _counted.Sum(ref _distinct, ref _counts);
            Plan(bySize, limits);
            return true;
        }

        /// <summary>Plans sizes that <see cref="TryPlan"/> has checked, by sorting the items.</summary>
        public void PlanSorted<T>(BySize bySize, ReadOnlySpan<T> sizes, BinLimits limits)
            where T : struct, IBinaryInteger<T>
        {
            (_order, _items) = (ArrayPool<int>.Shared.Rent(sizes.Length), sizes.Length);
            DecreasingOrder.Fill(sizes, _order);
            _distinct = new PooledList<long>(1024);
            _counts = new PooledList<long>(1024);
            foreach (var item in Order)
            {
                var size = long.CreateTruncating(sizes[item]);
                if (_distinct.Count == 0 || _distinct.Items[^1] != size)
                {
                    _distinct.Add(size);
                    _counts.Add(0);
                }
                _counts.Items[^1]++;
            }
            Plan(bySize, limits);
        }

        public readonly void Dispose()
        {
            _counted.Dispose();
            _distinct.Dispose();
            _counts.Dispose();
            _steps.Dispose();
            if (_order is not null)
                ArrayPool<int>.Shared.Return(_order);
        }

        private void Plan(BySize bySize, BinLimits limits)
        {
            _steps = new PooledList<Placement>(4096);
            bySize(_distinct.Items, _counts.Items, limits, ref _steps, CancellationToken.None);
            Bins = (int)PackingPlan.BinsOf(_steps.Items);
        }
    }
}

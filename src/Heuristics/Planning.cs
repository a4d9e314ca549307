using System.Buffers;
using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Numerics;
using PackingKit.Kernels;

namespace PackingKit;

/// <summary>What the offline strategies share: plan on the histogram, bound, deal; and their span lanes.</summary>
internal static class Planning
{
    /// <summary>Plans distinct sizes, in decreasing order, with their counts.</summary>
    public delegate void Kernel(
        ReadOnlySpan<long> sizes, ReadOnlySpan<long> counts, long capacity, long maxItemsPerBin, ref PooledList<Placement> steps);

    public static PackingResult Pack(
        IPlanningStrategy strategy, PackingProblem problem, IProgress<PackingProgress>? progress, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(problem);
        cancellationToken.ThrowIfCancellationRequested();
        var clock = Stopwatch.StartNew();
        var result = strategy.Plan(problem.Histogram, problem.Capacity, problem.MaxItemsPerBin, progress, cancellationToken);
        var packing = result.Plan.Deal(problem);
        return new PackingResult(packing, result.Plan, result.LowerBound, result.BoundRule, result.Strategy, result.StopReason, clock.Elapsed) { Duals = result.Duals };
    }

    public static PlanningResult Plan(
        string name, Kernel kernel, SizeHistogram histogram, long capacity, int? maxItemsPerBin, CancellationToken cancellationToken)
    {
        var clock = Stopwatch.StartNew();
        var bound = LowerBounds.Best(histogram, capacity, maxItemsPerBin); // checks the arguments
        cancellationToken.ThrowIfCancellationRequested();
        var plan = Plan(kernel, histogram, capacity, maxItemsPerBin);
        return new PlanningResult(plan, bound.Bins, bound.Rule, name, StopReason.Completed, clock.Elapsed);
    }

    /// <summary>The bare plan, for arguments that are checked.</summary>
    public static PackingPlan Plan(Kernel kernel, SizeHistogram histogram, long capacity, int? maxItemsPerBin)
    {
        // A size adds at most two runs, and rarely more than that many steps.
        var steps = new PooledList<Placement>(Math.Max(64, (int)Math.Min(4L * histogram.DistinctCount, Array.MaxLength)));
        kernel(histogram.Sizes, histogram.Counts, capacity, maxItemsPerBin ?? long.MaxValue, ref steps);
        var plan = PackingPlan.Trusted(histogram, capacity, maxItemsPerBin, steps.Items.ToArray());
        steps.Dispose();
        return plan;
    }

    /// <summary>
    /// The span lane: a plan and a deal. Where the batch is small or the sizes are spread too wide to be counted in a table: item by item,
    /// or by a plan on the sorted sizes where the strategy has no kernel for that.
    /// </summary>
    public static int Assign<T>(
        Kernel kernel, Assigning.Kernel<T>? byItem, ReadOnlySpan<T> sizes, T capacity, int maxItemsPerBin, Span<int> binOfItem)
        where T : struct, IBinaryInteger<T>
    {
        SizeChecks.Lane(sizes.Length, capacity, maxItemsPerBin, binOfItem.Length);
        var planned = new PlannedSizes();
        if (planned.TryPlan(kernel, sizes, capacity, maxItemsPerBin))
        {
            Dealing.Assignment(sizes, planned.Distinct, planned.Counted, planned.Steps, binOfItem);
        }
        else
        {
            if (byItem is not null)
                return Assigning.Decreasing(byItem, sizes, capacity, maxItemsPerBin, binOfItem);
            planned.PlanSorted(kernel, sizes, capacity, maxItemsPerBin);
            Dealing.Assignment(planned.Order, planned.Steps, binOfItem);
        }
        planned.Dispose();
        return planned.Bins;
    }

    /// <summary>The span lane for rows, in the same way.</summary>
    public static int AssignRows<T>(
        Kernel kernel, Assigning.Kernel<T>? byItem, ReadOnlySpan<T> sizes, T capacity, int maxItemsPerBin, Span<int> binOffsets, Span<int> itemIndices)
        where T : struct, IBinaryInteger<T>
    {
        SizeChecks.RowsLane(sizes.Length, capacity, maxItemsPerBin, binOffsets.Length, itemIndices.Length);
        var planned = new PlannedSizes();
        if (planned.TryPlan(kernel, sizes, capacity, maxItemsPerBin))
        {
            Dealing.Rows(sizes, planned.Distinct, planned.Counts, planned.Counted, planned.Steps, planned.Bins, binOffsets, itemIndices);
        }
        else
        {
            if (byItem is not null)
                return Assigning.DecreasingRows(byItem, sizes, capacity, maxItemsPerBin, binOffsets, itemIndices);
            planned.PlanSorted(kernel, sizes, capacity, maxItemsPerBin);
            RowWriting.FromPlan(planned.Steps, planned.Bins, planned.Order, binOffsets, itemIndices, shards: 1);
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
        public bool TryPlan<T>(Kernel kernel, ReadOnlySpan<T> sizes, T capacity, int maxItemsPerBin)
            where T : struct, IBinaryInteger<T>
        {
            var limit = long.CreateTruncating(capacity);
            var checkedInCounting = sizes.Length > SmallBatch.MostItems && SizeCounts.HasTable(limit, sizes.Length);
            if (!checkedInCounting)
            {
                SizeChecks.Total(sizes, limit);
                if (sizes.Length <= SmallBatch.MostItems)
                    return false;
            }
            var most = checkedInCounting ? limit : Counting.Range(sizes).Most;
            if (!SizeCounts.HasTable(most, sizes.Length))
                return false;

            _counted = SizeCounts.Of(sizes, (int)most);
            if (_counted.HasOutlier)
                SizeChecks.Total(sizes, limit); // names it
            _distinct = new PooledList<long>(1024);
            _counts = new PooledList<long>(1024);
            _counted.Sum(ref _distinct, ref _counts);
            Plan(kernel, limit, maxItemsPerBin);
            return true;
        }

        /// <summary>Plans sizes that <see cref="TryPlan"/> has checked, by sorting the items.</summary>
        public void PlanSorted<T>(Kernel kernel, ReadOnlySpan<T> sizes, T capacity, int maxItemsPerBin)
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
            Plan(kernel, long.CreateTruncating(capacity), maxItemsPerBin);
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

        private void Plan(Kernel kernel, long capacity, int maxItemsPerBin)
        {
            _steps = new PooledList<Placement>(4096);
            kernel(_distinct.Items, _counts.Items, capacity, maxItemsPerBin, ref _steps);
            Bins = (int)PackingPlan.BinsOf(_steps.Items);
        }
    }
}

using System.Diagnostics;
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

    /// <summary>The span lane: a plan and a deal, or item by item where the batch is small or the sizes are spread too wide to be counted in a table.</summary>
    public static int Assign<T>(
        Kernel kernel, Assigning.Kernel<T> byItem, ReadOnlySpan<T> sizes, T capacity, int maxItemsPerBin, Span<int> binOfItem)
        where T : struct, IBinaryInteger<T>
    {
        if (!CanPlan(sizes, capacity, out var most))
            return Assigning.Decreasing(byItem, sizes, capacity, maxItemsPerBin, binOfItem);
        var planned = new PlannedSizes();
        planned.Plan(kernel, sizes, most, capacity, maxItemsPerBin);
        Dealing.Assignment(sizes, planned.Distinct, planned.Steps, binOfItem);
        planned.Dispose();
        return planned.Bins;
    }

    /// <summary>The span lane for rows, in the same way.</summary>
    public static int AssignRows<T>(
        Kernel kernel, Assigning.Kernel<T> byItem, ReadOnlySpan<T> sizes, T capacity, int maxItemsPerBin, Span<int> binOffsets, Span<int> itemIndices)
        where T : struct, IBinaryInteger<T>
    {
        if (!CanPlan(sizes, capacity, out var most))
            return Assigning.DecreasingRows(byItem, sizes, capacity, maxItemsPerBin, binOffsets, itemIndices);
        var planned = new PlannedSizes();
        planned.Plan(kernel, sizes, most, capacity, maxItemsPerBin);
        Dealing.Rows(sizes, planned.Distinct, planned.Counts, planned.Steps, planned.Bins, binOffsets, itemIndices);
        planned.Dispose();
        return planned.Bins;
    }

    private static bool CanPlan<T>(ReadOnlySpan<T> sizes, T capacity, out int most)
        where T : struct, IBinaryInteger<T>
    {
        most = 0;
        if (sizes.Length <= SmallBatch.MostItems)
            return false;
        var limit = long.CreateTruncating(capacity);
        limit = Counting.HasTable(limit, sizes.Length) ? limit : Counting.Range(sizes).Most;
        most = (int)Math.Min(limit, int.MaxValue);
        return Counting.HasTable(limit, sizes.Length);
    }

    /// <summary>Counts and plan in rented memory.</summary>
    private ref struct PlannedSizes()
    {
        private PooledList<long> _distinct = new(1024);
        private PooledList<long> _counts = new(1024);
        private PooledList<Placement> _steps = new(4096);

        public readonly ReadOnlySpan<long> Distinct => _distinct.Items;

        public readonly ReadOnlySpan<long> Counts => _counts.Items;

        public readonly ReadOnlySpan<Placement> Steps => _steps.Items;

        public int Bins { get; private set; }

        public void Plan<T>(Kernel kernel, ReadOnlySpan<T> sizes, int most, T capacity, int maxItemsPerBin)
            where T : struct, IBinaryInteger<T>
        {
            Counting.ByTable(sizes, most, ref _distinct, ref _counts);
            kernel(_distinct.Items, _counts.Items, long.CreateTruncating(capacity), maxItemsPerBin, ref _steps);
            Bins = (int)PackingPlan.BinsOf(_steps.Items);
        }

        public readonly void Dispose()
        {
            _distinct.Dispose();
            _counts.Dispose();
            _steps.Dispose();
        }
    }
}

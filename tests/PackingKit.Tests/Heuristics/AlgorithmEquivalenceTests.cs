using FsCheck.Xunit;
using PackingKit.Testing;
using Xunit;

namespace PackingKit.Tests;

/// <summary>
/// Whichever algorithm runs, the assignment is that of the naive version, item by item. Algorithms that the inputs at hand would not choose
/// are called by name.
/// </summary>
[Properties(Arbitrary = [typeof(Arbitraries)], MaxTest = 300)]
public class AlgorithmEquivalenceTests
{
    [Property]
    public void First_fit_by_scan_and_by_tree_equal_the_naive_version(PackingCase input)
    {
        foreach (var (id, order) in Orders("ff", "ffd", input))
        {
            var naive = NaiveStrategies.Assign(id, input);
            var bins = new int[naive.Length];
            FirstFitByItem.ByTree<long, long>(input.Sizes, order, input.Limits, bins);
            Assert.Equal(naive, bins);
            FirstFitByItem.ByScan<long, long>(input.Sizes, order, input.Limits, bins);
            Assert.Equal(naive, bins);
            if (input.Capacity > int.MaxValue)
                continue;
            FirstFitByItem.ByScan<long, int>(input.Sizes, order, input.Limits, bins);
            Assert.Equal(naive, bins);
            FirstFitByItem.ByTree<long, int>(input.Sizes, order, input.Limits, bins);
            Assert.Equal(naive, bins);
        }
    }

    [Property]
    public void Best_fit_by_scan_by_classes_and_by_tree_equal_the_naive_version(PackingCase input)
    {
        foreach (var (id, order) in Orders("bf", "bfd", input))
        {
            var naive = NaiveStrategies.Assign(id, input);
            var bins = new int[naive.Length];
            BestFitByItem.ByIndex(input.Sizes, order, input.Limits, bins, new ResidualTree());
            Assert.Equal(naive, bins);
            if (input.Capacity <= ResidualClasses.MaxCapacity)
            {
                BestFitByItem.ByIndex(input.Sizes, order, input.Limits, bins, new ResidualClasses(input.Capacity));
                Assert.Equal(naive, bins);
                BestFitByItem.ByScan<long, uint>(input.Sizes, order, input.Limits, bins);
                Assert.Equal(naive, bins);
            }
            if (input.Capacity >> 53 == 0)
            {
                BestFitByItem.ByScan<long, ulong>(input.Sizes, order, input.Limits, bins);
                Assert.Equal(naive, bins);
            }
        }
    }

    [Property]
    public void Plans_by_classes_and_by_tree_deal_the_naive_assignment(PackingCase input)
    {
        AssertPlan("ffd", input, FirstFitBySize.Plan);
        AssertPlan("bfd", input, TreeOfBestFit);
        AssertPlan("wfd", input, TreeOfWorstFit);
        if (input.Capacity > ResidualClasses.MaxCapacity)
            return;
        AssertPlan("bfd", input, BestFitBySize.Plan);
        AssertPlan("wfd", input, WorstFitBySize.Plan);
    }

    [Theory]
    [InlineData(100_000, 1 << 20, 1)]
    [InlineData(30_000, 1 << 29, 1)]
    [InlineData(30_000, 1 << 20, 16)]
    [InlineData(200_000, 8192, 40)]
    [InlineData(600_000, 8192, 4)] // in shards, where there are processors
    public void Plans_of_many_distinct_sizes_equal_the_algorithms_item_by_item(int count, int capacity, int spread)
    {
        // Up to two thirds of the items open a bin, so that blocks of runs split and trees grow levels.
        var sizes = SequenceLengths.Uniform(count, 3, capacity / spread);
        var (planned, direct) = (new int[count], new int[count]);
        var order = new int[count];
        DecreasingOrder.ByDigits<int>(sizes, order);
        var problem = PackingProblem.Create(sizes, capacity);

        FirstFitByItem.ByTree<int, int>(sizes, order, capacity, direct);
        Assert.Equal(direct, new FirstFitDecreasing().Pack(problem).Packing.BinOfItem);
        FirstFitDecreasing.Assign<int>(sizes, capacity, planned);
        Assert.Equal(direct, planned);

        BestFitByItem.ByIndex<int, ResidualTree>(sizes, order, capacity, direct, new ResidualTree());
        Assert.Equal(direct, new BestFitDecreasing().Pack(problem).Packing.BinOfItem);
        BestFitDecreasing.Assign<int>(sizes, capacity, planned);
        Assert.Equal(direct, planned);
    }

    [Theory]
    [InlineData(200_000, 1, 50_000)] // copies squared leave 31 bits: steps are cut into single bins
    [InlineData(200_000, 1, 20_000)]
    [InlineData(70_000, 3, 1000)]
    [InlineData(70_000, 1, 2)]
    public void Equal_items_are_dealt_in_equal_shares(int count, int size, int capacity)
    {
        var sizes = Enumerable.Repeat(size, count).ToArray();
        var copies = capacity / size;
        var bins = new int[count];
        Assert.Equal((count + copies - 1) / copies, BestFitDecreasing.Assign<int>(sizes, capacity, bins));
        Assert.Equal(Enumerable.Range(0, count).Select(item => item / copies), bins);
    }

    private static (string Id, int[] Order)[] Orders(string online, string decreasing, PackingCase input) =>
        [(online, NaiveHeuristics.InputOrder(input)), (decreasing, NaiveHeuristics.DecreasingOrder(input))];

    private static void AssertPlan(string id, PackingCase input, OfflineHeuristic.BySize kernel)
    {
        var plan = OfflineHeuristic.Plan(kernel, input.ToHistogram(), input.Limits, CancellationToken.None);
        PackingPlan.FromPlacements(plan.Histogram, plan.Limits, plan.Placements.ToArray());
        Assert.Equal(NaiveStrategies.Assign(id, input), plan.Deal(input.ToProblem()).BinOfItem);
    }

    private static void TreeOfBestFit(
        ReadOnlySpan<long> sizes, ReadOnlySpan<long> counts, BinLimits limits, ref PooledList<Placement> steps,
        CancellationToken cancellationToken) =>
        BestFitBySize.Plan(sizes, counts, limits, ref steps, new ResidualTree(), cancellationToken);

    private static void TreeOfWorstFit(
        ReadOnlySpan<long> sizes, ReadOnlySpan<long> counts, BinLimits limits, ref PooledList<Placement> steps,
        CancellationToken cancellationToken) =>
        WorstFitBySize.Plan(sizes, counts, limits, ref steps, new ResidualTree(), cancellationToken);
}

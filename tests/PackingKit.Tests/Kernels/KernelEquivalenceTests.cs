using FsCheck.Xunit;
using PackingKit.Testing;
using Xunit;

namespace PackingKit.Tests;

/// <summary>Whichever kernel runs, the assignment is that of the naive version, item by item. Kernels that the inputs at hand would not choose are called by name.</summary>
[Properties(Arbitrary = [typeof(Arbitraries)], MaxTest = 300)]
public class KernelEquivalenceTests
{
    [Property]
    public void First_fit_by_scan_and_by_tree_equal_the_naive_version(PackingCase input)
    {
        foreach (var id in (string[])["ff", "ffd"])
        {
            var (naive, order) = (NaiveHeuristics.Assign(id, input), NaiveHeuristics.Order(id, input));
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
        foreach (var id in (string[])["bf", "bfd"])
        {
            var (naive, order) = (NaiveHeuristics.Assign(id, input), NaiveHeuristics.Order(id, input));
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
    public void Plans_of_many_distinct_sizes_equal_the_kernels_item_by_item(int count, int capacity, int spread)
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

    [Property]
    public void Orders_by_rank_by_keys_by_digits_and_by_counts_are_the_stable_order(PackingCase input)
    {
        var expected = NaiveHeuristics.Order("ffd", input);
        var order = new int[expected.Length];
        DecreasingOrder.ByDigits<long>(input.Sizes, order);
        Assert.Equal(expected, order);
        DecreasingOrder.Fill<long>(input.Sizes, order);
        Assert.Equal(expected, order);
        if (input.Capacity >> 53 == 0 && order.Length <= SmallBatch.MaxItems)
        {
            DecreasingOrder.ByKeys<long>(input.Sizes, input.Sizes.DefaultIfEmpty().Max(), order);
            Assert.Equal(expected, order);
        }
        if (input.Capacity < 1 << 20)
        {
            var histogram = input.ToHistogram();
            DecreasingOrder.ByCounts<long>(input.Sizes, histogram.Sizes, histogram.Counts, default, order);
            Assert.Equal(expected, order);
            if (order.Length <= 256)
            {
                DecreasingOrder.ByRank<long>(input.Sizes, order);
                Assert.Equal(expected, order);
            }
        }
    }

    [Property]
    public void Shards_count_and_deal_what_one_pass_does(PackingCase input)
    {
        if (input.Capacity >= 1 << 20)
            return;
        foreach (var id in (string[])["ffd", "bfd", "wfd"])
        {
            var plan = ((IPlanningStrategy)PackingStrategies.Create(id)).Plan(
                input.ToHistogram(), input.Limits).Plan;
            var packing = plan.Deal(input.ToProblem());
            Assert.Equal(NaiveHeuristics.Assign(id, input), packing.BinOfItem);
            for (var shards = 1; shards <= 5; shards++)
                AssertShards(plan, packing, input.Sizes, (int)input.Capacity, shards);
        }
    }

    private static void AssertShards(PackingPlan plan, Packing expected, long[] sizes, int most, int shards)
    {
        var distinct = new PooledList<long>(16);
        var counts = new PooledList<long>(16);
        using var counted = SizeCounts.Of<long>(sizes, most, shards);
        counted.Sum(ref distinct, ref counts);
        Assert.False(counted.HasOutlier);
        Assert.Equal(plan.Histogram.Sizes, distinct.Items);
        Assert.Equal(plan.Histogram.Counts, counts.Items);

        var binOfItem = new int[sizes.Length];
        ItemDealer.Assignment<long>(sizes, distinct.Items, counted, plan.Placements, binOfItem);
        Assert.Equal(expected.BinOfItem, binOfItem);

        var (offsets, items) = (new int[plan.BinCount + 1], new int[sizes.Length]);
        ItemDealer.Rows<long>(sizes, distinct.Items, counts.Items, counted, plan.Placements, (int)plan.BinCount, offsets, items);
        Assert.Equal(expected.BinOffsets, offsets);
        Assert.Equal(expected.ItemIndices, items);
        distinct.Dispose();
        counts.Dispose();
    }

    [Property]
    public void Counting_finds_sizes_out_of_range(int[] sizes, byte most, byte shards)
    {
        var expected = sizes.Any(size => size < 0 || size > most);
        using (var counted = SizeCounts.Of<int>(sizes, most, 1 + (shards % 4)))
            Assert.Equal(expected, counted.HasOutlier);
        using (var counted = SizeCounts.Of<long>(Array.ConvertAll(sizes, size => (long)size << 32), most, 3)) // cut to 32 bits they would all be in range
            Assert.Equal(sizes.Any(size => size != 0), counted.HasOutlier);
        using (var counted = SizeCounts.Of<Int128>(Array.ConvertAll(sizes, size => (Int128)size), most, 2))
            Assert.Equal(expected, counted.HasOutlier);
        using (var counted = SizeCounts.Of<short>(Array.ConvertAll(sizes, size => (short)size), most, 2))
            Assert.Equal(sizes.Any(size => (short)size < 0 || (short)size > most), counted.HasOutlier);
    }

    [Property]
    public void Bits_of_rooms_find_what_a_sorted_set_finds(int[] members, int[] numbers)
    {
        const int most = ResidualBits.MaxMember;
        var set = new SortedSet<int>();
        var bits = new ResidualBits(most);
        foreach (var member in members.Select(member => Math.Abs(member % (most + 1))))
        {
            Assert.Equal(!set.Add(member), bits.Add(member));
            if (member % 3 == 0)
            {
                set.Remove(member);
                bits.Remove(member);
            }
            Assert.Equal(set.Count > 0 ? set.Max : -1, bits.Last());
            foreach (var number in numbers.Select(number => Math.Abs(number % (most + 1))).Append(member + 1).Where(number => number <= most))
                Assert.Equal(set.GetViewBetween(number, most) is { Count: > 0 } above ? above.Min : -1, bits.Next(number));
        }
        bits.Dispose();
    }

    private static void AssertPlan(string id, PackingCase input, OfflineHeuristic.BySize kernel)
    {
        var plan = OfflineHeuristic.Plan(kernel, input.ToHistogram(), input.Limits, CancellationToken.None);
        PackingPlan.FromPlacements(plan.Histogram, plan.Limits, plan.Placements.ToArray());
        Assert.Equal(NaiveHeuristics.Assign(id, input), plan.Deal(input.ToProblem()).BinOfItem);
    }

    private static void TreeOfBestFit(
        ReadOnlySpan<long> sizes, ReadOnlySpan<long> counts, BinLimits limits, ref PooledList<Placement> steps,
        CancellationToken cancellationToken) =>
        BestFitBySize.Plan(sizes, counts, limits, ref steps, new ResidualTree());

    private static void TreeOfWorstFit(
        ReadOnlySpan<long> sizes, ReadOnlySpan<long> counts, BinLimits limits, ref PooledList<Placement> steps,
        CancellationToken cancellationToken) =>
        WorstFitBySize.Plan(sizes, counts, limits, ref steps, new ResidualTree());
}

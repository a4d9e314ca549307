using FsCheck.Xunit;
using PackingKit.Testing;
using Xunit;

namespace PackingKit.Tests;

[Properties(Arbitrary = [typeof(Arbitraries)], MaxTest = 200)]
public class BalancingTests
{
    private static readonly IBalancingStrategy[] Strategies =
        [new LongestProcessingTime(), new LargestDifferencing(), new BalancedDifferencing()];

    [Property]
    public void Every_item_is_in_one_bin_and_the_figures_are_right(PackingCase of, byte more)
    {
        var bins = 1 + (more % 10);
        if (of.TotalSize > long.MaxValue)
            return;
        foreach (var strategy in Strategies)
        {
            var result = strategy.Balance(of.Sizes, bins);
            Assert.Equal((bins, of.Sizes.Length), (result.Packing.BinCount, result.Packing.ItemCount));
            var binOfItem = result.Packing.BinOfItem.ToArray();
            Assert.Equal(
                result.LargestLoad, Enumerable.Range(0, bins).Max(bin => of.Sizes.Where((_, item) => binOfItem[item] == bin).Sum()));
            Assert.True(result.Gap >= 0);
        }
    }

    [Property]
    public void The_bound_is_no_more_than_the_optimum_and_longest_first_within_Grahams_ratio(SmallCase small, byte more)
    {
        var (bins, costs) = (1 + (more % 4), small.Case.Sizes.Take(7).Select(size => size % 1000).ToArray());
        var optimum = Optimum(costs, bins);
        Assert.True(BalancingBound.Compute(costs, bins) <= optimum);
        foreach (var strategy in Strategies)
            Assert.True(strategy.Balance(costs, bins).LargestLoad >= optimum);
        Assert.True(3 * bins * new LongestProcessingTime().Balance(costs, bins).LargestLoad <= ((4 * bins) - 1) * optimum);
    }

    [Fact]
    public void Longest_first_is_as_bad_as_Graham_says_on_his_example()
    {
        // k = 3 bins: 5 5 4 4 3 3 3. Optimum 9, longest first 11 = (4/3 - 1/9)·9.
        long[] costs = [5, 5, 4, 4, 3, 3, 3];
        Assert.Equal((11L, 9L), (new LongestProcessingTime().Balance(costs, 3).LargestLoad, Optimum(costs, 3)));
    }

    [Fact]
    public void Largest_differencing_gives_what_its_authors_rules_give()
    {
        // 8 7 6 5 4 over two bins: 8-7, 6-5, then 4-1, 3-1: loads 16 and 14.
        Assert.Equal(16, new LargestDifferencing().Balance([8, 7, 6, 5, 4], 2).LargestLoad);
    }

    [Fact]
    public void Largest_differencing_is_far_more_even_on_many_items()
    {
        long[] costs = [.. RandomSizes.LogNormal(2000, 400, 1, 1, 8192, seed: 3).Select(length => (long)length * length)];
        var (first, differencing) = (new LongestProcessingTime().Balance(costs, 16), new LargestDifferencing().Balance(costs, 16));
        Assert.True(differencing.Gap * 10 < first.Gap, $"{differencing.Gap} against {first.Gap}");
    }

    [Property]
    public void Balanced_differencing_gives_equal_counts(PackingCase of, byte more)
    {
        var bins = 1 + (more % 10);
        if (of.TotalSize > long.MaxValue)
            return;
        var packing = new BalancedDifferencing().Balance(of.Sizes, bins).Packing;
        Assert.All(packing.Bins, bin => Assert.InRange(bin.Count, of.Sizes.Length / bins, (of.Sizes.Length + bins - 1) / bins));
    }

    [Fact]
    public void Equal_counts_leave_the_dearest_item_with_one_cheap_one()
    {
        var result = new BalancedDifferencing().Balance([100, 1, 1, 1, 1, 1, 1], 3);
        Assert.Equal(101, result.LargestLoad);
        Assert.Equal([2, 2, 3], result.Packing.Bins.Select(bin => bin.Count).Order());
    }

    [Fact]
    public void The_bound_of_many_items_takes_one_pass()
    {
        // One sum for each j, each in full, would be 4.5 * 10^10 additions.
        long[] costs = [.. Enumerable.Range(0, 300_000).Select(i => 1L + (i % 97))];
        Assert.Equal(costs.Sum(), BalancingBound.Compute(costs, 1));
        Assert.True(BalancingBound.Compute(costs, 2) >= (costs.Sum() + 1) / 2);
    }

    [Property]
    public void The_bound_is_that_of_its_definition(PackingCase of, byte more)
    {
        var bins = 1 + (more % 10);
        if (of.TotalSize > long.MaxValue)
            return;
        var sorted = of.Sizes.OrderDescending().ToArray();
        var bound = (long)((of.Sizes.Aggregate(Int128.Zero, (sum, size) => sum + size) + bins - 1) / bins);
        for (var j = 0; j * bins < sorted.Length; j++)
            bound = Math.Max(bound, sorted[((j * bins) - j)..((j * bins) + 1)].Sum());
        Assert.Equal(bound, BalancingBound.Compute(of.Sizes, bins));
    }

    [Fact]
    public void Evening_takes_empty_bins_and_fewer_bins_than_the_packing_has()
    {
        var alone = PackingProblem.Create([5], 5);
        Assert.Equal(5, LoadBalancer.Improve(alone, new LongestProcessingTime().Balance([5], 2).Packing, [5], 1).LargestLoad);

        long[] sizes = [44, 24, 24, 22, 21, 17, 8, 8, 6, 6];
        var problem = PackingProblem.Create(sizes, 61);
        var four = new FirstFitDecreasing().Pack(problem).Packing;
        Assert.Equal(4, four.BinCount);
        var three = LoadBalancer.Improve(problem, four, sizes, 3);
        Assert.Empty(PackingValidator.Validate(problem, three.Packing));
        Assert.Equal(3, three.Packing.BinCount);
        var refused = Assert.Throws<ArgumentOutOfRangeException>(() => LoadBalancer.Improve(problem, four, sizes, 2));
        Assert.Contains("No packing into 2 bins was found", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Evening_hears_its_token_within_a_step()
    {
        // One step looks at 60,000 items times 60,000.
        long[] costs = Array.ConvertAll(RandomSizes.Uniform(120_000, 1_000_000, 2_000_000, seed: 1), cost => (long)cost);
        var problem = PackingProblem.Create(costs, costs.Sum());
        var packing = new NextFit().Pack(problem).Packing;
        using var cancel = new CancellationTokenSource();
        var test = TestContext.Current.CancellationToken;
        var work = Task.Run(() => LoadBalancer.Improve(problem, packing, costs, 2, cancel.Token), test);
        cancel.CancelAfter(200);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => work.WaitAsync(TimeSpan.FromSeconds(30), test));
    }

    [Property]
    public void Evening_keeps_the_limits_and_never_raises_the_largest_load(PackingCase of, byte more)
    {
        var problem = of.ToProblem();
        var start = new BestFitDecreasing().Pack(problem).Packing;
        var costs = of.Sizes.Select(size => size % 1000 * (size % 1000)).ToArray();
        var even = LoadBalancer.Improve(problem, start, costs, start.BinCount + 1 + (more % 4));
        Assert.DoesNotContain(PackingValidator.Validate(problem, even.Packing), violation => violation is not PackingViolation.EmptyBin);
        var before = start.Bins.GetEnumerator();
        long largest = 0;
        while (before.MoveNext())
            largest = Math.Max(largest, before.Current.Items.ToArray().Sum(item => costs[item]));
        Assert.InRange(even.LargestLoad, even.LowerBound, Math.Max(largest, even.LowerBound));
    }

    [Fact]
    public void Evening_holds_the_token_limit_where_balancing_the_work_alone_breaks_it()
    {
        // Squares of 12 and of eight times 4 differ by 16: the work is even where one bin has 12 tokens and the other 32.
        long[] lengths = [12, 4, 4, 4, 4, 4, 4, 4, 4];
        long[] work = Array.ConvertAll(lengths, length => length * length);
        var problem = PackingProblem.Create(lengths, 24);
        var free = new LargestDifferencing().Balance(work, 2);
        Assert.Contains(PackingValidator.Validate(problem, free.Packing), violation => violation is PackingViolation.OverCapacity);
        var capped = LoadBalancer.Improve(problem, new BestFitDecreasing().Pack(problem).Packing, work, 2);
        Assert.Empty(PackingValidator.Validate(problem, capped.Packing));
        Assert.Equal(144 + (2 * 16), capped.LargestLoad); // 12 + 4 + 4 tokens here, 24 there
    }

    [Fact]
    public void Evening_comes_within_half_a_percent_of_a_bound_that_best_fit_is_far_from()
    {
        long[] lengths = [.. RandomSizes.LogNormal(300, 400, 1, 1, 4096, seed: 3).Select(length => (long)length)];
        var problem = PackingProblem.Create(lengths, 8192);
        var start = new BestFitDecreasing().Pack(problem);
        var even = LoadBalancer.Improve(problem, start.Packing, lengths, start.BinCount + 1);
        Assert.True(start.Load(0) > 1.05 * even.LowerBound);
        Assert.True(even.LargestLoad < 1.005 * even.LowerBound, $"{even.LargestLoad} against {even.LowerBound}");
    }

    [Fact]
    public void Evening_does_not_stay_where_best_fit_put_the_two_longest_together()
    {
        long[] lengths = [.. RandomSizes.LogNormal(2000, 400, 1, 1, 8192, seed: 3).Select(length => (long)length)];
        long[] work = Array.ConvertAll(lengths, length => length * length);
        var problem = PackingProblem.Create(lengths, 16384);
        var start = new BestFitDecreasing().Pack(problem).Packing;
        var even = LoadBalancer.Improve(problem, start, work, start.BinCount + 1);
        Assert.Empty(PackingValidator.Validate(problem, even.Packing));
        Assert.True(even.LargestLoad < 1.05 * even.LowerBound, $"{even.LargestLoad} against {even.LowerBound}");
    }

    [Fact]
    public void Bad_arguments_are_named()
    {
        foreach (var strategy in Strategies)
        {
            Assert.Throws<ArgumentOutOfRangeException>(() => strategy.Balance([1], 0));
            Assert.Contains(
                "Item 1 has cost -2", Assert.Throws<ArgumentOutOfRangeException>(
                    () => strategy.Balance([1, -2], 1)).Message, StringComparison.Ordinal);
            Assert.Contains(
                "at item 1", Assert.Throws<ArgumentOutOfRangeException>(
                    () => strategy.Balance([1, long.MaxValue], 1)).Message, StringComparison.Ordinal);
            Assert.Equal(0, strategy.Balance([], 3).LargestLoad);
        }
        var problem = PackingProblem.Create([6, 5], 10);
        var packing = new BestFitDecreasing().Pack(problem).Packing;
        Assert.Throws<ArgumentOutOfRangeException>(() => LoadBalancer.Improve(problem, packing, [1, 1], 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => LoadBalancer.Improve(problem, packing, [1, 1], 0));
        Assert.Throws<ArgumentException>(() => LoadBalancer.Improve(problem, packing, [1], 2));
        Assert.Throws<ArgumentException>(() => LoadBalancer.Improve(problem, Packing.FromAssignment([0, 0], 1), [1, 1], 2));
        Assert.ThrowsAny<OperationCanceledException>(() => LoadBalancer.Improve(
            PackingProblem.Create([2, 2, 2, 2], 10), Packing.FromAssignment([0, 0, 0, 0], 1), [2, 2, 2, 2], 2, new(canceled: true)));
    }

    /// <summary>The least largest load, by every way to spread the items.</summary>
    private static long Optimum(long[] costs, int bins)
    {
        var best = long.MaxValue;
        var loads = new long[bins];
        Spread(0);
        return best;

        void Spread(int item)
        {
            if (item == costs.Length)
            {
                best = Math.Min(best, loads.Max());
                return;
            }
            for (var bin = 0; bin < bins; bin++)
            {
                loads[bin] += costs[item];
                Spread(item + 1);
                loads[bin] -= costs[item];
            }
        }
    }
}

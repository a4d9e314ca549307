using FsCheck.Xunit;
using PackingKit.Testing;
using Xunit;

namespace PackingKit.Tests;

/// <summary>What every heuristic promises beside its assignment.</summary>
[Properties(Arbitrary = [typeof(Arbitraries)])]
public class HeuristicBehaviourTests
{
    public static readonly TheoryData<string> Ids = [.. NaiveHeuristics.Ids];

    [Theory, MemberData(nameof(Ids))]
    public void No_items_need_no_bins(string id)
    {
        var result = PackingStrategies.Create(id).Pack(PackingProblem.Create(Array.Empty<int>(), 5));
        Assert.Equal((0, 0L, PackingStatus.Optimal), (result.BinCount, result.Bound.Bins, result.Status));
        Assert.Equal(0, SpanLane.Assign<int>(id, [], 5, []));
    }

    [Theory, MemberData(nameof(Ids))]
    public void One_item_of_the_size_of_a_bin_fills_it(string id)
    {
        var result = PackingStrategies.Create(id).Pack(PackingProblem.Create([7], 7));
        Assert.Equal((1, PackingStatus.Optimal), (result.BinCount, result.Status));
    }

    [Theory, MemberData(nameof(Ids))]
    public void Items_of_size_zero_share_one_bin_unless_a_limit_parts_them(string id)
    {
        Assert.Equal(1, PackingStrategies.Create(id).Pack(PackingProblem.Create([0, 0, 0, 0, 0], 1)).BinCount);
        Assert.Equal(3, PackingStrategies.Create(id).Pack(PackingProblem.Create([0, 0, 0, 0, 0], new BinLimits(1, 2))).BinCount);
    }

    [Theory, MemberData(nameof(Ids))]
    public void Equal_items_fill_bins_to_the_brim(string id)
    {
        var result = PackingStrategies.Create(id).Pack(PackingProblem.Create([3, 3, 3, 3, 3, 3, 3], 10));
        Assert.Equal((3, PackingStatus.Optimal), (result.BinCount, result.Status));
        Assert.Equal([0, 0, 0, 1, 1, 1, 2], result.Packing.BinOfItem.ToArray());
    }

    [Theory, MemberData(nameof(Ids))]
    public void Totals_up_to_the_largest_long_are_packed(string id)
    {
        var result = PackingStrategies.Create(id).Pack(PackingProblem.Create([long.MaxValue / 2, long.MaxValue / 2, 1], long.MaxValue / 2));
        Assert.Equal(3, result.BinCount);
        Assert.Equal(1, PackingStrategies.Create(id).Pack(PackingProblem.Create([long.MaxValue - 1, 1], long.MaxValue)).BinCount);
    }

    [Theory, MemberData(nameof(Ids))]
    public void The_result_names_the_strategy_and_says_that_it_ran_to_its_end(string id)
    {
        var strategy = PackingStrategies.Create(id);
        var result = strategy.Pack(PackingProblem.Create([6, 5, 4, 3, 2], 10));
        Assert.Equal((id, id, StopReason.Completed), (strategy.Id, result.Strategy, result.StopReason));
        Assert.Equal(strategy is IPlanningStrategy, result.Plan is not null);
        Assert.True(result.Elapsed >= TimeSpan.Zero);
    }

    [Theory, MemberData(nameof(Ids))]
    public void A_token_that_is_cancelled_already_stops_it(string id)
    {
        var cancelled = new CancellationToken(canceled: true);
        var strategy = PackingStrategies.Create(id);
        Assert.Throws<OperationCanceledException>(() => strategy.Pack(PackingProblem.Create([1], 1), progress: null, cancelled));
        if (strategy is IPlanningStrategy planning)
            Assert.Throws<OperationCanceledException>(() => planning.Plan(SizeHistogram.Of([1]), 1, cancellationToken: cancelled));
    }

    [Theory, MemberData(nameof(Ids))]
    public void Arguments_out_of_range_are_named(string id)
    {
        var strategy = PackingStrategies.Create(id);
        Refused.Null("problem", () => strategy.Pack(null!));
        if (strategy is not IPlanningStrategy planning)
            return;
        var histogram = SizeHistogram.Of([9]);
        Refused.Null("histogram", () => planning.Plan(null!, 9));
        Refused.OutOfRange("limits", () => planning.Plan(histogram, default));
        Refused.OutOfRange("histogram", () => planning.Plan(histogram, 8), "Size 9 is above the capacity 8.");
    }

    [Theory, MemberData(nameof(Ids))]
    public void The_span_lane_names_bad_arguments(string id)
    {
        var bins = new int[3];
        Refused.OutOfRange("limits", () => SpanLane.Assign<int>(id, [1], default, bins));

        Refused.Wrong(
            "binOfItem", () => SpanLane.Assign<int>(id, [1, 1, 1, 1], 1, bins), "4 items need a destination of that length, not 3.");

        Refused.OutOfRange("sizes", () => SpanLane.Assign<int>(id, [1, 6], 5, bins), "Item 1 has size 6, which is above the capacity 5.");

        Refused.OutOfRange("sizes", () => SpanLane.Assign<short>(id, [1, 2, -3], 5, bins), "Item 2 has size -3, which is negative.");
    }

    [Theory, MemberData(nameof(Ids))]
    public void The_span_lane_refuses_sizes_beyond_64_bits(string id)
    {
        var bins = new int[1];
        Int128[] sizes = [((Int128)1 << 64) + 1];
        Refused.OutOfRange("sizes", () => SpanLane.Assign<Int128>(id, sizes, 5, bins));
        sizes = [(Int128)1 << 63];
        Refused.OutOfRange("sizes", () => SpanLane.Assign<Int128>(id, sizes, long.MaxValue, bins));
        var huge = Assert.Throws<ArgumentOutOfRangeException>(() => SpanLane.Assign<ulong>(id, [ulong.MaxValue], 5, bins));
        Assert.Contains("above the capacity 5", huge.Message, StringComparison.Ordinal);
    }

    [Theory, MemberData(nameof(Ids))]
    public void The_span_lane_leaves_what_lies_beyond_the_items(string id)
    {
        int[] bins = [-7, -7, -7];
        SpanLane.Assign<int>(id, [1, 1], 2, bins);
        Assert.Equal([0, 0, -7], bins);
    }

    [Property]
    public void Scaling_sizes_and_capacity_together_changes_nothing(PackingCase input)
    {
        if (input.Capacity > int.MaxValue)
            return;
        var scaled = input with { Sizes = Array.ConvertAll(input.Sizes, size => 1000 * size), Capacity = 1000 * input.Capacity };
        foreach (var id in NaiveHeuristics.Ids)
            Assert.Equal(
                PackingStrategies.Create(id).Pack(input.ToProblem()).Packing.BinOfItem.ToArray(),
                PackingStrategies.Create(id).Pack(scaled.ToProblem()).Packing.BinOfItem.ToArray());
    }

    [Property]
    public void The_order_of_the_items_does_not_change_the_plan_of_an_offline_strategy(PackingCase input, int seed)
    {
        var shuffled = input with { Sizes = [.. input.Sizes] };
        new Random(seed).Shuffle(shuffled.Sizes);
        foreach (var id in NaiveHeuristics.Ids.Where(id => id.EndsWith('d')))
        {
            Assert.Equal(
                PackingStrategies.Create(id).Pack(input.ToProblem()).Plan!.Placements.ToArray(),
                PackingStrategies.Create(id).Pack(shuffled.ToProblem()).Plan!.Placements.ToArray());
        }
    }

    [Fact]
    public void One_instance_of_a_strategy_gives_the_same_packing_on_every_thread()
    {
        var problem = CaseShapes.LogNormal(new Random(3), 5_000).ToProblem();
        foreach (var id in NaiveHeuristics.Ids)
        {
            var strategy = PackingStrategies.Create(id);
            var expected = strategy.Pack(problem).Packing;
            Parallel.For(0, 16, _ =>
            {
                var packing = strategy.Pack(problem).Packing;
                Assert.True(packing.ItemIndices.SequenceEqual(expected.ItemIndices));
                Assert.True(packing.BinOffsets.SequenceEqual(expected.BinOffsets));
            });
        }
    }

    [Fact]
    public void A_problem_and_a_plan_may_be_asked_by_many_threads_at_once()
    {
        for (var round = 0; round < 50; round++)
        {
            var problem = CaseShapes.LogNormal(new Random(round), 500).ToProblem();
            var plan = new BestFitDecreasing().Plan(problem.Histogram, problem.Capacity).Plan;
            var seen = new long[8];
            Parallel.For(0, seen.Length, thread =>
                seen[thread] = problem.Histogram.TotalSize + plan.Patterns.Sum(
                    pattern => pattern.Multiplicity) + plan.Deal(problem).BinOfItem[^1]);
            Assert.Single(seen.Distinct());
        }
    }

    [Fact]
    public void More_room_may_cost_first_fit_decreasing_a_bin()
    {
        int[] sizes = [44, 24, 24, 22, 21, 17, 8, 8, 6, 6];
        Assert.Equal(3, new FirstFitDecreasing().Pack(PackingProblem.Create(sizes, 60)).BinCount);
        Assert.Equal(4, new FirstFitDecreasing().Pack(PackingProblem.Create(sizes, 61)).BinCount);
    }

    [Fact]
    public void A_plan_for_a_million_million_items_is_as_small_as_one_for_ten_thousand()
    {
        var few = SizeHistogram.FromCounts([new(7, 4_000), new(5, 3_000), new(2, 3_000)]);
        var many = SizeHistogram.FromCounts([new(7, 400_000_000_000), new(5, 300_000_000_000), new(2, 300_000_000_000)]);
        foreach (var id in new[] { "nfd", "ffd", "bfd" })
        {
            var strategy = (IPlanningStrategy)PackingStrategies.Create(id);
            var (small, large) = (strategy.Plan(few, 10).Plan, strategy.Plan(many, 10).Plan);
            Assert.Equal(1_000_000_000_000, large.Histogram.ItemCount);
            Assert.Equal(small.Placements.Length, large.Placements.Length);
            Assert.Equal(small.BinCount * 100_000_000, large.BinCount);
        }
    }
}

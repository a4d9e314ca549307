using FsCheck.Xunit;
using PackingKit.Testing;
using Xunit;

namespace PackingKit.Tests;

/// <summary>What every strategy that plans promises beside its packing.</summary>
[Properties(Arbitrary = [typeof(Arbitraries)])]
public class PlanningTests
{
    private static readonly StrategyInfo[] Offline =
        [.. PackingStrategies.All.Where(info => info is { IsOnline: false, IsSearch: false })];

    public static readonly TheoryData<string> Ids =
        [.. PackingStrategies.All.Where(info => info.Create() is IPlanningStrategy).Select(info => info.Id)];

    [Theory, MemberData(nameof(Ids))]
    public void A_token_that_is_cancelled_already_stops_the_plan(string id) => Assert.Throws<OperationCanceledException>(
        () => Strategy(id).Plan(SizeHistogram.Of([1]), 1, cancellationToken: new CancellationToken(canceled: true)));

    [Theory, MemberData(nameof(Ids))]
    public void Arguments_out_of_range_are_named(string id)
    {
        var histogram = SizeHistogram.Of([9]);
        Refused.Null("histogram", () => Strategy(id).Plan(null!, 9));
        Refused.OutOfRange("limits", () => Strategy(id).Plan(histogram, default));
        Refused.OutOfRange("histogram", () => Strategy(id).Plan(histogram, 8), "Size 9 is above the capacity 8.");
    }

    [Theory, MemberData(nameof(Ids))]
    public void The_result_of_packing_has_the_plan(string id) =>
        Assert.NotNull(Strategy(id).Pack(PackingProblem.Create([6, 5, 4, 3, 2], 10)).Plan);

    [Property]
    public void The_order_of_the_items_does_not_change_the_plan(PackingCase input, int seed)
    {
        var shuffled = input with { Sizes = [.. input.Sizes] };
        new Random(seed).Shuffle(shuffled.Sizes);
        foreach (var info in Offline)
        {
            Assert.Equal(
                info.Create().Pack(input.ToProblem()).Plan!.Placements.ToArray(),
                info.Create().Pack(shuffled.ToProblem()).Plan!.Placements.ToArray());
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
        foreach (var info in Offline)
        {
            var strategy = Strategy(info.Id);
            var (small, large) = (strategy.Plan(few, 10).Plan, strategy.Plan(many, 10).Plan);
            Assert.Equal(1_000_000_000_000, large.Histogram.ItemCount);
            Assert.Equal(small.Placements.Length, large.Placements.Length);
            Assert.Equal(small.BinCount * 100_000_000, large.BinCount);
        }
    }

    private static IPlanningStrategy Strategy(string id) => (IPlanningStrategy)PackingStrategies.Create(id);

    [Fact]
    public void A_worst_fit_plan_does_not_grow_with_the_items_of_one_bin()
    {
        var one = SizeHistogram.FromCounts([new(2, 1), new(1, 30_000_000)]);
        Assert.InRange(new WorstFitDecreasing().Plan(one, 40_000_000).Plan.Placements.Length, 2, 3);

        // The other bin is emptier by 1,000 and then takes turns with the first.
        var two = SizeHistogram.FromCounts([new(3_000, 1), new(2_000, 1), new(1, 1_500)]);
        var plan = new WorstFitDecreasing().Plan(two, 4_000).Plan;
        Assert.Equal(2, plan.BinCount);
        Assert.True(plan.Placements.Length < 510, $"{plan.Placements.Length} steps");
    }
}

using FsCheck.Xunit;
using PackingKit.Testing;
using Xunit;

namespace PackingKit.Tests;

/// <summary>The strategies beyond the classical eight, and the dual feasible bound.</summary>
[Properties(Arbitrary = [typeof(Arbitraries)], MaxTest = 200)]
public class FamilyTests
{
    private static readonly IPlanningStrategy[] Planners =
        [new ModifiedFirstFitDecreasing(), new BestTwoFit(), new FillTwo(), new MinimumBinSlack(), new MinimumBinSlackPrime(), new Automatic()];

    private static readonly IPackingStrategy[] All = [.. Planners, new Harmonic(), new Harmonic(1), new Harmonic(3)];

    [Property]
    public void Packings_are_valid_and_not_below_the_bound(PackingCase input)
    {
        foreach (var strategy in All)
        {
            var result = strategy.Pack(input.ToProblem());
            Assert.Empty(PackingValidator.Validate(input.ToProblem(), result.Packing));
            Assert.True(result.Gap >= 0, strategy.Id);
            if (result.Plan is { } plan)
                PackingPlan.FromPlacements(plan.Histogram, plan.Limits, plan.Placements.ToArray());
        }
    }

    [Property]
    public void Bins_are_filled_as_the_definitions_read(PackingCase input)
    {
        if (input.Sizes.Length <= 120)
            foreach (var id in NaiveFamily.Ids)
                AssertBins(id, input);
    }

    [Fact]
    public void Best_two_fit_repeats_a_bin_only_where_its_last_item_is_there_to_give_way() =>
        AssertBins("b2f", new PackingCase([10, 11, 11, 4, 7, 12, 12, 6, 6, 8, 7, 10], 23));

    [Property]
    public void Bins_of_few_items_are_filled_as_the_definitions_read(SmallCase input)
    {
        foreach (var id in NaiveFamily.Ids.Concat(NaiveFamily.IdsForFew))
            AssertBins(id, input.Case);
    }

    private static void AssertBins(string id, PackingCase input)
    {
        var problem = input.ToProblem();
        var bins = PackingStrategies.Create(id).Pack(problem).Packing.Bins.ToSizes(problem);
        Assert.Equal(NaiveFamily.Bins(id, input), bins.Select(bin => bin.OrderByDescending(size => size).ToArray()));
    }

    [Property]
    public void Two_optima_less_one_are_enough(PlantedCase input)
    {
        foreach (var strategy in Planners)
            Assert.InRange(strategy.Pack(input.Case.ToProblem()).BinCount, input.Optimum, (2 * input.Optimum) - 1);
    }

    [Property]
    public void No_two_bins_could_be_one(PackingCase input)
    {
        foreach (var strategy in Planners)
        {
            var problem = (input with { MaxItemsPerBin = null }).ToProblem();
            var packing = strategy.Pack(problem).Packing;
            var loads = new List<Int128>();
            foreach (var bin in packing.Bins)
                loads.Add(bin.Sum(item => problem[item]));
            loads.Sort();
            Assert.True(loads.Count < 2 || loads[0] + loads[1] > problem.Capacity, strategy.Id);
        }
    }

    [Property]
    public void The_portfolio_is_as_good_as_each_of_its_strategies(PackingCase input)
    {
        var problem = input.ToProblem();
        string[] ladder = ["bfd", "mbs-prime", "ffd", "fill2", "b2f"];
        var best = ladder.Min(id => PackingStrategies.Create(id).Pack(problem).BinCount);
        Assert.Equal(best, new Automatic().Pack(problem).BinCount);
    }

    [Property]
    public void The_first_bin_of_minimum_bin_slack_is_as_full_as_any_can_be(SmallCase input)
    {
        var sizes = input.Case.Sizes;
        if (sizes.Length == 0 || input.Case.MaxItemsPerBin is not null)
            return;
        var problem = input.Case.ToProblem();
        var largest = sizes.Max();
        var fullest = Subsets(sizes).Where(load => load <= input.Case.Capacity).Max();
        Assert.Equal(fullest, new MinimumBinSlack().Pack(problem).Load(0));
        var others = sizes.ToList();
        others.Remove(largest);
        var beside = Subsets([.. others]).Where(load => load <= input.Case.Capacity - largest).Max();
        Assert.Equal(largest + beside, new MinimumBinSlackPrime().Pack(problem).Load(0));
    }

    [Fact]
    public void Modified_first_fit_gives_large_items_their_company()
    {
        // By hand: in bins of 60 the 36 takes the medium item, 24; then, from behind, 34 and 35 take the smallest small item and the largest that fits beside it.
        var problem = PackingProblem.Create([36, 35, 34, 24, 13, 12, 11, 11], 60);
        var packing = new ModifiedFirstFitDecreasing().Pack(problem).Packing;
        Assert.Equal([[36, 24], [35, 12, 11], [34, 13, 11]], packing.Bins.ToSizes(problem));
    }

    [Fact]
    public void Harmonic_keeps_its_classes_apart()
    {
        // Capacity 12, three classes: above 6, above 4, the rest.
        var problem = PackingProblem.Create([5, 7, 4, 6, 1, 5, 7], 12);
        Assert.Equal([[5, 6], [7], [4, 1], [5], [7]], new Harmonic(3).Pack(problem).Packing.Bins.ToSizes(problem));
    }

    [Fact]
    public void A_cancelled_token_stops_the_search_for_least_slack()
    {
        var cancelled = new CancellationToken(canceled: true);
        Assert.All(All, strategy => Assert.Throws<OperationCanceledException>(() => strategy.Pack(PackingProblem.Create([1], 1), progress: null, cancelled)));
    }

    [Property]
    public void The_dual_feasible_bound_is_never_above_the_optimum(SmallCase input)
    {
        var (histogram, problem) = (input.Case.ToHistogram(), input.Case);
        Assert.InRange(
            LowerBounds.DualFeasible(histogram, problem.Limits), LowerBounds.L1(
                histogram, problem.Limits), BruteForce.Optimum(problem));
        Assert.True(new Automatic().Plan(histogram, problem.Limits).Bound.Bins <= BruteForce.Optimum(problem));
    }

    [Fact]
    public void The_dual_feasible_bound_is_never_above_a_planted_or_a_published_optimum()
    {
        for (var seed = 0; seed < 200; seed++)
        {
            var planted = seed % 2 == 0 ? CaseShapes.Triplets(new Random(seed), 60) : CaseShapes.FullBins(new Random(seed), 60);
            Assert.True(LowerBounds.DualFeasible(planted.Case.ToHistogram(), planted.Case.Capacity) <= planted.Optimum);
        }
        foreach (var instance in BppLib.Require())
            Assert.InRange(
                new Automatic().Plan(instance.Case.ToHistogram(), instance.Case.Capacity).Bound.Bins, instance.L2, instance.Optimum);
    }

    [Fact]
    public void The_dual_feasible_bound_sees_what_the_others_do_not()
    {
        // Nine items of 34 in bins of 100: two a bin, so five bins. L1 and L2 say four.
        var histogram = SizeHistogram.Of(Enumerable.Repeat(34, 9).ToArray());
        Assert.Equal(5, LowerBounds.DualFeasible(histogram, 100));
        var result = new Automatic().Plan(histogram, 100);
        Assert.Equal((5L, "DFF", PackingStatus.Optimal), (result.Bound.Bins, result.Bound.Rule, result.Status));
        Assert.Equal(4, LowerBounds.L2(histogram, 100));
    }

    private static IEnumerable<long> Subsets(long[] sizes) =>
        Enumerable.Range(
            0, 1 << sizes.Length).Select(set => sizes.Where((_, item) => (set >> item & 1) == 1).Aggregate(
                0L, (sum, size) => sum <= long.MaxValue - size ? sum + size : long.MaxValue));
}

internal static class PackedSizes
{
    /// <summary>The sizes in each bin, in the order of placement.</summary>
    public static long[][] ToSizes(this BinSequence bins, PackingProblem problem)
    {
        List<long[]> sizes = [];
        foreach (var bin in bins)
            sizes.Add([.. bin.Items.ToArray().Select(item => problem[item])]);
        return [.. sizes];
    }
}

using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using PackingKit.Testing;
using Xunit;

namespace PackingKit.Tests;

/// <summary>What every strategy without a search promises beyond the contract, of items by the dozen and the thousand.</summary>
[Properties(Arbitrary = [typeof(Arbitraries)])]
public class HeuristicTests
{
    public static readonly TheoryData<string> Ids = [.. PackingStrategies.All.Where(info => !info.IsSearch).Select(info => info.Id)];

    public static readonly TheoryData<string> SpanIds = [.. SpanOverload.Ids];

    [Theory, MemberData(nameof(SpanIds))]
    public void It_says_that_it_ran_to_its_end(string id) => Assert.Equal(
        StopReason.Completed, PackingStrategies.Create(id).Pack(PackingProblem.Create([6, 5, 4, 3, 2], 10)).StopReason);

    [Theory, MemberData(nameof(Ids))]
    public void What_needs_no_choice_is_proved_optimal(string id)
    {
        Assert.Equal(PackingStatus.Optimal, PackingStrategies.Create(id).Pack(PackingProblem.Create(Array.Empty<int>(), 5)).Status);
        Assert.Equal(PackingStatus.Optimal, PackingStrategies.Create(id).Pack(PackingProblem.Create([7], 7)).Status);
        long[] sizes = [long.MaxValue / 2, long.MaxValue / 2, 1];
        Assert.Equal(3, PackingStrategies.Create(id).Pack(PackingProblem.Create(sizes, long.MaxValue / 2)).BinCount);
    }

    [Theory, MemberData(nameof(Ids))]
    public void Packings_of_any_number_of_items_are_valid_and_not_below_the_bound(string id) => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(200).WithQuietOnSuccess(true),
        Prop.ForAll(Arbitraries.Cases(), input =>
        {
            var problem = input.ToProblem();
            var result = PackingStrategies.Create(id).Pack(problem);
            Assert.Empty(PackingValidator.Validate(problem, result));
            Assert.True(result.Gap >= 0);
            if (result.Plan is { } plan)
                PackingPlan.FromPlacements(plan.Histogram, plan.Limits, plan.Placements.ToArray());
        }));

    [Theory, MemberData(nameof(Ids))]
    public void One_instance_gives_the_same_packing_of_many_items_on_every_thread(string id)
    {
        var problem = CaseShapes.LogNormal(new Random(3), 5_000).ToProblem();
        var strategy = PackingStrategies.Create(id);
        var expected = strategy.Pack(problem).Packing;
        Parallel.For(0, 16, _ => Assert.Equal(expected, strategy.Pack(problem).Packing));
    }

    [Property]
    public void Scaling_sizes_and_capacity_together_changes_nothing(PackingCase input)
    {
        if (input.Capacity > int.MaxValue)
            return;
        var scaled = input with { Sizes = Array.ConvertAll(input.Sizes, size => 1000 * size), Capacity = 1000 * input.Capacity };
        foreach (var id in SpanOverload.Ids)
            Assert.Equal(
                PackingStrategies.Create(id).Pack(input.ToProblem()).Packing.BinOfItem.ToArray(),
                PackingStrategies.Create(id).Pack(scaled.ToProblem()).Packing.BinOfItem.ToArray());
    }
}

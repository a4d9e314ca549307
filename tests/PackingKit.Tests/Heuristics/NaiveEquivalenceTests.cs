using System.Numerics;
using FsCheck.Xunit;
using PackingKit.Testing;
using Xunit;

namespace PackingKit.Tests;

/// <summary>Every way into every heuristic gives the assignment of the naive version, item for item.</summary>
[Properties(Arbitrary = [typeof(Arbitraries)], MaxTest = 500)]
public class NaiveEquivalenceTests
{
    [Property]
    public void Pack_equals_the_naive_version_and_is_valid(PackingCase input)
    {
        var problem = input.ToProblem();
        foreach (var id in NaiveHeuristics.Ids)
        {
            var result = PackingStrategies.Create(id).Pack(problem);
            AssertNaive(id, input, result.Packing.BinOfItem);
            Assert.Empty(PackingValidator.Validate(problem, result.Packing));
            Assert.InRange(result.Bound.Bins, 0, result.BinCount);
        }
    }

    [Property]
    public void Pack_over_int_sizes_equals_the_naive_version_in_bins_of_any_size(PackingCase input)
    {
        if (input.Sizes.Any(size => size > int.MaxValue))
            return;
        var sizes = Array.ConvertAll(input.Sizes, size => (int)size);
        foreach (var capacity in new[] { input.Capacity, int.MaxValue + 1L })
        {
            var wide = input with { Capacity = capacity };
            var problem = PackingProblem.Borrow(sizes, wide.Limits);
            foreach (var id in NaiveHeuristics.Ids)
                AssertNaive(id, wide, PackingStrategies.Create(id).Pack(problem).Packing.BinOfItem);
        }
    }

    [Property]
    public void A_dealt_plan_equals_the_naive_version_and_passes_every_check(PackingCase input)
    {
        var problem = input.ToProblem();
        foreach (var id in NaiveHeuristics.Ids)
        {
            if (PackingStrategies.Create(id) is not IPlanningStrategy strategy)
                continue;
            var planned = strategy.Plan(SizeHistogram.Of(input.Sizes), input.Limits);
            var placements = planned.Plan.Placements.ToArray();
            var plan = PackingPlan.FromPlacements(planned.Plan.Histogram, input.Limits, placements);
            AssertNaive(id, input, plan.Deal(problem).BinOfItem);
            Assert.Equal(planned.Plan.BinCount, plan.BinCount);
            Assert.InRange(planned.Bound.Bins, 0, planned.Plan.BinCount);
        }
    }

    [Property]
    public void The_span_overload_over_long_equals_the_naive_version(PackingCase input) => CheckSpans<long>(input);

    [Property]
    public void The_span_overload_over_int_equals_the_naive_version(PackingCase input) => CheckSpans<int>(input);

    [Property]
    public void The_span_overload_over_uint_equals_the_naive_version(PackingCase input) => CheckSpans<uint>(input);

    [Property]
    public void The_span_overload_over_short_equals_the_naive_version(PackingCase input) => CheckSpans<short>(input);

    [Fact]
    public void Thousands_of_items_equal_the_naive_version()
    {
        var random = new Random(7);
        const int items = 2_500;
        PackingCase[] inputs = [CaseShapes.LogNormal(random, items), CaseShapes.ManyDuplicates(random, items),
            CaseShapes.SparseInts(random, items)];
        foreach (var input in inputs)
        {
            foreach (var id in NaiveHeuristics.Ids)
            {
                AssertNaive(id, input, PackingStrategies.Create(id).Pack(input.ToProblem()).Packing.BinOfItem);
                CheckSpan<int>(id, input);
            }
        }
    }

    private static void CheckSpans<T>(PackingCase input)
        where T : struct, IBinaryInteger<T>, IMinMaxValue<T>
    {
        if (input.Capacity <= long.CreateSaturating(T.MaxValue))
            foreach (var id in NaiveHeuristics.Ids)
                CheckSpan<T>(id, input);
    }

    private static void CheckSpan<T>(string id, PackingCase input)
        where T : struct, IBinaryInteger<T>
    {
        var sizes = Array.ConvertAll(input.Sizes, T.CreateChecked);
        var binOfItem = new int[sizes.Length];
        var bins = SpanOverload.Assign(id, sizes, input.Limits, binOfItem);
        AssertNaive(id, input, binOfItem);
        Assert.Equal(binOfItem.DefaultIfEmpty(-1).Max() + 1, bins);
    }

    private static void AssertNaive(string id, PackingCase input, ReadOnlySpan<int> binOfItem)
    {
        var expected = NaiveHeuristics.Assign(id, input);
        Assert.True(
            binOfItem.SequenceEqual(expected),
            $"{id} on {input}: bins [{string.Join(", ", binOfItem.ToArray())}], not [{string.Join(", ", expected)}].");
    }
}

using System.Globalization;
using FsCheck.Xunit;
using PackingKit.Testing;
using Xunit;

namespace PackingKit.Tests;

[Properties(Arbitrary = [typeof(Arbitraries)], MaxTest = 150)]
public class TightPackingTests
{
    private static readonly SearchOptions HalfSecond = new() { TimeLimit = TimeSpan.FromSeconds(0.5) };

    [Property]
    public void Never_needs_more_bins_than_best_fit_decreasing_and_never_bounds_too_high(SmallCase small)
    {
        var problem = small.Case.ToProblem();
        var result = new TightPacking(HalfSecond).Pack(problem);
        Assert.Empty(PackingValidator.Validate(problem, result.Packing));
        Assert.True(result.BinCount <= new BestFitDecreasing().Pack(problem).BinCount);
        Assert.InRange(BruteForce.Optimum(small.Case), result.Bound.Bins, result.BinCount);
    }

    [Property(MaxTest = 40)]
    public void Packs_every_shape(PackingCase any)
    {
        var problem = any.ToProblem();
        var result = new TightPacking(HalfSecond).Pack(problem);
        Assert.Empty(PackingValidator.Validate(problem, result.Packing));
        var cheap = LowerBounds.Best(problem.Histogram, problem.Limits);
        Assert.InRange(result.Bound.Bins, cheap.Bins, result.BinCount);
    }

    [Fact]
    public void Packs_the_sixteen_million_sequences_of_Wikipedia_into_the_fewest_bins()
    {
        var counts = File.ReadLines(SharedData.Require("data", "lengths", "wikipedia_bert_histogram.csv")).Skip(1)
            .Select(line => Array.ConvertAll(line.Split(','), field => long.Parse(field, CultureInfo.InvariantCulture)))
            .Select(fields => new SizeCount(fields[0], fields[1]));
        var strategy = new TightPacking(new SearchOptions { TimeLimit = TimeSpan.FromSeconds(20) });
        var result = strategy.Plan(SizeHistogram.FromCounts(counts), 512);
        Assert.Equal((8_135_727, 8_135_727), (result.Plan.BinCount, result.Bound.Bins));
        PackingPlan.FromPlacements(result.Plan.Histogram, 512, result.Plan.Placements.ToArray()); // checks every bin
    }

    [Fact]
    public void Raises_the_bound_of_OpenChat_above_every_cheap_rule_and_meets_it()
    {
        var lengths = File.ReadLines(SharedData.Require("data", "lengths", "openchat_v1.csv")).Select(int.Parse).ToArray();
        var problem = PackingProblem.Create(lengths, 2048);
        var result = new TightPacking(new SearchOptions { TimeLimit = TimeSpan.FromSeconds(30) }).Pack(problem);
        Assert.Equal((4664, 4664, "column generation"), (result.BinCount, result.Bound.Bins, result.Bound.Rule));
        Assert.Equal(4663, LowerBounds.Best(problem.Histogram, 2048).Bins);
    }

    [Fact]
    public void A_plan_of_a_trillion_items_costs_what_a_small_one_does()
    {
        const long many = 100_000_000_000;
        long[] sizes = [500, 470, 340, 330, 260, 255, 250, 249, 120, 7];
        var histogram = SizeHistogram.FromCounts(sizes.Select(size => new SizeCount(size, many + size)));
        var result = new TightPacking(new SearchOptions { TimeLimit = TimeSpan.FromSeconds(20) }).Plan(histogram, 1000);
        PackingPlan.FromPlacements(histogram, 1000, result.Plan.Placements.ToArray());
        Assert.True(result.Plan.BinCount < new BestFitDecreasing().Plan(histogram, 1000).Plan.BinCount);
        Assert.InRange(result.Gap, 0, 10_000); // of more than 300 billion: floats carry some 15 digits
    }
}

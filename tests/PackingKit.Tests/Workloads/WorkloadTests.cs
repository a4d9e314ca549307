using FsCheck.Xunit;
using PackingKit.Testing;
using Xunit;

namespace PackingKit.Tests;

[Properties(MaxTest = 100)]
public class WorkloadTests
{
    [Fact]
    public void Uniform_sizes_cover_their_range_and_no_more()
    {
        var sizes = RandomSizes.Uniform(10_000, 20, 100, seed: 5);
        Assert.Equal(Enumerable.Range(20, 81), sizes.Distinct().Order());
        Assert.InRange(sizes.Average(), 59, 61);
    }

    [Fact]
    public void Lognormal_sizes_have_their_median_and_spread_and_are_cut_at_the_ends()
    {
        var sizes = RandomSizes.LogNormal(100_000, median: 400, sigma: 0.5, minSize: 100, maxSize: 2048, seed: 1).Order().ToArray();
        Assert.InRange(sizes[50_000], 395, 405);
        Assert.InRange(sizes[84_134], 400 * Math.Exp(0.49), 400 * Math.Exp(0.51)); // one standard deviation up
        Assert.Equal((100, 2048), (sizes[0], sizes[^1]));
    }

    [Fact]
    public void Weibull_sizes_have_the_scale_where_63_of_100_lie_below()
    {
        var sizes = RandomSizes.Weibull(100_000, scale: 45, shape: 3, minSize: 1, maxSize: 100, seed: 1).Order().ToArray();
        Assert.InRange(sizes[63_212], 44, 46);
        Assert.InRange(sizes.Average(), 39.7, 40.7); // 45 · Γ(4/3) = 40.18
    }

    /// <summary>
    /// These lists must be the same on every machine and in every version: results that are published name only the seed.
    /// </summary>
    [Fact]
    public void Seeds_are_for_ever()
    {
        Assert.Equal("37 67 65 11 79 | 468 543 227 262 179 | 43 6 31 19 94 | 68 67 33 21 11", string.Join(" | ", new IEnumerable<int>[]
        {
            RandomSizes.Uniform(5, 1, 100, seed: 1),
            RandomSizes.LogNormal(5, 400, 1, 1, 2048, seed: 1),
            RandomSizes.Weibull(5, 45, 3, 1, 100, seed: 1),
            ProblemGenerators.FullBins(2, 100, 2, 3, seed: 1).Problem.Histogram.Sizes.ToArray().Select(size => (int)size),
        }.Select(sizes => string.Join(' ', sizes))));
        Assert.NotEqual(RandomSizes.Uniform(5, 1, 100, seed: 1), RandomSizes.Uniform(5, 1, 100, seed: 2));
    }

    [Property]
    public void Planted_problems_are_full_bins(int seed, byte bins)
    {
        foreach (var planted in (PlantedProblem[])[
            ProblemGenerators.FalkenauerTriplets(bins, seed),
            ProblemGenerators.QuarterToHalfTriplets(bins, 10_000, seed),
            ProblemGenerators.QuarterToHalfTriplets(bins, 6 + bins, seed),
            ProblemGenerators.FullBins(bins, 500, 1, 6, seed),
        ])
        {
            Assert.Equal(bins, planted.Optimum);
            Assert.Equal(bins * planted.Problem.Capacity, planted.Problem.TotalSize);
        }
    }

    [Property(MaxTest = 10)]
    public void The_planted_optimum_can_be_reached(ushort seed)
    {
        foreach (var planted in (PlantedProblem[])[
            ProblemGenerators.FalkenauerTriplets(
                5, seed), ProblemGenerators.QuarterToHalfTriplets(5, 100, seed), ProblemGenerators.FullBins(4, 60, 2, 5, seed)])
        {
            var result = new ExactPacking().Pack(planted.Problem);
            Assert.Equal((planted.Optimum, PackingStatus.Optimal), (result.BinCount, result.Status));
        }
    }

    [Property]
    public void Triplets_keep_their_ranges(int seed)
    {
        var falkenauer = ProblemGenerators.FalkenauerTriplets(20, seed).Problem.Histogram;
        Assert.InRange(falkenauer.Sizes[0], 380, 490);
        Assert.True(falkenauer.Sizes[^1] >= 250);
        var quarters = ProblemGenerators.QuarterToHalfTriplets(20, 10_000, seed).Problem.Histogram;
        Assert.True(quarters.Sizes[0] <= 5_000 && quarters.Sizes[^1] >= 2_500);
    }

    [Fact]
    public void Classes_of_the_literature_have_their_sizes_and_capacities()
    {
        AssertRange(ProblemGenerators.FalkenauerUniform(2000, 1), 150, 20, 100);
        AssertRange(ProblemGenerators.Scholl1(2000, 120, 30, 1), 120, 30, 100);
        AssertRange(ProblemGenerators.Scholl2(5000, itemsPerBin: 5, deviation: 50, 1), 1000, 100, 300);
        var third = ProblemGenerators.Scholl3(200, 1);
        Assert.Equal((200, 100_000), (third.ItemCount, third.Capacity));
        Assert.True(third.Histogram.Sizes[0] <= 35_000 && third.Histogram.Sizes[^1] >= 20_000);
    }

    [Fact]
    public void Arguments_out_of_range_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => RandomSizes.Uniform(-1, 1, 2, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => RandomSizes.Uniform(1, 3, 2, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => RandomSizes.Uniform(1, 0, int.MaxValue, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => RandomSizes.LogNormal(1, 0, 1, 1, 2, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => RandomSizes.LogNormal(1, 1, double.NaN, 1, 2, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => RandomSizes.Weibull(1, 45, double.PositiveInfinity, 1, 2, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => ProblemGenerators.FalkenauerTriplets(-1, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => ProblemGenerators.FullBins(1, 3, 1, 4, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => ProblemGenerators.QuarterToHalfTriplets(1, 5, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => ProblemGenerators.Scholl2(1, 1, 0, 0));
        Assert.Empty(RandomSizes.Uniform(0, 1, 2, 0));
    }

    private static void AssertRange(PackingProblem problem, long capacity, long least, long most) =>
        Assert.Equal((capacity, least, most), (problem.Capacity, problem.Histogram.Sizes[^1], problem.Histogram.Sizes[0]));
}

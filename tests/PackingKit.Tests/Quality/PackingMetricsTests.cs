using FsCheck.Xunit;
using PackingKit.Testing;
using Xunit;

namespace PackingKit.Tests;

[Properties(Arbitrary = [typeof(Arbitraries)])]
public class PackingMetricsTests
{
    [Property]
    public void Figures_equal_the_naive_ones(PackingCase input)
    {
        var binOfItem = NaiveStrategies.Assign("ff", input);
        var loads = Enumerable.Range(0, binOfItem.DefaultIfEmpty(-1).Max() + 1)
            .Select(bin => input.Sizes.Where((_, item) => binOfItem[item] == bin).Sum()).ToArray();
        var metrics = PackingMetrics.Of(input.ToProblem(), Packing.FromAssignment(binOfItem, loads.Length));

        Assert.Equal((loads.Length, input.Sizes.Length), (metrics.BinCount, metrics.ItemCount));
        Assert.Equal(input.TotalSize, metrics.TotalSize);
        Assert.Equal((Int128)loads.Length * input.Capacity, metrics.TotalCapacity);
        Assert.Equal(metrics.TotalCapacity - input.TotalSize, metrics.Waste);
        Assert.Equal((loads.DefaultIfEmpty().Min(), loads.DefaultIfEmpty().Max()), (metrics.MinLoad, metrics.MaxLoad));
        Assert.Equal(LowerBounds.Best(input.ToHistogram(), input.Limits).Bins, metrics.Bound.Bins);
        Assert.Equal(loads.Length - metrics.Bound.Bins, metrics.Gap);

        var mean = loads.Length == 0 ? 0 : loads.Average(load => (double)load);
        var deviation = loads.Length == 0 ? 0 : Math.Sqrt(loads.Average(load => (load - mean) * (load - mean)));
        AssertClose(mean, metrics.LoadMean, input.Capacity);
        AssertClose(deviation, metrics.LoadStandardDeviation, input.Capacity);
        AssertClose(loads.Length == 0 ? 1 : mean / input.Capacity, metrics.Fill, 1);
    }

    [Fact]
    public void A_packing_of_another_problem_is_refused()
    {
        var problem = PackingProblem.Create([1, 2], 10);
        Refused.Null("problem", () => PackingMetrics.Of(null!, Packing.Empty));
        Refused.Null("packing", () => PackingMetrics.Of(problem, null!));
        Refused.Wrong(
            "packing", () => PackingMetrics.Of(problem, Packing.FromAssignment([0, 0, 0], 1)), "The packing has 3 items, the problem 2.");
    }

    private static void AssertClose(double expected, double actual, double scale) => Assert.Equal(expected / scale, actual / scale, 1e-12);
}

using FsCheck.Xunit;
using PackingKit.Testing;
using Xunit;

namespace PackingKit.Tests;

[Properties(Arbitrary = [typeof(Arbitraries)])]
public class DistributionTests
{
    [Property]
    public void Figures_of_counted_values_are_those_of_the_values_in_order(PackingCase input)
    {
        long[] sorted = [.. input.Sizes.Order()];
        var figures = Distribution.Of(input.ToHistogram());
        Assert.Equal(sorted.Length, figures.Count);
        if (sorted.Length == 0)
        {
            Assert.Equal((0.0, 0.0, 0L, 0L), (figures.Mean, figures.StandardDeviation, figures.Min, figures.Max));
            return;
        }
        long AtMost(int percent) => sorted.First(value => 100L * sorted.Count(other => other <= value) >= (long)percent * sorted.Length);
        Assert.Equal((sorted[0], sorted[^1]), (figures.Min, figures.Max));
        Assert.Equal(
            (AtMost(1), AtMost(10), AtMost(25), AtMost(50), AtMost(75), AtMost(90), AtMost(99)),
            (figures.Percentile1, figures.Percentile10, figures.LowerQuartile, figures.Median, figures.UpperQuartile,
                figures.Percentile90, figures.Percentile99));
        var mean = sorted.Average(value => (double)value);
        var deviation = Math.Sqrt(sorted.Average(value => (value - mean) * (value - mean)));
        Assert.Equal(mean / input.Capacity, figures.Mean / input.Capacity, 1e-9);
        Assert.Equal(deviation / input.Capacity, figures.StandardDeviation / input.Capacity, 1e-6);
    }

    [Fact]
    public void As_many_values_as_no_memory_holds_are_described()
    {
        var figures = Distribution.Of(SizeHistogram.FromCounts([new(1, 900_000_000_000), new(2, 100_000_000_000)]));
        Assert.Equal((1L, 1L, 2L, 1.1), (figures.Median, figures.Percentile90, figures.Percentile99, Math.Round(figures.Mean, 9)));
    }

    [Fact]
    public void Nothing_is_refused_by_name() => Refused.Null("values", () => Distribution.Of(null!));
}

using PackingKit.Testing;
using Xunit;

namespace PackingKit.Tests;

public class FittedSizesTests
{
    [Theory]
    [InlineData(SizeFamily.LogNormal)]
    [InlineData(SizeFamily.Weibull)]
    [InlineData(SizeFamily.Uniform)]
    public void Sizes_drawn_from_a_family_are_fitted_by_it_and_drawn_again_alike(SizeFamily family)
    {
        int[] sizes = family switch
        {
            SizeFamily.LogNormal => RandomSizes.LogNormal(20_000, 400, 0.6, 1, 100_000, seed: 3),
            SizeFamily.Weibull => RandomSizes.Weibull(20_000, 450, 3, 1, 100_000, seed: 3),
            _ => RandomSizes.Uniform(20_000, 50, 5000, seed: 3),
        };
        var fit = FittedSizes.Of(SizeHistogram.Of(sizes));
        Assert.Equal((family, sizes.Min(), sizes.Max()), (fit.Family, fit.MinSize, fit.MaxSize));
        Assert.InRange(fit.Distance, 0, 0.02);
        if (family == SizeFamily.LogNormal)
            Assert.Equal((4, 0.6), (Math.Round(fit.Scale / 100), Math.Round(fit.Shape, 1)));
        if (family == SizeFamily.Weibull)
            Assert.Equal((45, 3), (Math.Round(fit.Scale / 10), Math.Round(fit.Shape)));
        var again = fit.Draw(20_000, seed: 4);
        Assert.InRange(again.Average() / sizes.Average(), 0.97, 1.03);
        Assert.Equal(again, fit.Draw(20_000, seed: 4));
    }

    [Fact]
    public void The_distance_is_the_largest_difference_of_shares()
    {
        // Nine of ten are 1 and one is 10: nearest to uniform on 1 to 10 it is not.
        int[] sizes = [1, 1, 1, 1, 1, 1, 1, 1, 1, 10];
        var uniform = FittedSizes.Of(SizeHistogram.Of(Enumerable.Range(1, 10).Select(size => (long)size).ToArray()));
        Assert.Equal((SizeFamily.Uniform, 0.0), (uniform.Family, Math.Round(uniform.Distance, 9)));
        Assert.InRange(FittedSizes.Of(SizeHistogram.Of(sizes)).Distance, 0.1, 0.9);
    }

    [Fact]
    public void What_cannot_be_fitted_is_refused()
    {
        Refused.Null("sizes", () => FittedSizes.Of(null!));
        Refused.Wrong("sizes", () => FittedSizes.Of(SizeHistogram.Of([7, 7])), "There are 1 distinct sizes; a fit needs two.");
        Refused.OutOfRange("sizes", () => FittedSizes.Of(SizeHistogram.Of([1, int.MaxValue])));
    }
}

using System.Globalization;
using MathNet.Numerics.Distributions;

namespace PackingKit;

/// <summary>A distribution like that of given sizes, to draw any number of others from.</summary>
/// <param name="Family">Which distribution.</param>
/// <param name="Scale">Median of the log-normal, scale of the Weibull distribution; not used by the uniform one.</param>
/// <param name="Shape">Sigma of the log-normal, shape of the Weibull distribution; not used by the uniform one.</param>
/// <param name="MinSize">What smaller values are raised to.</param>
/// <param name="MaxSize">What larger values are cut to.</param>
/// <param name="Distance">
/// The most by which the share of sizes up to any one differs from the given ones (Kolmogorov and Smirnov), from 0 to 1.
/// </param>
public sealed record FittedSizes(SizeFamily Family, double Scale, double Shape, int MinSize, int MaxSize, double Distance)
{
    /// <summary>As many sizes are looked at: a fit gains nothing from more.</summary>
    private const int MostSamples = 100_000;

    /// <summary>What stands for size 0, which has no logarithm.</summary>
    private const double Zero = 0.5;

    /// <summary>Fits every family by its estimator and takes the one at the least distance. O(D), and some 10^5 logarithms.</summary>
    /// <param name="sizes">At least two distinct sizes, the largest below <see cref="int.MaxValue"/>.</param>
    /// <exception cref="ArgumentException">There are fewer than two distinct sizes.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A size is too large.</exception>
    public static FittedSizes Of(SizeHistogram sizes)
    {
        ArgumentNullException.ThrowIfNull(sizes);
        if (sizes.DistinctCount < 2)
            throw new ArgumentException($"There are {sizes.DistinctCount} distinct sizes; a fit needs two.", nameof(sizes));
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(sizes.Sizes[0], int.MaxValue, nameof(sizes));
        var (min, max) = ((int)sizes.Sizes[^1], (int)sizes.Sizes[0]);
        double[] samples = [.. Samples(sizes)];
        var logNormal = LogNormal.Estimate(samples);
        var weibull = Weibull.Estimate(samples);
        return new[]
        {
            new FittedSizes(
                SizeFamily.LogNormal, logNormal.Median, logNormal.Sigma, min, max,
                DistanceOf(sizes, size => logNormal.CumulativeDistribution(size))),
            new FittedSizes(
                SizeFamily.Weibull, weibull.Scale, weibull.Shape, min, max,
                DistanceOf(sizes, size => weibull.CumulativeDistribution(size))),
            new FittedSizes(
                SizeFamily.Uniform, 0, 0, min, max, DistanceOf(sizes, size => (size - min + 0.5) / (max - min + 1.0))),
        }.Where(fit => double.IsFinite(fit.Distance)).MinBy(fit => fit.Distance)!;
    }

    /// <summary>Draws sizes. O(count).</summary>
    /// <param name="count">Number of sizes, not negative.</param>
    /// <param name="seed">Seed of the generator.</param>
    /// <exception cref="ArgumentOutOfRangeException">The count is negative.</exception>
    public int[] Draw(int count, int seed) => Family switch
    {
        SizeFamily.LogNormal => RandomSizes.LogNormal(count, Scale, Shape, MinSize, MaxSize, seed),
        SizeFamily.Weibull => RandomSizes.Weibull(count, Scale, Shape, MinSize, MaxSize, seed),
        _ => RandomSizes.Uniform(count, MinSize, MaxSize, seed),
    };

    /// <summary>"log-normal, median 1020, sigma 0.99, cut to 2..14050".</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"{Words()}, {(Family == SizeFamily.Uniform ? "from" : "cut to")} {MinSize}..{MaxSize}");

    private string Words() => Family switch
    {
        SizeFamily.LogNormal => string.Create(CultureInfo.InvariantCulture, $"log-normal, median {Scale:G5}, sigma {Shape:G4}"),
        SizeFamily.Weibull => string.Create(CultureInfo.InvariantCulture, $"Weibull, scale {Scale:G5}, shape {Shape:G4}"),
        _ => "uniform",
    };

    /// <summary>Sizes as often as they occur, or in proportion where there are too many.</summary>
    private static IEnumerable<double> Samples(SizeHistogram sizes)
    {
        var share = Math.Min(1, MostSamples / (double)sizes.ItemCount);
        foreach (var (size, count) in sizes.Pairs())
            for (var left = Math.Max(1, (long)Math.Round(count * share)); left > 0; left--)
                yield return Math.Max(size, Zero);
    }

    /// <summary>The largest difference of the shares up to a size. Values are rounded to the nearest, and all cut to the largest.</summary>
    private static double DistanceOf(SizeHistogram sizes, Func<double, double> cumulative)
    {
        var (distance, above) = (0.0, 0L);
        for (var i = 0; i < sizes.DistinctCount; i++)
        {
            var upTo = 1 - (above / (double)sizes.ItemCount);
            distance = Math.Max(distance, Math.Abs(upTo - (i == 0 ? 1 : cumulative(sizes.Sizes[i] + 0.5))));
            above += sizes.Counts[i];
        }
        return distance;
    }
}

using MathNet.Numerics.Distributions;
using MathNet.Numerics.Random;

namespace PackingKit;

/// <summary>Lists of sizes from the distributions that sequence lengths and packing papers use.</summary>
/// <remarks>
/// A seed repeats its list (Mersenne Twister). Real values are rounded to the nearest integer and then cut to the range, as documents are
/// cut at the longest sequence: mass outside the range gathers at its ends. O(count).
/// </remarks>
public static class RandomSizes
{
    /// <summary>Every size from <paramref name="minSize"/> to <paramref name="maxSize"/> equally likely.</summary>
    /// <param name="count">Number of sizes, not negative.</param>
    /// <param name="minSize">The smallest size, not negative.</param>
    /// <param name="maxSize">The largest size, at least <paramref name="minSize"/>, below <see cref="int.MaxValue"/>.</param>
    /// <param name="seed">Seed of the generator.</param>
    /// <exception cref="ArgumentOutOfRangeException">An argument is out of its range.</exception>
    public static int[] Uniform(int count, int minSize, int maxSize, int seed)
    {
        Check(count, minSize, maxSize);
        var random = new MersenneTwister(seed);
        return [.. Enumerable.Range(0, count).Select(_ => random.Next(minSize, maxSize + 1))];
    }

    /// <summary>
    /// A lognormal distribution: lengths of documents and prompts. exp(N(ln <paramref name="median"/>, <paramref name="sigma"/>²)).
    /// </summary>
    /// <param name="count">Number of sizes, not negative.</param>
    /// <param name="median">Half of the values, before they are limited to the range, are below it; above 0.</param>
    /// <param name="sigma">Standard deviation of the logarithm, above 0.</param>
    /// <param name="minSize">What smaller values are raised to, not negative.</param>
    /// <param name="maxSize">What larger values are cut to, at least <paramref name="minSize"/>, below <see cref="int.MaxValue"/>.</param>
    /// <param name="seed">Seed of the generator.</param>
    /// <exception cref="ArgumentOutOfRangeException">An argument is out of its range.</exception>
    public static int[] LogNormal(int count, double median, double sigma, int minSize, int maxSize, int seed)
    {
        CheckPositive(median, nameof(median));
        CheckPositive(sigma, nameof(sigma));
        return Draw(new LogNormal(Math.Log(median), sigma, new MersenneTwister(seed)), count, minSize, maxSize);
    }

    /// <summary>
    /// A Weibull distribution; scale 45 and shape 3 in bins of 100 is the arena of online heuristics found by search (Romera-Paredes et
    /// al., Nature 625, 2024).
    /// </summary>
    /// <param name="count">Number of sizes, not negative.</param>
    /// <param name="scale">About 63 of 100 uncut values lie below it; above 0.</param>
    /// <param name="shape">Above 0; the larger, the closer values lie to the scale.</param>
    /// <param name="minSize">What smaller values are raised to, not negative.</param>
    /// <param name="maxSize">What larger values are cut to, at least <paramref name="minSize"/>, below <see cref="int.MaxValue"/>.</param>
    /// <param name="seed">Seed of the generator.</param>
    /// <exception cref="ArgumentOutOfRangeException">An argument is out of its range.</exception>
    public static int[] Weibull(int count, double scale, double shape, int minSize, int maxSize, int seed)
    {
        CheckPositive(scale, nameof(scale));
        CheckPositive(shape, nameof(shape));
        return Draw(new Weibull(shape, scale, new MersenneTwister(seed)), count, minSize, maxSize);
    }

    private static int[] Draw(IContinuousDistribution distribution, int count, int minSize, int maxSize)
    {
        Check(count, minSize, maxSize);
        var values = new double[count];
        distribution.Samples(values);
        return Array.ConvertAll(values, value => (int)Math.Clamp(Math.Round(value), minSize, maxSize));
    }

    private static void Check(int count, int minSize, int maxSize)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfNegative(minSize);
        ArgumentOutOfRangeException.ThrowIfLessThan(maxSize, minSize);
        ArgumentOutOfRangeException.ThrowIfEqual(maxSize, int.MaxValue);
    }

    private static void CheckPositive(double value, string name)
    {
        if (!(value > 0 && double.IsFinite(value)))
            throw new ArgumentOutOfRangeException(name, value, "The value must be finite and above 0.");
    }
}

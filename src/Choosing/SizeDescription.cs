using System.Globalization;
using MathNet.Numerics;

namespace PackingKit;

/// <summary>What there is to know of sizes and limits before anything is packed.</summary>
public sealed record SizeDescription
{
    /// <summary>The sizes, counted.</summary>
    public required SizeHistogram Histogram { get; init; }

    /// <summary>What one bin takes.</summary>
    public required BinLimits Limits { get; init; }

    /// <summary>Digits after the decimal point of the unit in which sizes and capacity count; 0 for whole numbers.</summary>
    public int Decimals { get; init; }

    /// <summary>How the sizes are spread.</summary>
    public required Distribution Sizes { get; init; }

    /// <summary>Number of items above half the capacity: each needs a bin of its own.</summary>
    public required long AboveHalf { get; init; }

    /// <summary>Number of items above a third of the capacity: at most two share a bin.</summary>
    public required long AboveThird { get; init; }

    /// <summary>The size that most items have, of several the largest; the default value where there are no items.</summary>
    public required SizeCount MostFrequent { get; init; }

    /// <summary>The largest number that divides every size; 0 where all are 0.</summary>
    public required long GreatestCommonDivisor { get; init; }

    /// <summary>Bounds on the number of bins, each with its rule: L1, L2, dual feasible functions.</summary>
    public required ValueList<LowerBound> Bounds { get; init; }

    /// <summary>What is worth a remark, most important first.</summary>
    public required ValueList<Finding> Hints { get; init; }

    /// <summary>The highest of <see cref="Bounds"/>, of equal ones the first.</summary>
    public LowerBound Bound => Bounds.Aggregate(LowerBound.Max);

    /// <summary>Describes counted sizes. Up to a millisecond, in O(D) but for the bounds.</summary>
    /// <param name="histogram">Sizes at most the capacity.</param>
    /// <param name="limits">What one bin takes.</param>
    /// <param name="decimals">Digits after the decimal point of the unit, from 0 to 28; for what is said in words alone.</param>
    /// <exception cref="ArgumentOutOfRangeException">
    /// A size is above the capacity, the limits are the default value, or the decimals out of their range.
    /// </exception>
    public static SizeDescription Of(SizeHistogram histogram, BinLimits limits, int decimals = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(decimals);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(decimals, 28);
        ValueList<LowerBound> bounds =
        [
            new(LowerBounds.L1(histogram, limits), BoundRule.L1),
            new(LowerBounds.L2(histogram, limits), BoundRule.L2),
            new(LowerBounds.DualFeasible(histogram, limits), BoundRule.DualFeasible),
        ];
        var description = new SizeDescription
        {
            Histogram = histogram,
            Limits = limits,
            Decimals = decimals,
            Sizes = Distribution.Of(histogram),
            AboveHalf = Above(2),
            AboveThird = Above(3),
            MostFrequent = histogram.Pairs().MaxBy(pair => pair.Count),
            GreatestCommonDivisor = Euclid.GreatestCommonDivisor(histogram.Sizes.ToArray()),
            Bounds = bounds,
            Hints = [],
        };
        return description with { Hints = DescriptionHints.Of(description) };

        long Above(int parts) => histogram.Pairs()
            .TakeWhile(pair => (Int128)pair.Size * parts > limits.Capacity).Sum(pair => pair.Count);
    }

    /// <summary>A size or a capacity as the input measures it, in every culture alike: "2,048", "1.5".</summary>
    public string InUnits(long units) => Decimals == 0 ? units.ToString("N0", CultureInfo.InvariantCulture)
        : (units * new decimal(1, 0, 0, false, (byte)Decimals)).ToString(CultureInfo.InvariantCulture);
}

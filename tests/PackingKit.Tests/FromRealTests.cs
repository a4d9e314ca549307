using System.Globalization;
using System.Numerics;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using PackingKit.Testing;
using Xunit;

namespace PackingKit.Tests;

/// <summary>Real sizes: whatever fits after rounding fits before it, in exact arithmetic.</summary>
[Properties(Arbitrary = [typeof(RealCases)], MaxTest = 500)]
public class FromRealTests
{
    public sealed record RealCase(double[] Sizes, double Capacity, long Resolution)
    {
        public override string ToString() =>
            $"[{string.Join(", ", Sizes.Select(Exact))}] into {Exact(Capacity)}, {Resolution} units";

        private static string Exact(double size) => size.ToString("R", CultureInfo.InvariantCulture);
    }

    public static class RealCases
    {
        public static Arbitrary<RealCase> Cases() => Arb.From(
            from random in Gen.Choose(0, int.MaxValue).Select(seed => new Random(seed))
            from items in Gen.Choose(0, 30)
            from capacity in Gen.Elements(0.3, 1.0, 1e-310, double.Epsilon, 1e300, double.MaxValue, Math.PI, 4096.0)
            from resolution in Gen.Elements(1L, 3L, 1000L, 1L << 40, 1L << 52)
            from grid in Gen.Elements(0, 3, 10)
            let sizes = Enumerable.Range(
                0, items).Select(_ => grid == 0 ? random.NextDouble() * capacity : capacity * random.Next(grid + 1) / grid)
            select new RealCase([.. sizes], capacity, resolution),
            of => of.Sizes.Select((_, item) => of with { Sizes = [.. of.Sizes[..item], .. of.Sizes[(item + 1)..]] }));
    }

    [Property]
    public void A_packing_of_the_rounded_problem_fits_the_real_one(RealCase input)
    {
        var problem = PackingProblem.FromReal(Fitting(input), input.Capacity, input.Resolution);
        foreach (var bin in new BestFitDecreasing().Pack(problem).Packing.Bins)
        {
            BigInteger load = 0;
            foreach (var item in bin.Items)
                load += Exact(Fitting(input)[item]);
            Assert.True(load <= Exact(input.Capacity));
        }
    }

    [Property]
    public void Sizes_are_rounded_up_to_the_next_unit_and_no_further(RealCase input)
    {
        var sizes = Fitting(input);
        var problem = PackingProblem.FromReal(sizes, input.Capacity, input.Resolution);
        Assert.Equal(input.Resolution, problem.Capacity);
        for (var item = 0; item < sizes.Length; item++)
        {
            // units / resolution >= size / capacity > (units - 1) / resolution
            var need = Exact(sizes[item]) * input.Resolution;
            Assert.True(problem[item] * Exact(input.Capacity) >= need);
            Assert.True(problem[item] == 0 ? need.IsZero : (problem[item] - 1) * Exact(input.Capacity) < need);
        }
    }

    [Fact]
    public void Three_times_a_tenth_does_not_fit_three_tenths_in_binary()
    {
        // 0.1 is a little above a tenth and 0.3 a little below three: the documentation says to scale to integers instead.
        Assert.Equal(2, new BestFitDecreasing().Pack(PackingProblem.FromReal([0.1, 0.1, 0.1], 0.3)).BinCount);
        Assert.Equal(1, new BestFitDecreasing().Pack(PackingProblem.Create([1L, 1L, 1L], 3)).BinCount);
    }

    [Fact]
    public void Three_times_a_tenth_fits_three_tenths_in_decimals()
    {
        Assert.Equal(1, new BestFitDecreasing().Pack(PackingProblem.FromReal([0.1m, 0.1m, 0.1m], 0.3m)).BinCount);
        Assert.Equal(PackingProblem.Create([7250L, 25, 0], 7250L), PackingProblem.FromReal([72.50m, 0.250m, 0.000m], 72.5m));
        Assert.Equal(PackingProblem.Create([1L, 1], new BinLimits(30, 2)), PackingProblem.FromReal([0.1m, 0.1m], 3.0m, maxItems: 2));
        Assert.Equal(PackingProblem.Create([1L], long.MaxValue), PackingProblem.FromReal([1e-18m], 9.223372036854775807m));
        Assert.Equal(1L << 40, PackingProblem.FromReal([], 1).Capacity); // whole numbers are real numbers as before
    }

    [Fact]
    public void Decimals_out_of_range_are_named()
    {
        Refused.OutOfRange("sizes", () => PackingProblem.FromReal([0.5m, -0.1m], 1m), "Item 1 has size -0.1, outside 0..1.");
        Refused.OutOfRange("sizes", () => PackingProblem.FromReal([0.5m, 1.1m], 1m), "Item 1 has size 1.1, outside 0..1.");
        Refused.OutOfRange("capacity", () => PackingProblem.FromReal([0.5m], 0m));
        Refused.OutOfRange("capacity", () => PackingProblem.FromReal([0.5m], decimal.MaxValue));
        Refused.OutOfRange("capacity", () => PackingProblem.FromReal([1e-28m], 10m), "With 28 decimals the capacity 10 leaves");
    }

    [Fact]
    public void Powers_of_two_are_exact()
    {
        var problem = PackingProblem.FromReal([0.5, 0.25, 0.25, 0, 1], 1, resolution: 4);
        Assert.Equal([2, 1, 1, 0, 4], Enumerable.Range(0, 5).Select(item => problem[item]));
    }

    [Fact]
    public void An_item_limit_is_kept() => Assert.Equal(2, PackingProblem.FromReal([0.5], 1, maxItems: 2).Limits.MaxItems);

    [Theory]
    [InlineData(double.NaN), InlineData(double.PositiveInfinity), InlineData(-0.1), InlineData(1.5)]
    public void A_bad_size_is_named_with_index_and_value(double size)
    {
        Refused.OutOfRange("sizes", () => PackingProblem.FromReal([0.5, size], 1), $"Item 1 has size {size:R}, outside 0..1.");
    }

    [Theory]
    [InlineData(double.NaN), InlineData(double.PositiveInfinity), InlineData(0.0), InlineData(-1.0)]
    public void A_bad_capacity_is_refused(double capacity) =>
        Refused.OutOfRange("capacity", () => PackingProblem.FromReal([], capacity));

    [Theory]
    [InlineData(0), InlineData((1L << 52) + 1)]
    public void A_resolution_out_of_range_is_refused(long resolution) =>
        Refused.OutOfRange("resolution", () => PackingProblem.FromReal([], 1, resolution));

    private static double[] Fitting(RealCase input) => Array.ConvertAll(input.Sizes, size => Math.Min(size, input.Capacity));

    /// <summary>The value as a whole number of the smallest doubles.</summary>
    private static BigInteger Exact(double value)
    {
        var bits = BitConverter.DoubleToInt64Bits(value);
        var (exponent, fraction) = ((int)(bits >> 52), bits & ((1L << 52) - 1));
        return exponent == 0 ? fraction : new BigInteger(fraction | (1L << 52)) << (exponent - 1);
    }
}

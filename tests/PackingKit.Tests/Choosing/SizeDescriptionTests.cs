using System.Numerics;
using FsCheck.Xunit;
using PackingKit.Testing;
using Xunit;

namespace PackingKit.Tests;

[Properties(Arbitrary = [typeof(Arbitraries)])]
public class SizeDescriptionTests
{
    [Property]
    public void Shares_divisor_and_bounds_are_those_of_the_sizes(PackingCase input)
    {
        var description = SizeDescription.Of(input.ToHistogram(), input.Limits);
        Assert.Equal(input.Sizes.LongCount(size => (Int128)size * 2 > input.Capacity), description.AboveHalf);
        Assert.Equal(input.Sizes.LongCount(size => (Int128)size * 3 > input.Capacity), description.AboveThird);
        Assert.Equal(
            input.Sizes.Aggregate(BigInteger.Zero, (divisor, size) => BigInteger.GreatestCommonDivisor(divisor, size)),
            description.GreatestCommonDivisor);
        var bounds = description.Bounds.Select(bound => bound.Bins).ToArray();
        Assert.Equal(
            [LowerBounds.L1(input.ToHistogram(), input.Limits), LowerBounds.L2(input.ToHistogram(), input.Limits)], bounds[..2]);
        Assert.Equal(bounds.Max(), description.Bound.Bins);
        if (input.Sizes.Length == 0)
            return;
        var most = input.Sizes.GroupBy(size => size).OrderByDescending(same => same.Count()).ThenByDescending(same => same.Key).First();
        Assert.Equal((most.Key, (long)most.Count()), (description.MostFrequent.Size, description.MostFrequent.Count));
    }

    [Theory]
    [InlineData("cut", 0.8, 100, 100, 100, 100, 100, 100, 100, 100, 100, 100, 100, 100, 100, 30, 40, 50)]
    [InlineData("divisor", 10, 105, 10, 20, 20, 30)]
    [InlineData("large", 0.75, 100, 51, 60, 70, 20)]
    [InlineData("threes", 30, 100, 26, 30, 33, 41, 45)]
    [InlineData("small", 9, 100, 3, 4, 5, 9)]
    public void A_hint_has_the_number_that_its_rule_rests_on(string rule, double number, int capacity, params int[] sizes)
    {
        var hint = Assert.Single(SizeDescription.Of(SizeHistogram.Of(sizes), capacity).Hints, hint => hint.Rule == rule);
        Assert.Equal(number, hint.Number, 9);
    }

    [Theory]
    [InlineData("cut", 100, 100, 30, 40, 50, 60)] // chance
    [InlineData("cut", 100, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7)] // no more frequent than another
    [InlineData("divisor", 60, 15, 30, 45)] // all of it can be filled
    [InlineData("large", 10, 9)]
    [InlineData("small", 10, 0, 0)]
    public void A_hint_that_says_nothing_is_not_given(string rule, int capacity, params int[] sizes) =>
        Assert.DoesNotContain(SizeDescription.Of(SizeHistogram.Of(sizes), capacity).Hints, hint => hint.Rule == rule);

    [Fact]
    public void The_limit_of_items_is_named_where_it_decides()
    {
        Assert.Contains(SizeDescription.Of(SizeHistogram.Of([40, 41, 42, 43]), new(1000, 2)).Hints, hint => hint.Rule == "item-limit");
        Assert.DoesNotContain(
            SizeDescription.Of(SizeHistogram.Of([400, 410, 420, 430]), new(1000, 3)).Hints, hint => hint.Rule == "item-limit");
    }

    [Fact]
    public void Decimals_are_said_as_the_input_has_them_in_every_culture()
    {
        var description = SizeDescription.Of(SizeHistogram.Of([725, 1450]), 14520, decimals: 2);
        Assert.Equal(("145.20", "7.25"), (description.InUnits(14520), description.InUnits(725)));
        Assert.Equal("14,520", SizeDescription.Of(SizeHistogram.Empty, 14520).InUnits(14520));
    }

    [Fact]
    public void What_cannot_be_described_is_refused_by_name()
    {
        Refused.OutOfRange("histogram", () => SizeDescription.Of(SizeHistogram.Of([11]), 10));
        Refused.OutOfRange("limits", () => SizeDescription.Of(SizeHistogram.Empty, default));
        Refused.OutOfRange("decimals", () => SizeDescription.Of(SizeHistogram.Empty, 10, decimals: 29));
    }
}

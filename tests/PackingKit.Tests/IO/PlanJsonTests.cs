using System.Text.RegularExpressions;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using Xunit;

namespace PackingKit.Tests;

public partial class PlanJsonTests
{
    private const string Golden =
        """{"format":"packingkit-plan","version":1,"capacity":10,"histogram":[[6,2],[4,3]]"""
        + ""","placements":[[6,0,2,1],[4,0,2,1],[4,2,1,1]],"maxItems":5}""";

    private static readonly Arbitrary<(int[] Sizes, int Capacity, int? MaxItems)> Problems = Arb.From(
        from capacity in Gen.Choose(1, 30)
        from sizes in Gen.Choose(0, capacity).ArrayOf()
        from limit in Gen.Choose(0, 4)
        select (sizes, capacity, limit == 0 ? (int?)null : limit),
        problem => problem.Item1.Select(
            (_, i) => ((int[])[.. problem.Item1[..i], .. problem.Item1[(i + 1)..]], problem.capacity, problem.Item3)));

    [Property]
    public Property A_plan_reads_back_as_written() => Prop.ForAll(Problems, given =>
    {
        var plan = new BestFitDecreasing()
            .Plan(SizeHistogram.Of(given.Sizes), new BinLimits(given.Capacity, given.MaxItems ?? BinLimits.Unlimited)).Plan;
        var read = PlanJson.Read(PlanJson.Write(plan));
        Assert.Equal((plan.Limits, plan.BinCount), (read.Limits, read.BinCount));
        Assert.Equal(plan.Histogram.Pairs(), read.Histogram.Pairs());
        Assert.Equal(plan.Placements.ToArray(), read.Placements.ToArray());
    });

    [Property]
    public Property A_changed_number_gives_another_valid_plan_or_a_format_exception() => Prop.ForAll(
        Problems, Gen.Choose(0, 10_000).ToArbitrary(), Gen.Elements(-1L, 0, 1, 2, 7, long.MaxValue).ToArbitrary(), (given, which, number) =>
    {
        var limits = new BinLimits(given.Capacity, given.MaxItems ?? BinLimits.Unlimited);
        var json = PlanJson.Write(new FirstFitDecreasing().Plan(SizeHistogram.Of(given.Sizes), limits).Plan);
        var numbers = Number().Matches(json);
        var target = numbers[which % numbers.Count];
        var changed = $"{json[..target.Index]}{number}{json[(target.Index + target.Length)..]}";
        try
        {
            var plan = PlanJson.Read(changed);
            PackingPlan.FromPlacements(plan.Histogram, plan.Limits, plan.Placements.ToArray());
        }
        catch (FormatException)
        {
            // Refused: that is right.
        }
    });

    [Fact]
    public void The_json_of_a_plan_has_its_settled_shape()
    {
        var plan = new FirstFitDecreasing().Plan(SizeHistogram.Of([4, 6, 4, 6, 4]), new BinLimits(10, 5)).Plan;
        Assert.Equal(Golden, PlanJson.Write(plan));
    }

    [Theory]
    [InlineData("\"version\":1", "\"version\":2", "Expected format packingkit-plan, version 1; found packingkit-plan, version 2.")]
    [InlineData("packingkit-plan", "else", "Expected format packingkit-plan, version 1; found else, version 1.")]
    [InlineData("[6,2]", "[6,2,1]", "Entry 0 of histogram must be an array of 2 numbers.")]
    [InlineData("[4,2,1,1]", "null", "Entry 2 of placements must be an array of 4 numbers.")]
    [InlineData("[4,3]", "[4,4]", "1 items of size 4 have no place.")]
    [InlineData("\"capacity\":10,", "", "capacity")]
    [InlineData("\"capacity\":10", "\"capacity\":9", "Bin 0 holds 10, above the capacity 9.")]
    [InlineData("\"capacity\":10", "\"capacity\":\"ten\"", "$.capacity")]
    [InlineData("[4,2,1,1]", "[4,3,1,1]", "Bin 2 is empty.")]
    [InlineData("[4,2,1,1]", "[4,9223372036854775807,1,1]", "")]
    [InlineData("}", "", "")]
    public void What_is_not_a_valid_plan_is_refused_with_the_reason(string from, string to, string reason)
    {
        var refused = Assert.Throws<FormatException>(() => PlanJson.Read(Golden.Replace(from, to)));
        Assert.Contains(reason, refused.Message);
    }

    [GeneratedRegex(@"(?<=[:,\[])\d+")]
    private static partial Regex Number();
}

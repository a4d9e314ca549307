using FsCheck.Fluent;
using PackingKit.Testing;
using Xunit;

namespace PackingKit.Tests;

/// <summary>A property is worth as much as the cases that it is shown.</summary>
public class ArbitrariesTests
{
    [Fact]
    public void Cases_of_every_kind_are_drawn()
    {
        var cases = Arbitraries.Cases().Generator.Sample(1_000, 60).ToArray();
        var kinds = new Dictionary<string, Func<PackingCase, bool>>
        {
            ["no items"] = drawn => drawn.Sizes.Length == 0,
            ["with an item limit"] = drawn => drawn.Limits.HasItemLimit,
            ["all sizes equal"] = drawn => drawn.Sizes.Length > 2 && drawn.Sizes.Distinct().Count() == 1,
            ["sizes of zero beside others"] = drawn => drawn.Sizes.Contains(0) && drawn.Sizes.Any(size => size > 0),
            ["a size of a whole bin"] = drawn => drawn.Sizes.Contains(drawn.Capacity),
            ["two sizes of half a bin"] = drawn => drawn.Sizes.Count(size => 2 * (Int128)size == drawn.Capacity) > 1,
            ["many duplicates"] = drawn => drawn.Sizes.Length > 4 * drawn.Sizes.Distinct().Count(),
            ["almost all distinct"] = drawn => drawn.Sizes.Length > 20 && drawn.Sizes.Distinct().Count() == drawn.Sizes.Length,
            ["beyond 32 bits"] = drawn => drawn.Capacity > int.MaxValue,
            ["a total near 64 bits"] = drawn => drawn.TotalSize > long.MaxValue / 10 * 9,
            ["several bins, no waste"] = drawn =>
                drawn.Sizes.Length > 5 && drawn.TotalSize % drawn.Capacity == 0 && drawn.TotalSize / drawn.Capacity > 2,
        };
        Assert.All(kinds, kind => Assert.True(cases.Count(kind.Value) >= 10, $"{cases.Count(kind.Value)} of {cases.Length}: {kind.Key}"));
    }

    [Fact]
    public void Planted_optima_are_what_brute_force_finds()
    {
        var small = Arbitraries.PlantedCases().Generator.Sample(1_000, 10)
            .Where(planted => planted.Case.Sizes.Length <= SmallCase.MaxItems).ToArray();
        Assert.NotEmpty(small);
        Assert.All(small, planted => Assert.Equal(planted.Optimum, BruteForce.Optimum(planted.Case)));
    }
}

using PackingKit.Testing;
using Xunit;

namespace PackingKit.Tests;

/// <summary>Cases are values: what prints alike is alike.</summary>
public class PackingCaseTests
{
    [Fact]
    public void Cases_compare_by_content()
    {
        PackingCase[] equal = [new([1, 2], 3), new([1, 2], new BinLimits(3))];
        Assert.Equal(equal[0], equal[1]);
        Assert.True(equal[0] == equal[1]);
        Assert.Single(equal.ToHashSet());
        Assert.Equal(new SmallCase(equal[0]), new SmallCase(equal[1]));
        Assert.Equal(new PlantedCase(equal[0], 1), new PlantedCase(equal[1], 1));
    }

    [Fact]
    public void Cases_that_differ_in_a_size_their_order_or_a_limit_are_not_equal()
    {
        var one = new PackingCase([1, 2], 3);
        PackingCase[] others = [new([1, 1], 3), new([2, 1], 3), new([1, 2, 0], 3), new([1, 2], 4), new([1, 2], new BinLimits(3, 2))];
        Assert.All(others, other => Assert.NotEqual(one, other));
    }
}

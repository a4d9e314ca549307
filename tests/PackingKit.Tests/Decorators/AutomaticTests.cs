using FsCheck.Xunit;
using PackingKit.Testing;
using Xunit;

namespace PackingKit.Tests;

[Properties(Arbitrary = [typeof(Arbitraries)], MaxTest = 200)]
public class AutomaticTests
{
    [Property]
    public void The_ladder_is_as_good_as_each_of_its_rungs(PackingCase input)
    {
        var problem = input.ToProblem();
        var rungs = Automatic.Ladder.Id["best-of(".Length..^1].Split(',');
        Assert.True(rungs.Length > 1);
        Assert.Equal(rungs.Min(id => PackingStrategies.Create(id).Pack(problem).BinCount), new Automatic().Pack(problem).BinCount);
    }
}

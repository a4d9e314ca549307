using Xunit;

namespace PackingKit.Tests;

public class ModifiedFirstFitTests
{
    [Fact]
    public void Modified_first_fit_gives_large_items_their_company()
    {
        // By hand: in bins of 60 the 36 takes the medium item, 24; then, from behind, 34 and 35 take the smallest small item and the
        // largest that fits beside it.
        var problem = PackingProblem.Create([36, 35, 34, 24, 13, 12, 11, 11], 60);
        var packing = new ModifiedFirstFitDecreasing().Pack(problem).Packing;
        Assert.Equal([[36, 24], [35, 12, 11], [34, 13, 11]], packing.Bins.ToSizes(problem));
    }
}

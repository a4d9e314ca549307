using FsCheck.Xunit;
using PackingKit.Testing;
using Xunit;

namespace PackingKit.Tests;

[Properties(Arbitrary = [typeof(Arbitraries)], MaxTest = 200)]
public class HarmonicTests
{
    [Property]
    public void Any_number_of_classes_packs_every_item(PackingCase input)
    {
        foreach (var classes in (int[])[1, 3])
        {
            var problem = input.ToProblem();
            var result = new Harmonic(classes).Pack(problem);
            Assert.Empty(PackingValidator.Validate(problem, result));
            Assert.True(result.Gap >= 0);
        }
    }

    [Fact]
    public void Harmonic_keeps_its_classes_apart()
    {
        // Capacity 12, three classes: above 6, above 4, the rest.
        var problem = PackingProblem.Create([5, 7, 4, 6, 1, 5, 7], 12);
        Assert.Equal([[5, 6], [7], [4, 1], [5], [7]], new Harmonic(3).Pack(problem).Packing.Bins.ToSizes(problem));
    }
}

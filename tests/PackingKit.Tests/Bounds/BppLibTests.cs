using PackingKit.Testing;
using Xunit;

namespace PackingKit.Tests;

/// <summary>The published figures of 60 instances of BPPLIB, every optimum proved.</summary>
public class BppLibTests
{
    [Fact]
    public void L1_and_L2_are_the_published_ones()
    {
        foreach (var instance in Sample())
        {
            var histogram = instance.Case.ToHistogram();
            Assert.Equal(
                (instance.Name, instance.L1, instance.L2),
                (instance.Name, LowerBounds.L1(histogram, instance.Case.Capacity), LowerBounds.L2(histogram, instance.Case.Capacity)));
        }
    }

    [Fact]
    public void The_optimum_lies_between_the_bound_and_the_bins_of_every_heuristic()
    {
        foreach (var instance in Sample())
        {
            var problem = instance.Case.ToProblem();
            foreach (var id in TextbookHeuristics.Ids)
            {
                var result = PackingStrategies.Create(id).Pack(problem);
                Assert.Empty(PackingValidator.Validate(problem, result.Packing));
                Assert.True(
                    result.Bound.Bins <= instance.Optimum && instance.Optimum <= result.BinCount,
                    $"{id} on {instance}: {result.Bound.Bins}, {instance.Optimum}, {result.BinCount}");
            }
        }
    }

    [Fact]
    public void Best_fit_decreasing_needs_the_published_number_of_bins()
    {
        foreach (var instance in Sample())
            Assert.Equal(
                (instance.Name, instance.BestFitDecreasing),
                (instance.Name, new BestFitDecreasing().Pack(instance.Case.ToProblem()).BinCount));
    }

    private static IReadOnlyList<BppInstance> Sample()
    {
        var instances = BppLib.Require();
        Assert.Equal(60, instances.Count);
        return instances;
    }
}

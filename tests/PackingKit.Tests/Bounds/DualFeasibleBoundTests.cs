using FsCheck.Xunit;
using PackingKit.Testing;
using Xunit;

namespace PackingKit.Tests;

/// <summary>The dual feasible bound, alone and as the bound of the ladder.</summary>
[Properties(Arbitrary = [typeof(Arbitraries)], MaxTest = 200)]
public class DualFeasibleBoundTests
{
    [Property]
    public void The_dual_feasible_bound_is_never_above_the_optimum(SmallCase input)
    {
        var (histogram, problem) = (input.Case.ToHistogram(), input.Case);
        Assert.InRange(
            LowerBounds.DualFeasible(histogram, problem.Limits), LowerBounds.L1(
                histogram, problem.Limits), BruteForce.Optimum(problem));
        Assert.True(new Automatic().Plan(histogram, problem.Limits).Bound.Bins <= BruteForce.Optimum(problem));
    }

    [Fact]
    public void The_dual_feasible_bound_is_never_above_a_planted_or_a_published_optimum()
    {
        for (var seed = 0; seed < 200; seed++)
        {
            var planted = seed % 2 == 0 ? CaseShapes.Triplets(new Random(seed), 60) : CaseShapes.FullBins(new Random(seed), 60);
            Assert.True(LowerBounds.DualFeasible(planted.Case.ToHistogram(), planted.Case.Capacity) <= planted.Optimum);
        }
        foreach (var instance in BppLib.Require())
            Assert.InRange(
                new Automatic().Plan(instance.Case.ToHistogram(), instance.Case.Capacity).Bound.Bins, instance.L2, instance.Optimum);
    }

    [Fact]
    public void The_dual_feasible_bound_sees_what_the_others_do_not()
    {
        // Nine items of 34 in bins of 100: two a bin, so five bins. L1 and L2 say four.
        var histogram = SizeHistogram.Of(Enumerable.Repeat(34, 9).ToArray());
        Assert.Equal(5, LowerBounds.DualFeasible(histogram, 100));
        var result = new Automatic().Plan(histogram, 100);
        Assert.Equal((5L, "DFF", PackingStatus.Optimal), (result.Bound.Bins, result.Bound.Rule, result.Status));
        Assert.Equal(4, LowerBounds.L2(histogram, 100));
    }
}

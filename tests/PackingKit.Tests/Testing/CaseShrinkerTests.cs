using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using PackingKit.Testing;
using Xunit;

namespace PackingKit.Tests;

/// <summary>The tests' own tools: a counterexample has to be small to be of use.</summary>
[Properties(Arbitrary = [typeof(Arbitraries)])]
public class CaseShrinkerTests
{
    [Property]
    public void Every_step_is_a_valid_case_and_smaller(PackingCase input)
    {
        foreach (var smaller in CaseShrinker.Shrink(input))
        {
            Assert.Equal(smaller.Sizes.Length, smaller.ToProblem().ItemCount);
            Assert.True(Weight(smaller) < Weight(input), $"{input} to {smaller}");
        }
    }

    [Theory]
    [InlineData(1UL), InlineData(2UL), InlineData(3UL)]
    public void That_first_fit_meets_the_continuous_bound_is_refuted_with_three_items(ulong seed)
    {
        var counterexample = Refute(seed, input =>
            new FirstFit().Pack(
                PackingProblem.Create(input.Sizes, input.Capacity)).BinCount == LowerBounds.L1(input.ToHistogram(), input.Capacity));
        Assert.InRange(counterexample.Sizes.Length, 2, 3);
        Assert.InRange(counterexample.Capacity, 1, 10);
        Assert.False(counterexample.Limits.HasItemLimit);
    }

    [Theory]
    [InlineData(1UL), InlineData(2UL), InlineData(3UL)]
    public void That_first_fit_is_as_good_as_first_fit_decreasing_is_refuted_with_few_items(ulong seed)
    {
        var counterexample = Refute(seed, input =>
            new FirstFit().Pack(input.ToProblem()).BinCount <= new FirstFitDecreasing().Pack(input.ToProblem()).BinCount);
        Assert.InRange(counterexample.Sizes.Length, 3, 6);
    }

    /// <summary>The shrunk counterexample of a property that is false: the last case that it was seen to fail on.</summary>
    private static PackingCase Refute(ulong seed, Func<PackingCase, bool> claim)
    {
        PackingCase? last = null;
        var property = Prop.ForAll(Arbitraries.Cases(), input =>
        {
            var holds = claim(input);
            last = holds ? last : input;
            return holds;
        });
        Assert.ThrowsAny<Exception>(() => property.Check(Config.QuickThrowOnFailure.WithMaxTest(1000).WithReplay(seed, 1)));
        return last!;
    }

    private static Int128 Weight(PackingCase of) =>
        (of.Limits.HasItemLimit ? 1 : 0) + of.Sizes.Length + of.TotalSize + of.Capacity;
}

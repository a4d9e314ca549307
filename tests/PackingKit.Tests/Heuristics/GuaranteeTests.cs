using FsCheck.Xunit;
using PackingKit.Testing;
using Xunit;

namespace PackingKit.Tests;

/// <summary>
/// The worst cases that are proved for every input without item limit (docs/guarantees.md), exact in integers, on inputs too large for
/// brute force; <see cref="StrategyContractTests"/> holds them to it on small ones.
/// </summary>
[Properties(Arbitrary = [typeof(Arbitraries)], MaxTest = 500)]
public class GuaranteeTests
{
    private static readonly StrategyInfo[] Proved = [.. PackingStrategies.All.Where(info => info.Guarantees.Count > 0 && !info.IsSearch)];

    [Property]
    public void Guarantees_hold_against_a_planted_optimum(PlantedCase input) => AssertGuarantees(input.Case, input.Optimum);

    [Fact]
    public void Next_fit_meets_its_guarantee_with_equality()
    {
        // A half and a grain in turn: next-fit gives every half a bin of its own; the optimum puts two halves into a bin
        // and all grains beside the last one.
        const int grains = 50, capacity = 2 * grains;
        long[] sizes = [.. Enumerable.Range(0, 2 * grains).Select(item => item % 2 == 0 ? capacity / 2 : 1), capacity / 2];
        var problem = PackingProblem.Create(sizes, capacity);

        var optimum = new BestFitDecreasing().Pack(problem);
        Assert.Equal(PackingStatus.Optimal, optimum.Status);
        Assert.Equal((2 * optimum.BinCount) - 1, new NextFit().Pack(problem).BinCount);
    }

    [Fact]
    public void First_and_best_fit_decreasing_need_eleven_bins_for_every_nine_of_the_optimum_on_their_worst_family()
    {
        // Six bins of 51 + 26 + 23 and three of 27 + 27 + 23 + 23 are full; in decreasing size 51 meets 27,
        // and 26 and 23 are left to themselves.
        const int copies = 100_000;
        var histogram = SizeHistogram.FromCounts([new(51, 6 * copies), new(27, 6 * copies), new(26, 6 * copies), new(23, 12 * copies)]);
        Assert.Equal(9 * copies, LowerBounds.L1(histogram, 100));
        Assert.Equal(11 * copies, new FirstFitDecreasing().Plan(histogram, 100).Plan.BinCount);
        Assert.Equal(11 * copies, new BestFitDecreasing().Plan(histogram, 100).Plan.BinCount);
    }

    [Fact]
    public void Guarantees_hold_on_every_sample_of_BPPLIB()
    {
        foreach (var instance in BppLib.Require())
            AssertGuarantees(instance.Case, instance.Optimum);
    }

    private static void AssertGuarantees(PackingCase input, long optimum)
    {
        foreach (var info in Proved)
        {
            var bins = info.Create().Pack(input.ToProblem()).BinCount;
            Assert.True(bins >= optimum, $"{info.Id} needs {bins} bins, below the optimum {optimum}: {input}");
            foreach (var ratio in info.Guarantees)
                Assert.True(ratio.Holds(bins, optimum),
                    $"{info.Id} needs {bins} bins where {ratio} is proved and OPT is {optimum}: {input}");
        }
    }
}

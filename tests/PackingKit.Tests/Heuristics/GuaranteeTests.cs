using FsCheck.Xunit;
using PackingKit.Testing;
using Xunit;

namespace PackingKit.Tests;

/// <summary>The worst cases that are proved for every input without item limit (docs/guarantees.md), exact in integers.</summary>
[Properties(Arbitrary = [typeof(Arbitraries)], MaxTest = 500)]
public class GuaranteeTests
{
    private static readonly (string[] Ids, string Claim, Func<long, long, bool> Holds)[] Guarantees =
    [
        (
            [.. NaiveHeuristics.Ids, "mffd", "b2f", "fill2", "mbs", "mbs-prime"],
            "2 OPT - 1", (bins, optimum) => bins <= (2 * optimum) - 1),
        (["ff", "bf"], "floor(1.7 OPT)", (bins, optimum) => 10 * bins <= 17 * optimum),
        (["ffd", "bfd", "auto"], "3/2 OPT", (bins, optimum) => 2 * bins <= 3 * optimum),
        (["ffd", "auto"], "11/9 OPT + 6/9", (bins, optimum) => 9 * bins <= (11 * optimum) + 6),
    ];

    [Property]
    public void Guarantees_hold_against_the_optimum_by_brute_force(SmallCase input)
    {
        var unlimited = input.Case with { MaxItemsPerBin = null };
        if (unlimited.Sizes.Length > 0)
            AssertGuarantees(unlimited, BruteForce.Optimum(unlimited));
    }

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
        foreach (var (ids, claim, holds) in Guarantees)
            foreach (var id in ids)
            {
                var bins = PackingStrategies.Create(id).Pack(input.ToProblem()).BinCount;
                Assert.True(bins >= optimum, $"{id} needs {bins} bins, below the optimum {optimum}: {input}");
                Assert.True(holds(bins, optimum), $"{id} needs {bins} bins where {claim} was proved and the optimum is {optimum}: {input}");
            }
    }
}

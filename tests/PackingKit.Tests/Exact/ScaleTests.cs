using FsCheck.Xunit;
using PackingKit.Testing;
using Xunit;

namespace PackingKit.Tests;

/// <summary>Sizes and capacity in a smaller unit are the same problem: the same bins, bound and status.</summary>
[Trait("speed", "slow")]
[Properties(Arbitrary = [typeof(Arbitraries)], MaxTest = 100)]
public class ScaleTests
{
    private static readonly SearchOptions Seconds60 = new() { TimeLimit = TimeSpan.FromSeconds(60) };

    [Property]
    public void No_strategy_that_plans_minds_the_unit(SmallCase small)
    {
        if (small.Case.Capacity > long.MaxValue / 2000 || small.Case.TotalSize > long.MaxValue / 2000)
            return;
        foreach (var strategy in PackingStrategies.All.Select(info => info.Create(null)).OfType<IPlanningStrategy>())
        {
            var expected = strategy.Pack(small.Case.ToProblem());
            foreach (var unit in (long[])[10, 100, 1000])
                AssertSame(expected, strategy.Pack(Times(small.Case, unit)));
        }
    }

    [Theory]
    [InlineData("201_2500_NR_29", 100)]
    [InlineData("Hard28_BPP419", 10)]
    public void Hard_instances_close_in_every_unit(string name, long unit)
    {
        var of = BppLib.Read(name);
        var expected = new ExactPacking(Seconds60).Pack(of.ToProblem());
        Assert.Equal(PackingStatus.Optimal, expected.Status);
        AssertSame(expected, new ExactPacking(Seconds60).Pack(Times(of, unit)));
    }

    [Fact]
    public void Cp_sat_solves_numbers_of_any_size()
    {
        var random = new Random(17);
        for (var round = 0; round < 10; round++)
        {
            const long tenTo17 = 100_000_000_000_000_000;
            var sizes = Enumerable.Range(0, 12).Select(_ => random.NextInt64(tenTo17 / 2, 2 * tenTo17)).ToArray();
            var problem = PackingProblem.Create(sizes, (3 * tenTo17) + random.Next(1000));
            var result = new CpSat(Seconds60).Pack(problem);
            Assert.Equal((new ExactPacking().Pack(problem).BinCount, PackingStatus.Optimal), (result.BinCount, result.Status));
        }
    }

    [Fact]
    public void Cp_sat_counts_with_two_digits_to_the_last_unit()
    {
        // Three bins of 60 units, where the heuristics need four; odd ones cancel out within a bin, and no other packing has room for them.
        const long unit = 10_000_000_000_000_000;
        (long Units, long Odd)[] items =
            [(44, 1), (8, -1), (8, 0), (24, 2), (24, -3), (6, 1), (6, 0), (22, 5), (17, -4), (21, -1)];
        var sizes = Array.ConvertAll(items, item => (item.Units * unit) + item.Odd);
        Assert.Equal((3, PackingStatus.Optimal), Solve(60 * unit));
        Assert.Equal((4, PackingStatus.Optimal), Solve((60 * unit) - 1));

        (int, PackingStatus) Solve(long capacity)
        {
            var result = new CpSat(Seconds60).Pack(PackingProblem.Create(sizes, capacity));
            return (result.BinCount, result.Status);
        }
    }

    private static PackingProblem Times(PackingCase of, long unit) => PackingProblem.Create(
        Array.ConvertAll(of.Sizes, size => size * unit), new BinLimits(of.Capacity * unit, of.Limits.MaxItems));

    private static void AssertSame(PackingResult expected, PackingResult result)
    {
        Assert.Equal(
            (expected.Strategy, expected.BinCount, expected.Bound.Bins, expected.Status),
            (result.Strategy, result.BinCount, result.Bound.Bins, result.Status));
        Assert.Equal(expected.Packing.BinOfItem, result.Packing.BinOfItem);
    }
}

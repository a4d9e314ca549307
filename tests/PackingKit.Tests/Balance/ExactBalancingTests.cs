using System.Globalization;
using FsCheck.Xunit;
using PackingKit.Testing;
using Xunit;

namespace PackingKit.Tests;

[Trait("speed", "slow")]
[Properties(Arbitrary = [typeof(Arbitraries)], MaxTest = 200)]
public class ExactBalancingTests
{
    private static readonly SearchOptions Seconds20 = new() { TimeLimit = TimeSpan.FromSeconds(20) };

    [Property]
    public void Equals_brute_force(SmallCase small, byte more)
    {
        var (bins, costs) = (1 + (more % 4), small.Case.Sizes.Select(size => size % 1000).ToArray());
        var result = new ExactBalancing().Balance(costs, bins);
        Check(costs, bins, result);
        Assert.Equal((Least(costs, bins), 0), (result.LargestLoad, result.Gap));
    }

    [Property(MaxTest = 60)]
    public void Is_never_worse_than_the_heuristics(PackingCase of, byte more)
    {
        var bins = 1 + (more % 10);
        if (of.TotalSize > long.MaxValue)
            return;
        var result = new ExactBalancing(new SearchOptions { TimeLimit = TimeSpan.FromSeconds(0.3) }).Balance(of.Sizes, bins);
        Check(of.Sizes, bins, result);
        Assert.True(result.LargestLoad <= new LargestDifferencing().Balance(of.Sizes, bins).LargestLoad);
        Assert.True(result.LargestLoad <= new LongestProcessingTime().Balance(of.Sizes, bins).LargestLoad);
        Assert.True(result.LowerBound >= BalancingBound.Compute(of.Sizes, bins));
    }

    public static TheoryData<int, long, string> Cases => new()
    {
        { 2, 15, "8 7 6 5 4" },
        { 2, 90, "5x18 3x30" },
        { 3, 222, "10x18 5x30 6x55" },
        { 3, 9, "2x5 2x4 3x3" },
        { 3, 1001, "3x1000 1 1 1" },
        { 4, 30, "8x15" },
        { 3, 30, "7x10" },
        { 5, 12000, "5x10000 10x1000" },
        { 2, 10, "10 3 2 1" },
        { 2, 0, "0 0 0" },
    };

    [Theory, MemberData(nameof(Cases))]
    public void Closes(int bins, long least, string items)
    {
        long[] costs = [.. items.Split(' ').SelectMany(item => item.Split('x') is [var count, var cost]
            ? Enumerable.Repeat(Number(cost), (int)Number(count)) : [Number(item)])];
        var result = new ExactBalancing(Seconds20).Balance(costs, bins);
        Check(costs, bins, result);
        Assert.Equal((least, least), (result.LargestLoad, result.LowerBound));

        long[] larger = Array.ConvertAll(costs, cost => 1_000_000_007 * cost);
        Assert.Equal(0, new ExactBalancing(Seconds20).Balance(larger, bins).Gap);

        static long Number(string text) => long.Parse(text, CultureInfo.InvariantCulture);
    }

    [Fact]
    public void Many_items_close_by_packing()
    {
        var random = new Random(7);
        for (var round = 0; round < 5; round++)
        {
            long[] costs = [.. Enumerable.Range(0, 120).Select(_ => random.NextInt64(100, 1000))];
            var result = new ExactBalancing(Seconds20).Balance(costs, 7);
            Check(costs, 7, result);
            Assert.Equal(0, result.Gap);
        }
    }

    [Fact]
    public void Where_three_no_longer_fit_a_bin_the_proof_goes_beyond_the_bound()
    {
        // 10 items of 34 to 40 in 3 bins: one has four, and the plain search has gone through all.
        long[] costs = [34, 35, 35, 36, 37, 38, 38, 39, 40, 40];
        var result = new ExactBalancing().Balance(costs, 3);
        Assert.Equal((Least(costs, 3), 0), (result.LargestLoad, result.Gap));
    }

    [Fact]
    public void A_stop_leaves_a_spread_and_a_bound()
    {
        long[] costs = [.. Enumerable.Range(0, 300).Select(i => 1_000_003L + (i * i * 7919L))];
        var stopped = new ExactBalancing(new SearchOptions { Stop = new CancellationToken(canceled: true) }).Balance(costs, 11);
        Check(costs, 11, stopped);
    }

    [Fact]
    public void Refuses_what_cannot_be()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new ExactBalancing().Balance([1], 0));
        Assert.Contains("Item 1", Assert.Throws<ArgumentOutOfRangeException>(() => new ExactBalancing().Balance([1, -1], 2)).Message,
            StringComparison.Ordinal);
        Assert.Equal(0, new ExactBalancing().Balance([], 3).LargestLoad);
    }

    private static void Check(long[] costs, int bins, BalancingResult result)
    {
        Assert.Equal((bins, costs.Length, "exact"), (result.Packing.BinCount, result.Packing.ItemCount, result.Strategy));
        var loads = new long[bins];
        for (var item = 0; item < costs.Length; item++)
            loads[result.Packing.BinOf(item)] += costs[item];
        Assert.Equal(loads.Max(), result.LargestLoad);
        Assert.InRange(result.LowerBound, 0, result.LargestLoad);
    }

    /// <summary>The least largest load by trying every bin for every item.</summary>
    private static long Least(long[] costs, int bins)
    {
        var loads = new long[bins];
        return Place(0);

        long Place(int item)
        {
            if (item == costs.Length)
                return loads.Max();
            var least = long.MaxValue;
            foreach (var bin in Enumerable.Range(0, bins).DistinctBy(bin => loads[bin]).ToArray())
            {
                loads[bin] += costs[item];
                least = Math.Min(least, Place(item + 1));
                loads[bin] -= costs[item];
            }
            return least;
        }
    }
}

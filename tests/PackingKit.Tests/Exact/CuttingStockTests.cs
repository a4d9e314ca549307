using FsCheck.Xunit;
using Xunit;

namespace PackingKit.Tests;

[Trait("speed", "slow")]
public class CuttingStockTests
{
    private static readonly SearchOptions Seconds20 = new() { TimeLimit = TimeSpan.FromSeconds(20) };

    [Property(Arbitrary = [typeof(SmallCases)], MaxTest = 300)]
    public void Equals_brute_force(StockCase of)
    {
        var (cheapest, result) = (of.Cheapest(), of.Solve());
        if (cheapest is null)
        {
            Assert.Equal((CuttingStockStatus.Infeasible, null), (result.Status, result.Plan));
            Assert.Null(result.Gap);
            return;
        }
        Check(of, result);
        Assert.Equal(
            (cheapest.Value, cheapest.Value, CuttingStockStatus.Optimal, StopReason.BoundReached),
            (result.Plan!.Cost, result.LowerBound, result.Status, result.StopReason));
    }

    [Property(Arbitrary = [typeof(SmallCases)], MaxTest = 100)]
    public void Costs_beyond_the_integers_of_a_double_change_nothing(StockCase of, int seed)
    {
        var random = new Random(seed);
        var dear = of with { Stock = [.. of.Stock.Select(bin => bin with { Cost = random.NextInt64(1L << 53, 1L << 60) })] };
        var (cheapest, result) = (dear.Cheapest(), dear.Solve());
        Assert.Equal((cheapest, cheapest), (result.Plan?.Cost, result.Plan is null ? null : result.LowerBound));
    }

    [Property(Arbitrary = [typeof(TightCases)], MaxTest = 100)]
    public void Supplies_with_next_to_nothing_to_spare_are_met_or_refuted(StockCase of)
    {
        var (cheapest, result) = (of.Cheapest(), of.Solve());
        Assert.Equal(cheapest, result.Plan?.Cost);
        Assert.Equal(cheapest is null ? CuttingStockStatus.Infeasible : CuttingStockStatus.Optimal, result.Status);
        if (result.Plan is not null)
            Check(of, result);
    }

    [Property(Arbitrary = [typeof(LargeCases)], MaxTest = 60)]
    public void Is_never_dearer_than_first_fit_and_best_fit_by_kinds(StockCase of)
    {
        var result = of.Solve(new SearchOptions { TimeLimit = TimeSpan.FromSeconds(1) });
        if (result.Plan is not null)
            Check(of, result);
        foreach (var order in Orders(of.Stock.Count))
            foreach (var tightest in (bool[])[false, true])
                if (of.Fit(order, tightest) is { } cost)
                    Assert.True(result.Plan?.Cost <= cost, $"{result} against {cost}.");
    }

    [Property(Arbitrary = [typeof(LargeCases)], MaxTest = 60)]
    public void A_time_limit_of_next_to_nothing_leaves_the_best_of_the_simple_plans(StockCase of)
    {
        var result = of.Solve(new SearchOptions { TimeLimit = TimeSpan.FromTicks(1) });
        if (result.Plan is not null)
            Check(of, result);
        Assert.All(
            Orders(of.Stock.Count).SelectMany(order => (long?[])[of.Fit(order, false), of.Fit(order, true)]),
            simple => Assert.True(simple is null || result.Plan?.Cost <= simple, $"{result} against {simple}."));
        Assert.Contains(result.StopReason, (StopReason[])[StopReason.TimeLimit, StopReason.BoundReached, StopReason.Completed]);
    }

    [Property(Arbitrary = [typeof(SmallCases)], MaxTest = 40)]
    public void The_unit_of_lengths_and_costs_does_not_matter(StockCase of, bool ofCost)
    {
        var (length, cost) = ofCost ? (1L, 10_000_000_000_000_000L) : (125L, 1L);
        var scaled = new StockCase(
            [.. of.Sizes.Select(size => size * length)],
            [.. of.Stock.Select(bin => bin with { Capacity = bin.Capacity * length, Cost = bin.Cost * cost })],
            of.Rules with { Kerf = of.Rules.Kerf * length, TrimStart = of.Rules.TrimStart * length, TrimEnd = of.Rules.TrimEnd * length });
        var (expected, result) = (of.Solve(), scaled.Solve());
        Assert.Equal(
            (expected.Status, expected.Plan?.Cost * cost, expected.Plan is null ? 0 : expected.LowerBound * cost),
            (result.Status, result.Plan?.Cost, result.Plan is null ? 0 : result.LowerBound));
    }

    [Fact]
    public void Closes_where_the_search_for_one_capacity_does()
    {
        var random = new Random(40);
        foreach (var sizes in (int[])[40, 150])
        {
            var demands = SizeHistogram.FromCounts(
                Enumerable.Range(0, sizes).Select(_ => new SizeCount(random.Next(200, 2400), random.Next(1, 30))));
            var exact = new ExactPacking(Seconds20).Plan(demands, 6000);
            Assert.Equal(PackingStatus.Optimal, exact.Status);
            var result = Solved(demands, [new StockBin(6000, 7)], CuttingStockStatus.Optimal);
            Assert.Equal((7 * exact.BinCount, 7 * exact.BinCount), (result.Plan!.Cost, result.LowerBound));
        }
    }

    [Fact]
    public void Closes_the_textbook_roll_of_paper()
    {
        // Widths and demands of the cutting stock example that many texts share: 73 rolls of 5600.
        long[] widths = [1380, 1520, 1560, 1710, 1820, 1880, 1930, 2000, 2050, 2100, 2140, 2150, 2200];
        long[] counts = [22, 25, 12, 14, 18, 18, 20, 10, 12, 14, 16, 18, 20];
        var demands = SizeHistogram.FromCounts(widths.Zip(counts, (width, count) => new SizeCount(width, count)));
        Assert.Equal(73, Solved(demands, [new StockBin(5600, 1)], CuttingStockStatus.Optimal).Plan!.Cost);
    }

    [Fact]
    public void Large_demands_in_several_lengths_close()
    {
        var demands = SizeHistogram.FromCounts([new(739, 4000), new(912, 2311), new(1480, 1999), new(2300, 800), new(2950, 777)]);
        Solved(demands, [new StockBin(6000, 60), new(4500, 46), new(3000, 33, Supply: 100)], CuttingStockStatus.Optimal);
    }

    [Fact]
    public void A_plan_is_found_in_bins_that_just_hold_the_items()
    {
        Solved(SizeHistogram.Of([.. Enumerable.Range(1, 15)]), [new StockBin(66, 1, 2)], CuttingStockStatus.Optimal);
        Solved(SizeHistogram.Of([.. Enumerable.Range(1, 15)]), [new StockBin(60, 1, 2)], CuttingStockStatus.Optimal);
        Solved(SizeHistogram.Of([600, 600]), [new StockBin(1000, 1, 3)], CuttingStockStatus.Optimal);
        Solved(SizeHistogram.Of([600, 600, 600]), [new StockBin(1000, 1, 3)], CuttingStockStatus.Optimal);
        Solved(SizeHistogram.Of([600, 600, 600]), [new StockBin(1000, 1, 2)], CuttingStockStatus.Infeasible);
    }

    [Theory]
    [InlineData(1.1)]
    [InlineData(1.01)]
    [InlineData(1.001)]
    public void Files_go_on_drives_with_little_to_spare(double slack)
    {
        var random = new Random(16);
        for (var round = 0; round < 5; round++)
        {
            long[] few = [.. Enumerable.Range(0, 16).Select(_ => random.NextInt64(1_000_000, 900_000_000))];
            Solved(SizeHistogram.Of(few), [new StockBin((long)(few.Sum() * slack / 2), 1, 2)], CuttingStockStatus.Optimal);

            long[] files = [.. Enumerable.Range(0, 60).Select(_ => (long)(1000 * Math.Exp(random.NextDouble() * 5)))];
            StockBin[] drives = [.. Enumerable.Range(1, 4).Select(part => new StockBin((long)(files.Sum() * slack * part / 10), part, 1))];
            if (files.Max() <= drives[^1].Capacity)
                Assert.NotNull(Solved(SizeHistogram.Of(files), drives, status: null).Plan);
        }
    }

    [Fact]
    public void Costs_whose_total_leaves_64_bits_are_refused()
    {
        var half = new StockBin(2, long.MaxValue / 2);
        Assert.Equal(long.MaxValue - 1, CuttingStock.Solve(SizeHistogram.Of([1, 1, 1]), [half]).Plan!.Cost);
        var refused = Assert.Throws<ArgumentOutOfRangeException>(() => CuttingStock.Solve(SizeHistogram.Of([2, 2, 2]), [half]));
        Assert.Contains("Every plan costs more", refused.Message, StringComparison.Ordinal);
        refused = Assert.Throws<ArgumentOutOfRangeException>(
            () => CuttingStock.Solve(SizeHistogram.Of([3, 3, 4]), [half with { Capacity = 5 }]));
        Assert.Contains("The plan of 3 bins costs more", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Cuts_and_trims_take_their_part()
    {
        // Three of 330 with two cuts of 5 are 1,000; what is less than a cut behind the last item is lost with it.
        Assert.Equal(1, Bins([330, 330, 330], 1000, new CuttingRules { Kerf = 5 }));
        Assert.Equal(2, Bins([330, 330, 330], 999, new CuttingRules { Kerf = 5 }));
        Assert.Equal(1, Bins([330, 330, 330], 1003, new CuttingRules { Kerf = 5 }));
        Assert.Equal(2, Bins([330, 330, 330], 1003, new CuttingRules { Kerf = 5, TrimStart = 2, TrimEnd = 2 }));
        Assert.Equal(1, Bins([330, 330, 330], 1004, new CuttingRules { Kerf = 5, TrimStart = 2, TrimEnd = 2 }));

        static long Bins(long[] sizes, long capacity, CuttingRules rules) =>
            CuttingStock.Solve(SizeHistogram.Of(sizes), [new StockBin(capacity, 1)], rules).Plan!.BinCount;
    }

    [Theory]
    [InlineData(0, 400, 0)]
    [InlineData(5, 390, 0)]
    [InlineData(10, 380, 380)]
    [InlineData(200, 0, 0)]
    [InlineData(300, 0, 0)]
    public void A_remnant_is_what_the_last_cut_leaves(long kerf, long remnant, long kept)
    {
        var rules = new CuttingRules { Kerf = kerf, MinRemnant = kept > 0 ? kept : remnant + 1 };
        var cut = CuttingStock.Solve(SizeHistogram.Of([400, 300]), [new StockBin(1100, 1)], rules).Plan!.Patterns.Single();
        Assert.Equal((remnant, kept), (cut.Remnant, cut.KeptRemnant));
    }

    [Fact]
    public void Fewer_patterns_at_the_same_cost()
    {
        var demands = SizeHistogram.FromCounts(
            [new(1380, 22), new(1520, 25), new(1560, 12), new(1710, 14), new(1820, 18), new(1880, 18), new(1930, 20), new(2000, 10)]);
        StockBin[] stock = [new(5600, 1), new(4300, 1, 10)];
        var plain = CuttingStock.Solve(demands, stock, options: Seconds20);
        var fewer = CuttingStock.Solve(demands, stock, new CuttingRules { FewerPatterns = true }, Seconds20);
        Check(new StockCase(Items(demands), [.. stock], CuttingRules.Default), fewer);
        Assert.Equal(plain.Plan!.Cost, fewer.Plan!.Cost);
        Assert.InRange(fewer.Plan.Patterns.Count, 1, plain.Plan.Patterns.Count - 1);
    }

    [Fact]
    public void Items_with_names_are_dealt_to_the_bins()
    {
        (string Name, long Length)[] items = [("leg", 700), ("rail", 1200), ("foot", 700), ("brace", 350)];
        var plan = CuttingStock.Solve(SizeHistogram.Of([.. items.Select(item => item.Length)]), [new StockBin(2000, 1)]).Plan!;
        var bins = plan.Deal(items, item => item.Length);
        Assert.Equal(plan.BinCount, bins.Count);
        Assert.Equal(items.Order(), bins.SelectMany(bin => bin.Items).Order());
        Assert.All(bins, bin => Assert.Equal(2000 - bin.Items.Sum(item => item.Length), bin.Remnant));

        var few = Assert.Throws<ArgumentException>(() => plan.Deal(items[1..], item => item.Length));
        Assert.Contains("There is 1 item of size 700; the plan has 2", few.Message, StringComparison.Ordinal);
        var others = Assert.Throws<ArgumentException>(() => plan.Deal([.. items, ("cap", 10L)], item => item.Item2));
        Assert.Contains("There is 1 item of size 10; the plan has 0", others.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_same_plan_every_time()
    {
        var demands = SizeHistogram.FromCounts(
            Enumerable.Range(0, 12).Select(i => new SizeCount(500 + (137 * i), 3 + (i % 5))));
        StockBin[] stock = [new(6000, 61), new(4200, 43, 5), new(2500, 27)];
        var first = CuttingStock.Solve(demands, stock);
        Assert.Equal(first with { Elapsed = default }, CuttingStock.Solve(demands, stock) with { Elapsed = default });
    }

    [Fact]
    public void A_cancelled_token_throws_and_a_stop_does_not()
    {
        var demands = SizeHistogram.Of([3, 3, 3]);
        Assert.Throws<OperationCanceledException>(
            () => CuttingStock.Solve(demands, [new StockBin(5, 1)], cancellationToken: new CancellationToken(canceled: true)));
        var stopped = CuttingStock.Solve(
            SizeHistogram.Of([34, 34, 34, 34, 35, 35, 35, 35]), [new StockBin(100, 10), new(71, 8)],
            options: new SearchOptions { Stop = new CancellationToken(canceled: true) });
        Assert.Equal((CuttingStockStatus.Feasible, StopReason.Stopped), (stopped.Status, stopped.StopReason));
    }

    [Fact]
    public void Refuses_what_cannot_be()
    {
        var demands = SizeHistogram.FromCounts([new(10, 1)]);
        var tooLarge = Assert.Throws<ArgumentOutOfRangeException>(() => CuttingStock.Solve(demands, [new StockBin(9, 1)]));
        Assert.Contains("Size 10", tooLarge.Message, StringComparison.Ordinal);
        var trimmed = Assert.Throws<ArgumentOutOfRangeException>(
            () => CuttingStock.Solve(demands, [new StockBin(12, 1)], new CuttingRules { TrimStart = 3, Kerf = 4 }));
        Assert.Contains("the largest holds 9 between its trims", trimmed.Message, StringComparison.Ordinal);
        var unsupplied = Assert.Throws<ArgumentOutOfRangeException>(
            () => CuttingStock.Solve(demands, [new StockBin(9, 1), new StockBin(12, 1, Supply: 0)]));
        Assert.Contains("fits no bin with a supply; the largest holds 9.", unsupplied.Message, StringComparison.Ordinal);
        var allTrimmed = Assert.Throws<ArgumentOutOfRangeException>(() => CuttingStock.Solve(
            demands, [new StockBin(12, 1)], new CuttingRules { TrimStart = long.MaxValue, TrimEnd = long.MaxValue }));
        Assert.Contains("the largest holds 0 between its trims", allTrimmed.Message, StringComparison.Ordinal);
        var wide = Assert.Throws<ArgumentOutOfRangeException>(
            () => CuttingStock.Solve(demands, [new StockBin(9, 1)], new CuttingRules { Kerf = long.MaxValue }));
        Assert.Contains("the largest holds 9.", wide.Message, StringComparison.Ordinal);
        Assert.Contains("Bin 1", Assert.Throws<ArgumentOutOfRangeException>(
            () => CuttingStock.Solve(demands, [new StockBin(10, 1), new StockBin(10, 0)])).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => CuttingStock.Solve(SizeHistogram.FromCounts([new(0, 1)]), [new StockBin(9, 1)]));
        Assert.Throws<ArgumentOutOfRangeException>(() => CuttingStock.Solve(demands, []));
        var cuts = Assert.Throws<ArgumentOutOfRangeException>(() => CuttingStock.Solve(
            SizeHistogram.FromCounts([new(10, 1 << 20)]), [new StockBin(long.MaxValue, 1)], new CuttingRules { Kerf = 1L << 50 }));
        Assert.Contains("cuts of", cuts.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => new CuttingRules { Kerf = -1 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new CuttingRules { TrimStart = -1 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new CuttingRules { TrimEnd = -1 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new CuttingRules { MaxItems = 0 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new CuttingRules { MinRemnant = 0 });
    }

    [Fact]
    public void Lengths_near_the_end_of_64_bits_are_planned()
    {
        const long half = long.MaxValue / 2;
        var result = CuttingStock.Solve(SizeHistogram.Of([half, half - 5]), [new StockBin(half, 3), new(long.MaxValue, 5)]);
        Assert.Equal((5, CuttingStockStatus.Optimal), (result.Plan!.Cost, result.Status));
    }

    /// <summary>Solves and checks; where the status is expected, asserts it.</summary>
    private static CuttingStockResult Solved(SizeHistogram demands, StockBin[] stock, CuttingStockStatus? status)
    {
        var result = CuttingStock.Solve(demands, stock, options: Seconds20);
        Assert.Equal(status ?? result.Status, result.Status);
        if (result.Plan is not null)
            Check(new StockCase(Items(demands), [.. stock], CuttingRules.Default), result);
        return result;
    }

    private static ValueList<long> Items(SizeHistogram demands) =>
        [.. demands.Pairs().SelectMany(pair => Enumerable.Repeat(pair.Size, (int)pair.Count))];

    private static void Check(StockCase of, CuttingStockResult result)
    {
        var plan = result.Plan!;
        var packed = SizeHistogram.FromCounts(
            plan.Patterns.SelectMany(cut => cut.Pattern.Items.Select(
                item => item with { Count = item.Count * cut.Pattern.Multiplicity })));
        Assert.Equal(of.Demands.Pairs(), packed.Pairs());
        Assert.All(plan.Patterns, cut => Assert.True(of.Fits(
            [.. cut.Pattern.Items.SelectMany(item => Enumerable.Repeat(item.Size, (int)item.Count))], of.Stock[cut.Bin])));
        for (var bin = 0; bin < of.Stock.Count; bin++)
            Assert.True(plan.Patterns.Where(cut => cut.Bin == bin).Sum(cut => cut.Pattern.Multiplicity)
                <= (of.Stock[bin].Supply ?? long.MaxValue));
        Assert.Equal(plan.Cost, plan.Patterns.Sum(cut => cut.Pattern.Multiplicity * of.Stock[cut.Bin].Cost));
        Assert.InRange(result.LowerBound, 0, plan.Cost);
        Assert.Equal(plan.Cost == result.LowerBound, result.Status == CuttingStockStatus.Optimal);
    }

    private static IEnumerable<int[]> Orders(int kinds) => kinds == 0 ? [[]] : Orders(kinds - 1).SelectMany(
        order => Enumerable.Range(0, kinds), (order, at) => (int[])[.. order[..at], kinds - 1, .. order[at..]]);

    private static class SmallCases
    {
        public static FsCheck.Arbitrary<StockCase> Cases() => StockCase.Small();
    }

    private static class TightCases
    {
        public static FsCheck.Arbitrary<StockCase> Cases() => StockCase.Tight();
    }

    private static class LargeCases
    {
        public static FsCheck.Arbitrary<StockCase> Cases() => StockCase.Large();
    }
}

using Xunit;

namespace PackingKit.Tests;

public class CuttingStockTests
{
    [Fact]
    public void Equals_brute_force_with_and_without_supplies_and_item_limits()
    {
        var random = new Random(11);
        var solved = 0;
        for (var round = 0; round < 80; round++)
        {
            var stock = Enumerable.Range(0, random.Next(1, 4))
                .Select(_ => new StockBin(random.Next(5, 30), random.Next(1, 20), random.Next(2) == 0 ? random.Next(0, 4) : null))
                .ToArray();
            var largest = stock.Where(bin => bin.Supply is not 0).Select(bin => bin.Capacity).DefaultIfEmpty().Max();
            if (largest == 0)
                continue;
            int? limit = random.Next(3) == 0 ? random.Next(1, 4) : null;
            long[] sizes = [.. Enumerable.Range(0, random.Next(0, 8)).Select(_ => random.NextInt64(1, largest + 1)).OrderDescending()];
            var cheapest = Cheapest(sizes, stock, limit);
            var demands = SizeHistogram.Of(sizes);
            if (cheapest is null)
            {
                var fault = Assert.Throws<InvalidOperationException>(() =>
                    CuttingStock.Solve(demands, stock, limit ?? BinLimits.Unlimited));
                Assert.Equal("There is no plan within the supplies.", fault.Message);
                continue;
            }
            var result = CuttingStock.Solve(demands, stock, limit ?? BinLimits.Unlimited);
            Check(demands, stock, limit, result);
            Assert.Equal((cheapest.Value, cheapest.Value), (result.Cost, result.LowerBound));
            solved++;
        }
        Assert.True(solved > 40);
    }

    [Fact]
    public void Costs_beyond_the_integers_of_a_double_bound_nothing_too_high()
    {
        StockBin[] dear = [new(24, 127515166579367994), new(4, 105777860405079)];
        var reported = CuttingStock.Solve(SizeHistogram.Of([2, 11, 7]), dear);
        Assert.Equal(127515166579367994, reported.Cost);
        Assert.InRange(reported.LowerBound, 1, reported.Cost);

        var random = new Random(12);
        for (var round = 0; round < 60; round++)
        {
            var stock = Enumerable.Range(0, random.Next(1, 4))
                .Select(_ => new StockBin(random.Next(5, 30), random.NextInt64(1L << 50, 1L << 59))).ToArray();
            long[] sizes = [.. Enumerable.Range(0, random.Next(1, 8))
                .Select(_ => random.NextInt64(1, stock.Max(bin => bin.Capacity) + 1)).OrderDescending()];
            var result = CuttingStock.Solve(SizeHistogram.Of(sizes), stock);
            Check(SizeHistogram.Of(sizes), stock, null, result);
            var cheapest = Cheapest(sizes, stock, null)!.Value;
            Assert.InRange(cheapest, result.LowerBound, result.Cost);
            Assert.InRange(result.Cost - cheapest, 0, cheapest / 1_000_000_000);
        }
    }

    [Fact]
    public void Costs_whose_total_leaves_64_bits_are_refused()
    {
        var refused = Assert.Throws<ArgumentOutOfRangeException>(
            () => CuttingStock.Solve(SizeHistogram.Of([1, 1, 1]), [new StockBin(2, long.MaxValue / 2)]));
        Assert.Contains("3 bins of cost", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Closes_the_textbook_roll_of_paper()
    {
        // Widths and demands of the cutting stock example that many texts share: 73 rolls of 5600.
        long[] widths = [1380, 1520, 1560, 1710, 1820, 1880, 1930, 2000, 2050, 2100, 2140, 2150, 2200];
        long[] counts = [22, 25, 12, 14, 18, 18, 20, 10, 12, 14, 16, 18, 20];
        var demands = SizeHistogram.FromCounts(widths.Zip(counts, (width, count) => new SizeCount(width, count)));
        var options = new SearchOptions { TimeLimit = TimeSpan.FromSeconds(20) };
        var result = CuttingStock.Solve(demands, [new StockBin(5600, 1)], options: options);
        Check(demands, [new StockBin(5600, 1)], null, result);
        Assert.Equal((73, 73), (result.Cost, result.LowerBound));
    }

    [Fact]
    public void Large_demands_in_several_lengths_close()
    {
        var demands = SizeHistogram.FromCounts([new(739, 4000), new(912, 2311), new(1480, 1999), new(2300, 800), new(2950, 777)]);
        StockBin[] stock = [new(6000, 60), new(4500, 46), new(3000, 33, Supply: 100)];
        var result = CuttingStock.Solve(demands, stock, options: new SearchOptions { TimeLimit = TimeSpan.FromSeconds(20) });
        Check(demands, stock, null, result);
        Assert.InRange(result.Gap, 0, result.Cost / 1000);
    }

    [Fact]
    public void Refuses_what_cannot_be()
    {
        var demands = SizeHistogram.FromCounts([new(10, 1)]);
        var tooLarge = Assert.Throws<ArgumentOutOfRangeException>(() => CuttingStock.Solve(demands, [new StockBin(9, 1)]));
        Assert.Contains("Size 10", tooLarge.Message);
        Assert.Contains("Bin 1", Assert.Throws<ArgumentOutOfRangeException>(
            () => CuttingStock.Solve(demands, [new StockBin(10, 1), new StockBin(10, 0)])).Message);
        Assert.Throws<ArgumentOutOfRangeException>(() => CuttingStock.Solve(SizeHistogram.FromCounts([new(0, 1)]), [new StockBin(9, 1)]));
        Assert.Throws<ArgumentOutOfRangeException>(() => CuttingStock.Solve(demands, []));
    }

    private static void Check(SizeHistogram demands, StockBin[] stock, int? limit, CuttingStockResult result)
    {
        var packed = SizeHistogram.FromCounts(
            result.Patterns.SelectMany(cut => cut.Pattern.Items.Select(
                item => item with { Count = item.Count * cut.Pattern.Multiplicity })));
        Assert.Equal(demands.Pairs(), packed.Pairs());
        Assert.All(result.Patterns, cut => Assert.True(
            cut.Pattern.Load <= stock[cut.Bin].Capacity && cut.Pattern.ItemCount <= (limit ?? long.MaxValue)));
        for (var bin = 0; bin < stock.Length; bin++)
            Assert.True(result.Patterns.Where(cut => cut.Bin == bin).Sum(cut => cut.Pattern.Multiplicity)
                <= (stock[bin].Supply ?? long.MaxValue));
        Assert.Equal(result.Cost, result.Patterns.Sum(cut => cut.Pattern.Multiplicity * stock[cut.Bin].Cost));
    }

    private static long? Cheapest(long[] sizes, StockBin[] stock, int? limit)
    {
        long? best = null;
        var used = new long[stock.Length];
        Place(0, [], 0);
        return best;

        void Place(int item, List<(long Room, int Items)> open, long cost)
        {
            if (cost >= (best ?? long.MaxValue))
                return;
            if (item == sizes.Length)
            {
                best = cost;
                return;
            }
            for (var i = 0; i < open.Count; i++)
            {
                var (room, items) = open[i];
                if (room < sizes[item] || items == limit)
                    continue;
                open[i] = (room - sizes[item], items + 1);
                Place(item + 1, open, cost);
                open[i] = (room, items);
            }
            for (var bin = 0; bin < stock.Length; bin++)
            {
                if (stock[bin].Capacity < sizes[item] || used[bin] == (stock[bin].Supply ?? long.MaxValue))
                    continue;
                used[bin]++;
                open.Add((stock[bin].Capacity - sizes[item], 1));
                Place(item + 1, open, cost + stock[bin].Cost);
                open.RemoveAt(open.Count - 1);
                used[bin]--;
            }
        }
    }
}

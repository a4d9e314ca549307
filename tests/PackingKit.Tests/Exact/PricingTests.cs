using Xunit;

namespace PackingKit.Tests;

/// <summary>Pricing and enumeration against trying every pattern.</summary>
public class PricingTests
{
    [Theory]
    [InlineData(1, false)]
    [InlineData(1, true)]
    [InlineData(100_000, false)] // weights too large for an exact table
    [InlineData(100_000, true)]
    public void Finds_the_best_pattern_and_lists_all_that_are_good_enough(int unit, bool branched)
    {
        var random = new Random(unit + (branched ? 1 : 0));
        for (var round = 0; round < 200; round++)
        {
            var items = Draw(random, unit, branched);
            var prices = items.Weights.Select(weight => (long)((weight / (double)items.Capacity * 1000) + random.Next(100))).ToArray();
            var waste = random.Next(2) == 0 ? items.Capacity : items.Capacity * random.Next(30) / 100;
            var all = Every(items, waste);
            long Worth(Pattern pattern) => pattern.Types.Select((type, i) => prices[type] * pattern.Copies[i]).Sum();

            var pricing = new Pricing(items, new SearchContext(SearchOptions.Default, null, LinearPrograms.Create, CancellationToken.None));
            pricing.Prepare(prices, items.Demands, waste);
            var most = all.Count > 0 ? all.Max(Worth) : 0;
            List<Pattern> found = [];
            Assert.Equal(most, (long)pricing.Best(Math.Max(0, most - 1), 10, found));
            Assert.All(found, pattern => Assert.Contains(pattern, all));
            Assert.Equal(most > 0, found.Any(pattern => Worth(pattern) == most));

            List<Pattern> good = [];
            Assert.True(pricing.Enumerate(most * 0.8, 100_000, good));
            Assert.Equal(all.Count(pattern => Worth(pattern) >= most * 0.8), good.Count);
            Assert.Equal(good.Count, good.Distinct().Count(all.Contains));
        }
    }

    [Fact]
    public void Where_the_search_gives_up_a_sharper_one_finds_the_value()
    {
        // Prices near the weights, which rounding hides: many patterns seem to be worth more than the best is.
        var random = new Random(1);
        var weights = Enumerable.Range(0, 200).Select(_ => (long)random.Next(15_000, 30_001)).ToArray();
        var items = ItemTypes.Of(SizeHistogram.Of(weights), new BinLimits(100_000));
        var pricing = new Pricing(items, new SearchContext(SearchOptions.Default, null, LinearPrograms.Create, CancellationToken.None));
        pricing.Prepare(items.Weights, items.Demands, items.Capacity);
        Assert.False(pricing.TrySharpen()); // nothing has been asked yet
        Assert.InRange(pricing.Best(100_000, 10, []), 100_001, 101_000); // a bound, above what fits into a bin
        Assert.True(pricing.TrySharpen());
        pricing.Prepare(items.Weights, items.Demands, items.Capacity);
        List<Pattern> found = [];
        Assert.Equal(100_000, pricing.Best(99_999, 10, found));
        Assert.Contains(found, pattern => pattern.Load(items.Weights) == 100_000);
        Assert.False(pricing.TrySharpen());
    }

    /// <summary>Every start has nodes of its own, so that a stop which only ends one would go through thousands.</summary>
    [Fact]
    public void A_stop_ends_all_starts()
    {
        using var stop = new CancellationTokenSource();
        var items = ItemTypes.Of(SizeHistogram.Of([.. Enumerable.Range(0, 300).Select(size => 100_003L + (137 * size))]), 1_000_000);
        var pricing = new Pricing(items, new SearchContext(
            new SearchOptions { Stop = stop.Token }, null, LinearPrograms.Create, CancellationToken.None));
        pricing.Prepare(items.Weights, items.Demands, items.Capacity);
        List<Pattern> before = [], after = [];
        pricing.Best(900_000, 100, before);
        stop.Cancel();
        pricing.Best(900_000, 100, after);
        Assert.InRange(before.Count, 20, 100);
        Assert.InRange(after.Count, 0, 1); // what the search for the best one comes upon
    }

    private static ItemTypes Draw(Random random, int unit, bool branched)
    {
        var capacity = random.Next(20, 60) * unit;
        var counts = Enumerable.Range(0, random.Next(2, 9))
            .Select(_ => new SizeCount((long)random.Next(3 * unit, capacity), (long)random.Next(1, 4)));
        int? limit = random.Next(3) == 0 ? random.Next(1, 5) : null;
        var items = ItemTypes.Of(SizeHistogram.FromCounts(counts), new BinLimits(capacity, limit ?? BinLimits.Unlimited));
        for (var branch = 0; branched && branch < 4; branch++)
        {
            var (a, b) = (random.Next(items.Count), random.Next(items.Count));
            var fits = items.Weights[a] + items.Weights[b] <= capacity
                && items.Members[a].Length + items.Members[b].Length <= items.MaxItems;
            if (random.Next(2) == 0 || !fits || items.Conflict(a, b) || items.Demands[a] < (a == b ? 2 : 1))
                items = items.Apart(a, b);
            else
                items = items.Together([(a, b)], out _);
        }
        return items;
    }

    private static List<Pattern> Every(ItemTypes items, long waste)
    {
        List<Pattern> all = [];
        var copies = new long[items.Count];
        Extend(0, items.Capacity, items.MaxItems);
        return all;

        void Extend(int type, long room, long places)
        {
            if (type == items.Count)
            {
                var used = Enumerable.Range(0, items.Count).Where(i => copies[i] > 0).ToArray();
                if (used.Length > 0 && room <= waste)
                    all.Add(new Pattern(used, Array.ConvertAll(used, i => copies[i])));
                return;
            }
            var units = items.Members[type].Length;
            for (var k = 0; k <= items.Demands[type] && k * items.Weights[type] <= room && k * units <= places; k++)
            {
                if (k > 1 && items.Conflict(type, type))
                    break;
                if (k > 0 && Enumerable.Range(0, type).Any(i => copies[i] > 0 && items.Conflict(i, type)))
                    break;
                copies[type] = k;
                Extend(type + 1, room - (k * items.Weights[type]), places - (k * units));
            }
            copies[type] = 0;
        }
    }
}

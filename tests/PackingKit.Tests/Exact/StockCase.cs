using FsCheck;
using FsCheck.Fluent;

namespace PackingKit.Tests;

/// <summary>A generated case of cutting stock, with its definition as an oracle.</summary>
public sealed record StockCase(ValueList<long> Sizes, ValueList<StockBin> Stock, CuttingRules Rules)
{
    /// <summary>Few enough items for <see cref="Cheapest"/>.</summary>
    public static Arbitrary<StockCase> Small() => Cases(7);

    /// <summary>More items than brute force can place.</summary>
    public static Arbitrary<StockCase> Large() => Cases(60);

    /// <summary>Few bins, one of each kind, which together are hardly larger than the items.</summary>
    public static Arbitrary<StockCase> Tight() => Arb.From(Gen.Choose(0, int.MaxValue).Select(seed =>
    {
        var random = new Random(seed);
        long[] sizes = [.. Enumerable.Range(0, random.Next(4, 9)).Select(_ => random.NextInt64(1, random.Next(2) == 0 ? 20 : 500))];
        int[] shares = [.. Enumerable.Range(0, random.Next(2, 5)).Select(_ => random.Next(1, 4))];
        var (total, spare) = (sizes.Sum(), random.Next(3));
        StockBin[] stock = [.. shares.Select(share => new StockBin(
            Math.Max(sizes.Max(), ((total * share) / shares.Sum()) + spare), random.Next(1, 9), 1))];
        return new StockCase([.. sizes], [.. stock], CuttingRules.Default);
    }), Shrink);

    public SizeHistogram Demands => SizeHistogram.Of(Sizes.AsSpan());

    public CuttingStockResult Solve(SearchOptions? options = null) => CuttingStock.Solve(Demands, Stock, Rules, options);

    /// <summary>Whether items with a cut between every two fit what the trims leave of a bin.</summary>
    public bool Fits(IReadOnlyCollection<long> items, StockBin bin) => items.Count <= Rules.MaxItems
        && items.Sum() + (Rules.Kerf * (items.Count - 1)) <= bin.Capacity - Rules.TrimStart - Rules.TrimEnd;

    /// <summary>The least cost by trying every place for every item; <see langword="null"/> where there is no plan.</summary>
    public long? Cheapest()
    {
        long[] sizes = [.. Sizes.OrderDescending()];
        var (open, used) = (new List<(StockBin Bin, List<long> Items)>(), new long[Stock.Count]);
        long? best = null;
        Place(0, 0);
        return best;

        void Place(int item, long cost)
        {
            if (cost >= (best ?? long.MaxValue))
                return;
            if (item == sizes.Length)
            {
                best = cost;
                return;
            }
            foreach (var (bin, items) in open.ToArray())
                if (Fits([.. items, sizes[item]], bin))
                {
                    items.Add(sizes[item]);
                    Place(item + 1, cost);
                    items.RemoveAt(items.Count - 1);
                }
            for (var kind = 0; kind < Stock.Count; kind++)
                if (used[kind] < (Stock[kind].Supply ?? long.MaxValue) && Fits([sizes[item]], Stock[kind]))
                {
                    used[kind]++;
                    open.Add((Stock[kind], [sizes[item]]));
                    Place(item + 1, cost + Stock[kind].Cost);
                    open.RemoveAt(open.Count - 1);
                    used[kind]--;
                }
        }
    }

    /// <summary>What first-fit or best-fit decreasing costs that opens the first kind that is large enough and not used up.</summary>
    public long? Fit(IReadOnlyList<int> order, bool tightest)
    {
        var (open, used, cost) = (new List<(StockBin Bin, List<long> Items)>(), new long[Stock.Count], 0L);
        foreach (var size in Sizes.OrderDescending())
        {
            var fitting = open.Where(bin => Fits([.. bin.Items, size], bin.Bin));
            var into = (tightest ? fitting.OrderBy(Residual) : fitting).FirstOrDefault().Items;
            if (into is null)
            {
                var at = order.Where(kind => used[kind] < (Stock[kind].Supply ?? long.MaxValue) && Fits([size], Stock[kind])).ToArray();
                if (at.Length == 0)
                    return null;
                used[at[0]]++;
                cost += Stock[at[0]].Cost;
                open.Add((Stock[at[0]], into = []));
            }
            into.Add(size);
        }
        return cost;

        long Residual((StockBin Bin, List<long> Items) bin) => bin.Bin.Capacity - bin.Items.Sum(item => item + Rules.Kerf);
    }

    public override string ToString() =>
        $"[{string.Join(", ", Sizes)}] from {string.Join("; ", Stock)} by {Rules}";

    private static Arbitrary<StockCase> Cases(int maxItems) => Arb.From(
        Gen.Choose(0, int.MaxValue).Select(seed => Draw(new Random(seed), maxItems)), Shrink);

    private static StockCase Draw(Random random, int maxItems)
    {
        var rules = new CuttingRules
        {
            Kerf = random.Next(3) == 0 ? random.Next(0, 4) : 0,
            TrimStart = random.Next(4) == 0 ? random.Next(0, 3) : 0,
            TrimEnd = random.Next(4) == 0 ? random.Next(0, 3) : 0,
            MaxItems = random.Next(4) == 0 ? random.Next(1, 5) : BinLimits.Unlimited,
        };
        var unit = random.Next(4) == 0 ? 1 : random.Next(1, 8);
        StockBin[] stock = [.. Enumerable.Range(0, random.Next(1, 4)).Select(_ => new StockBin(
            10 + (unit * random.Next(1, 25)), random.Next(1, 20), random.Next(2) == 0 ? random.Next(0, 1 + (maxItems / 2)) : null))];
        var largest = stock.Where(bin => bin.Supply is not 0).Select(bin => bin.Capacity).DefaultIfEmpty().Max()
            - rules.TrimStart - rules.TrimEnd;
        var items = largest < 1 ? 0 : random.Next(0, maxItems + 1);
        return new StockCase(
            [.. Enumerable.Range(0, items).Select(_ => Math.Min(largest, unit * random.NextInt64(1, (largest / unit) + 2)))],
            [.. stock], rules);
    }

    private static IEnumerable<StockCase> Shrink(StockCase of)
    {
        if (of.Rules != CuttingRules.Default)
            yield return of with { Rules = CuttingRules.Default };
        for (var i = 0; i < of.Sizes.Count; i++)
            yield return of with { Sizes = [.. of.Sizes.Where((_, at) => at != i)] };
        for (var i = 0; i < of.Stock.Count && of.Stock.Count > 1; i++)
            if (of.Stock.Where((bin, at) => at != i && bin.Supply is not 0).Select(bin => bin.Capacity).DefaultIfEmpty().Max()
                - of.Rules.TrimStart - of.Rules.TrimEnd is var largest && of.Sizes.All(size => size <= largest))
                yield return of with { Stock = [.. of.Stock.Where((_, at) => at != i)] };
        for (var i = 0; i < of.Stock.Count; i++)
            if (of.Stock[i].Supply is not null)
                yield return of with { Stock = [.. of.Stock.Select((bin, at) => at == i ? bin with { Supply = null } : bin)] };
        for (var i = 0; i < of.Sizes.Count; i++)
            if (of.Sizes[i] > 1)
                yield return of with { Sizes = [.. of.Sizes.Select((size, at) => at == i ? size / 2 : size)] };
    }
}

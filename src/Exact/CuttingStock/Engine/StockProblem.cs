namespace PackingKit;

/// <summary>
/// Cutting stock without what does not matter: losses are part of the lengths, lengths and costs are divided by what they share, bins of
/// one capacity are one class, and kinds that a better one replaces are gone.
/// </summary>
internal sealed class StockProblem
{
    public StockProblem(SizeHistogram demands, IReadOnlyList<StockBin> stock, CuttingRules rules)
    {
        // An item takes its cut along. The last cut of a bin falls away with it, so the bin is longer by one.
        var sizes = Array.ConvertAll(demands.Sizes.ToArray(), size => size + rules.Kerf);
        Counts = demands.Counts.ToArray();
        ItemCount = demands.ItemCount;
        var divisor = EquivalentSizes.Divisor(sizes);
        Demands = SizeHistogram.Trusted(Array.ConvertAll(sizes, size => size / divisor), Counts);

        var kinds = stock.Index()
            .Select(kind => new StockKind(
                kind.Index, rules.CapacityOf(kind.Item) / divisor, kind.Item.Cost, Math.Min(kind.Item.Supply ?? ItemCount, ItemCount)))
            .Where(kind => kind.Supply > 0 && kind.Capacity >= Demands.Sizes[^1])
            .OrderByDescending(kind => kind.Capacity).ThenBy(kind => kind.Cost).ThenByDescending(kind => kind.Supply).ToList();
        kinds = [.. kinds.Where(kind => !kinds.Exists(other => other != kind && other.Replaces(kind, ItemCount)))];
        var costDivisor = EquivalentSizes.Divisor([.. kinds.Select(kind => kind.Cost)]);
        Classes = [.. kinds.GroupBy(kind => kind.Capacity).Select(alike => new StockClass(
            Demands, new BinLimits(alike.Key, rules.MaxItems),
            [.. alike.Select(kind => kind with { Cost = kind.Cost / costDivisor })]))];
        (CostUnit, MaxItems) = (costDivisor, rules.MaxItems);
    }

    /// <summary>The items by equivalent sizes; its place in the histogram is an item's type.</summary>
    public SizeHistogram Demands { get; }

    public long[] Counts { get; }

    public long ItemCount { get; }

    public long MaxItems { get; }

    /// <summary>What costs were divided by.</summary>
    public long CostUnit { get; }

    /// <summary>Bins by capacity, the largest first; none where no item fits any bin.</summary>
    public StockClass[] Classes { get; }

    /// <summary>Whether every item fits some bin.</summary>
    public bool AllFit => Classes.Length > 0 && Classes[0].Capacity >= Demands.Sizes[0];

    /// <summary>The least cost of so many bins of each class, in <see cref="CostUnit"/>s.</summary>
    public BigInteger CostOf(ReadOnlySpan<long> bins)
    {
        BigInteger cost = 0;
        for (var i = 0; i < bins.Length; i++)
            cost += Classes[i].CostOf(bins[i]);
        return cost;
    }

    /// <summary>A plan from what its bins hold; <see langword="null"/> where a class does not have so many.</summary>
    public StockPlan? TryPlan(List<(int Class, Pattern Pattern, long Bins)> entries)
    {
        var bins = new long[Classes.Length];
        foreach (var (at, _, count) in entries)
            bins[at] += count;
        for (var i = 0; i < bins.Length; i++)
            if (bins[i] > Classes[i].Supply)
                return null;
        return new StockPlan(entries, bins, CostOf(bins));
    }
}

/// <summary>A kind of bin as the search sees it.</summary>
/// <param name="Index">Its place in the caller's stock.</param>
/// <param name="Capacity">In equivalent sizes.</param>
/// <param name="Cost">In <see cref="StockProblem.CostUnit"/>s.</param>
/// <param name="Supply">How many there are; the number of items where supply is unlimited.</param>
internal sealed record StockKind(int Index, long Capacity, long Cost, long Supply)
{
    /// <summary>Whether one never needs the other: there are enough of these, no smaller and no dearer.</summary>
    public bool Replaces(StockKind other, long items) => Supply >= items && Capacity >= other.Capacity && Cost <= other.Cost
        && (Capacity > other.Capacity || Cost < other.Cost || other.Supply < items || Index < other.Index);
}

/// <summary>All bins of one capacity: the cheapest are taken first, so that only their number matters to the search.</summary>
internal sealed class StockClass(SizeHistogram demands, BinLimits limits, StockKind[] kinds)
{
    /// <summary>The items as a bin of this class sees them; worked out at first use, which takes some milliseconds.</summary>
    public ItemTypes Items => field ??= ItemTypes.Of(demands, limits);

    public long Capacity => limits.Capacity;

    /// <summary>The kinds, cheapest first.</summary>
    public StockKind[] Kinds => kinds;

    public long Supply { get; } = (long)Int128.Min(demands.ItemCount, kinds.Aggregate(Int128.Zero, (sum, kind) => sum + kind.Supply));

    /// <summary>The most bins that some money pays for.</summary>
    public long MostFor(BigInteger money)
    {
        var count = 0L;
        foreach (var kind in kinds)
        {
            var paid = (long)BigInteger.Min(kind.Supply, BigInteger.Max(0, money) / kind.Cost);
            count += paid;
            money -= (BigInteger)paid * kind.Cost;
            if (paid < kind.Supply)
                break;
        }
        return Math.Min(count, Supply);
    }

    public BigInteger CostOf(long bins)
    {
        BigInteger cost = 0;
        foreach (var kind in kinds)
        {
            var taken = Math.Min(bins, kind.Supply);
            cost += (BigInteger)taken * kind.Cost;
            bins -= taken;
        }
        return cost;
    }
}

/// <summary>A plan of a <see cref="StockProblem"/>.</summary>
/// <param name="Entries">What bins of a class hold.</param>
/// <param name="Bins">Number of bins of each class.</param>
/// <param name="Cost">What they cost, in <see cref="StockProblem.CostUnit"/>s.</param>
internal sealed record StockPlan(IReadOnlyList<(int Class, Pattern Pattern, long Bins)> Entries, long[] Bins, BigInteger Cost);

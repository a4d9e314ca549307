namespace PackingKit;

/// <summary>Integer prices with what the best pattern is worth under them: a bound in which no float takes part.</summary>
/// <param name="Prices">Price of each type.</param>
/// <param name="Limit">No pattern that is allowed is worth more.</param>
/// <param name="Total">What all the items are worth.</param>
internal sealed record SafePrices(long[] Prices, long Limit, Int128 Total)
{
    /// <summary>No packing of allowed patterns has fewer bins.</summary>
    public long Bins { get; } = Integers.CeilingDivide(Total, Limit);

    public double Ratio => (double)Total / Limit;

    /// <summary>
    /// What a pattern must be worth to be part of a packing into <paramref name="bins"/> bins: the other bins are worth at most the limit
    /// each.
    /// </summary>
    public Int128 MinWorth(long bins) => Total - ((Int128)(bins - 1) * Limit);

    public static Int128 TotalOf(long[] prices, long[] counts)
    {
        Int128 total = 0;
        for (var i = 0; i < prices.Length; i++)
            total += (Int128)counts[i] * prices[i];
        return total;
    }
}

namespace PackingKit;

/// <summary>
/// A lower bound that anybody can check in integers: every size has a price, no bin that fits can hold more than <see cref="Limit"/> of
/// price, so the items' total price over the limit, rounded up, is a number of bins that no packing goes below.
/// </summary>
/// <remarks>
/// The dual of the Gilmore-Gomory relaxation (Operations Research 9, 1961), made safe: prices are rounded to integers and the limit is the
/// exact value of the best bin under them, so an inexact linear solver costs strength and never truth. To check it, solve one bounded
/// knapsack over the prices. Immutable.
/// </remarks>
/// <param name="Sizes">The sizes that have a price, each once; a size that is not named is worth nothing.</param>
/// <param name="Prices">The price of each, not negative.</param>
/// <param name="Limit">The most that one bin can hold in price, at least 1.</param>
/// <param name="Bins">The bound: total price over <paramref name="Limit"/>, rounded up.</param>
public sealed record DualPrices(ValueList<long> Sizes, ValueList<long> Prices, long Limit, long Bins);

namespace PackingKit;

/// <summary>A kind of bin (a stock length, a box) that <see cref="CuttingStock"/> may use.</summary>
/// <param name="Capacity">What one such bin holds, at least 1.</param>
/// <param name="Cost">What one such bin costs, at least 1, in the caller's own unit.</param>
/// <param name="Supply">How many there are, not negative; <see langword="null"/> for unlimited supply.</param>
public sealed record StockBin(long Capacity, long Cost, long? Supply = null);

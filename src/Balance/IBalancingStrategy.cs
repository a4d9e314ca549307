namespace PackingKit;

/// <summary>
/// A way to spread items over a fixed number of bins so that the largest load is small. Implementations are sealed,
/// immutable, thread-safe and deterministic.
/// </summary>
public interface IBalancingStrategy
{
    /// <summary>Stable short id: "lpt", "ldm".</summary>
    string Id { get; }

    /// <summary>Spreads every item.</summary>
    /// <param name="costs">
    /// What each item adds to the load of its bin, not negative: its tokens, or their square for the work of attention.
    /// </param>
    /// <param name="bins">Number of bins, at least 1; with fewer items than bins some stay empty.</param>
    /// <exception cref="ArgumentOutOfRangeException">
    /// There is no bin, a cost is negative (the message names the item), or the total leaves the range of <see cref="long"/>.
    /// </exception>
    BalancingResult Balance(ReadOnlySpan<long> costs, int bins);
}

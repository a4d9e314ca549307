namespace PackingKit;

/// <summary>
/// The largest differencing method (Karmarkar-Karp): every item begins as a partition of itself alone; the two partitions whose loads
/// differ most are joined, heavy bins of one with light bins of the other, until one partition is left.
/// </summary>
/// <remarks>
/// <para>Guarantee: none is claimed here; the largest load is nearly always below that of <see cref="LongestProcessingTime"/>.</para>
/// <para>Complexity: O(n log n + n·k log k) for k bins. Ties: equally uneven partitions in the order in which they arose, items first in
/// input order. Deterministic and thread-safe.</para>
/// <para>Reference: N. Karmarkar, R. M. Karp, The differencing method of set partitioning, UCB/CSD 82/113, 1982.</para>
/// </remarks>
/// <example><code>var result = new LargestDifferencing().Balance([8, 7, 6, 5, 4], bins: 2);</code></example>
public sealed class LargestDifferencing : IBalancingStrategy
{
    /// <inheritdoc/>
    public string Id => "ldm";

    /// <inheritdoc/>
    public BalancingResult Balance(ReadOnlySpan<long> costs, int bins)
    {
        BalancingBound.Check(costs, bins);
        var differencing = new Differencing(costs.Length, bins);
        for (var item = 0; item < costs.Length; item++)
            differencing.Add([(costs[item], item)]);
        return BalancingResult.Of(costs, bins, differencing.Run(), Id);
    }
}

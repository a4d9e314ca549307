namespace PackingKit;

/// <summary>Longest processing time first: items in decreasing cost, each into the bin with the least load.</summary>
/// <remarks>
/// <para>Guarantee: largest load ≤ (4/3 - 1/(3k))·OPT for k bins, for every input (Graham, SIAM J. Appl. Math. 17, 1969).</para>
/// <para>Complexity: O(n log n + n log k). Ties: equal costs in input order; equal loads: the lowest bin
/// index. Deterministic and thread-safe.</para>
/// </remarks>
/// <example><code>var result = new LongestProcessingTime().Balance([6, 5, 4, 3, 2], bins: 2);</code></example>
public sealed class LongestProcessingTime : IBalancingStrategy
{
    /// <inheritdoc/>
    public string Id => "lpt";

    /// <inheritdoc/>
    public BalancingResult Balance(ReadOnlySpan<long> costs, int bins)
    {
        BalancingBound.Check(costs, bins);
        var order = new int[costs.Length];
        DecreasingOrder.Fill(costs, order);
        var byLoad = new PriorityQueue<int, (long Load, int Bin)>(bins);
        for (var bin = 0; bin < bins; bin++)
            byLoad.Enqueue(bin, (0, bin));
        var binOfItem = new int[costs.Length];
        foreach (var item in order)
        {
            byLoad.TryPeek(out var bin, out var lightest);
            binOfItem[item] = bin;
            byLoad.DequeueEnqueue(bin, (lightest.Load + costs[item], bin));
        }
        return BalancingResult.Of(costs, bins, binOfItem, Id);
    }
}

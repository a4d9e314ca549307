namespace PackingKit;

/// <summary>
/// Balanced largest differencing: as <see cref="LargestDifferencing"/>, but every bin gets as many items as any other, or one fewer. The
/// items in decreasing cost begin in groups of one for each bin, so that partitions that are joined have equal counts throughout.
/// </summary>
/// <remarks>
/// <para>Guarantee: the counts of two bins differ by at most one; none is claimed for the largest load.</para>
/// <para>Complexity: O(n log n + n log k) for k bins. Ties: as <see cref="LargestDifferencing"/>. Deterministic and thread-safe.</para>
/// <para>Reference: W. Michiels, J. Korst, E. Aarts, J. van Leeuwen, Performance ratios for the differencing method applied to the balanced
/// number partitioning problem, STACS 2003.</para>
/// </remarks>
/// <example><code>var result = new BalancedDifferencing().Balance([100, 1, 1, 1, 1, 1, 1], bins: 3); // 2, 3 and 2 items</code></example>
public sealed class BalancedDifferencing : IBalancingStrategy
{
    /// <inheritdoc/>
    public string Id => "bldm";

    /// <inheritdoc/>
    public BalancingResult Balance(ReadOnlySpan<long> costs, int bins)
    {
        BalancingBound.Check(costs, bins);
        var order = new int[costs.Length];
        DecreasingOrder.Fill(costs, order);
        var differencing = new Differencing(costs.Length, bins);
        // The last group may be short of items: bins without one are empty in it, the others have one more.
        for (var first = 0; first < order.Length; first += bins)
        {
            var group = new (long, int)[Math.Min(bins, order.Length - first)];
            for (var i = 0; i < group.Length; i++)
                group[i] = (costs[order[first + i]], order[first + i]);
            differencing.Add(group);
        }
        return BalancingResult.Of(costs, bins, differencing.Run(), Id);
    }
}

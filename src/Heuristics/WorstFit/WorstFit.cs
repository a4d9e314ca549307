using System.Numerics;

namespace PackingKit;

/// <summary>
/// Worst-fit: each item, in arrival order, goes into the emptiest open bin; a new bin is opened where
/// that does not take it. Spreads loads evenly.
/// </summary>
/// <remarks>
/// <para>Guarantee: WF(I) ≤ 2·OPT(I) − 1 for at least one item of size above 0 and no item limit (at
/// most one bin is half full or less).</para>
/// <para>Complexity: O(n log n) time, O(n) rented space.</para>
/// <para>Ties: Equally empty bins: the lowest bin index.</para>
/// <para>Deterministic and thread-safe. Honours the item limit: a bin with its full number of items takes no more.</para>
/// <para>Reference: D. S. Johnson, Near-optimal bin packing algorithms, MIT 1973.</para>
/// </remarks>
/// <example><code>var result = new WorstFit().Pack(PackingProblem.Create([6, 5, 4, 3, 2], 10));</code></example>
public sealed class WorstFit : IPackingStrategy, ISpanStrategy
{
    /// <inheritdoc/>
    public string Id => "wf";

    /// <inheritdoc/>
    public PackingResult Pack(
        PackingProblem problem, IProgress<PackingProgress>? progress = null, CancellationToken cancellationToken = default) =>
        OnlineHeuristic.Pack(Id, WorstFitByItem.Assign, WorstFitByItem.Assign, problem, cancellationToken);

    /// <inheritdoc/>
    public static int Assign<T>(ReadOnlySpan<T> sizes, BinLimits limits, Span<int> binOfItem)
        where T : struct, IBinaryInteger<T> =>
        OnlineHeuristic.Assign(WorstFitByItem.Assign, sizes, limits, binOfItem);

    /// <inheritdoc/>
    public static int AssignRows<T>(ReadOnlySpan<T> sizes, BinLimits limits, Span<int> binOffsets, Span<int> itemIndices)
        where T : struct, IBinaryInteger<T> =>
        OnlineHeuristic.AssignRows(WorstFitByItem.Assign, sizes, limits, binOffsets, itemIndices);
}

namespace PackingKit;

/// <summary>
/// Next-fit: each item, in arrival order, goes into the bin opened last, or into a new one where that does
/// not take it. Keeps the order of the items.
/// </summary>
/// <remarks>
/// <para>Guarantee: NF(I) ≤ 2·OPT(I) − 1 for at least one item and no item limit (two neighbouring bins hold
/// more than one capacity together).</para>
/// <para>Complexity: O(n) time, O(1) space beside the result.</para>
/// <para>Ties: None to break: one bin is open.</para>
/// <para>Deterministic and thread-safe. Honours the item limit: a bin with its full number of items takes no more.</para>
/// <para>Reference: D. S. Johnson, Near-optimal bin packing algorithms, MIT 1973.</para>
/// </remarks>
/// <example><code>var result = new NextFit().Pack(PackingProblem.Create([6, 5, 4, 3, 2], 10));</code></example>
public sealed class NextFit : IPackingStrategy, ISpanStrategy
{
    /// <inheritdoc/>
    public string Id => "nf";

    /// <inheritdoc/>
    public PackingResult Pack(
        PackingProblem problem, IProgress<PackingProgress>? progress = null, CancellationToken cancellationToken = default) =>
        OnlineHeuristic.Pack(Id, NextFitByItem.Assign, NextFitByItem.Assign, problem, cancellationToken);

    /// <inheritdoc/>
    public static int Assign<T>(ReadOnlySpan<T> sizes, BinLimits limits, Span<int> binOfItem)
        where T : struct, IBinaryInteger<T> =>
        OnlineHeuristic.Assign(NextFitByItem.Assign, sizes, limits, binOfItem);

    /// <inheritdoc/>
    public static int AssignRows<T>(ReadOnlySpan<T> sizes, BinLimits limits, Span<int> binOffsets, Span<int> itemIndices)
        where T : struct, IBinaryInteger<T> =>
        OnlineHeuristic.AssignRows(NextFitByItem.Assign, sizes, limits, binOffsets, itemIndices);
}

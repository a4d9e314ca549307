namespace PackingKit;

/// <summary>Best-fit: each item, in arrival order, goes into the fullest bin that takes it.</summary>
/// <remarks>
/// <para>Guarantee: BF(I) ≤ ⌊1.7·OPT(I)⌋ without item limit, for every input, and tight (Dósa and Sgall 2014).</para>
/// <para>Complexity: O(n log n) time, O(n) rented space.</para>
/// <para>Ties: Equally full bins: the lowest bin index.</para>
/// <para>Deterministic and thread-safe. Honours the item limit: a bin with its full number of items takes no more.</para>
/// <para>Reference: G. Dósa, J. Sgall, Optimal analysis of Best Fit bin packing, ICALP 2014.</para>
/// </remarks>
/// <example><code>var result = new BestFit().Pack(PackingProblem.Create([6, 5, 4, 3, 2], 10));</code></example>
public sealed class BestFit : IPackingStrategy, ISpanStrategy
{
    /// <inheritdoc/>
    public string Id => "bf";

    /// <inheritdoc/>
    public PackingResult Pack(
        PackingProblem problem, IProgress<PackingProgress>? progress = null, CancellationToken cancellationToken = default) =>
        OnlineHeuristic.Pack(Id, BestFitByItem.Assign, BestFitByItem.Assign, problem, cancellationToken);

    /// <inheritdoc/>
    public static int Assign<T>(ReadOnlySpan<T> sizes, BinLimits limits, Span<int> binOfItem)
        where T : struct, IBinaryInteger<T> =>
        OnlineHeuristic.Assign(BestFitByItem.Assign, sizes, limits, binOfItem);

    /// <inheritdoc/>
    public static int AssignRows<T>(ReadOnlySpan<T> sizes, BinLimits limits, Span<int> binOffsets, Span<int> itemIndices)
        where T : struct, IBinaryInteger<T> =>
        OnlineHeuristic.AssignRows(BestFitByItem.Assign, sizes, limits, binOffsets, itemIndices);
}

namespace PackingKit;

/// <summary>
/// Modified first-fit decreasing: items above half a bin get company on purpose, one item above a third or two above a sixth, before the
/// rest goes first-fit in decreasing size.
/// </summary>
/// <remarks>
/// <para>Guarantee: ≤ 2·OPT − 1 without item limit, for at least one item: bins with an item above half are more than half full, and any
/// two of the others hold more than one capacity together. Asymptotically 71/60 (Johnson and Garey 1985).</para>
/// <para>Complexity: as first-fit decreasing for the rest, and O(D) choices, each by a search of O(log D), for the bins with large items;
/// then two passes over the items.</para>
/// <para>Ties: equal sizes in input order; bins by index, forward for one item and backward for two.</para>
/// <para>Deterministic and thread-safe. Honours the item limit: a bin with its full number of items takes no more.</para>
/// <para>Reference: D. S. Johnson, M. R. Garey, A 71/60 theorem for bin packing, Journal of Complexity 1, 1985.</para>
/// </remarks>
/// <example><code>var result = new ModifiedFirstFitDecreasing().Pack(PackingProblem.Create([6, 5, 4, 3, 2], 10));</code></example>
public sealed class ModifiedFirstFitDecreasing : IPlanningStrategy, ISpanStrategy
{
    /// <inheritdoc/>
    public string Id => "mffd";

    /// <inheritdoc/>
    public PackingResult Pack(
        PackingProblem problem, IProgress<PackingProgress>? progress = null, CancellationToken cancellationToken = default) =>
        PlanDealing.Pack(this, problem, progress, cancellationToken);

    /// <inheritdoc/>
    public PlanningResult Plan(
        SizeHistogram histogram, BinLimits limits,
        IProgress<PackingProgress>? progress = null, CancellationToken cancellationToken = default) =>
        OfflineHeuristic.Plan(Id, ModifiedFirstFitBySize.Plan, histogram, limits, cancellationToken);

    /// <inheritdoc/>
    public static int Assign<T>(ReadOnlySpan<T> sizes, BinLimits limits, Span<int> binOfItem)
        where T : struct, IBinaryInteger<T> =>
        OfflineHeuristic.Assign(ModifiedFirstFitBySize.Plan, null, sizes, limits, binOfItem);

    /// <inheritdoc/>
    public static int AssignRows<T>(ReadOnlySpan<T> sizes, BinLimits limits, Span<int> binOffsets, Span<int> itemIndices)
        where T : struct, IBinaryInteger<T> =>
        OfflineHeuristic.AssignRows(ModifiedFirstFitBySize.Plan, null, sizes, limits, binOffsets, itemIndices);
}

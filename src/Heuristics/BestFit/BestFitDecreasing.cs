namespace PackingKit;

/// <summary>
/// Best-fit decreasing: best-fit over the items in decreasing size. The default: never costly, nearly always
/// within one or two per cent of the bound.
/// </summary>
/// <remarks>
/// <para>Guarantee: BFD(I) ≤ 3/2·OPT(I) without item limit, for every input (Simchi-Levi 1994);
/// asymptotically 11/9 (Johnson et al. 1974).</para>
/// <para>Complexity: O(D log D) for the plan of D distinct sizes in practice, then two passes over the items.</para>
/// <para>Ties: Equal sizes: input order. Equally full bins: the lowest bin index.</para>
/// <para>Deterministic and thread-safe. Honours the item limit: a bin with its full number of items takes no more.</para>
/// <para>Reference: D. S. Johnson, A. Demers, J. D. Ullman, M. R. Garey, R. L. Graham, SIAM J. Comput. 3, 1974.</para>
/// </remarks>
/// <example><code>var result = new BestFitDecreasing().Pack(PackingProblem.Create([6, 5, 4, 3, 2], 10));</code></example>
public sealed class BestFitDecreasing : IPlanningStrategy, ISpanStrategy
{
    /// <inheritdoc/>
    public string Id => "bfd";

    /// <inheritdoc/>
    public PackingResult Pack(
        PackingProblem problem, IProgress<PackingProgress>? progress = null, CancellationToken cancellationToken = default) =>
        PlanDealing.Pack(this, problem, progress, cancellationToken);

    /// <inheritdoc/>
    public PlanningResult Plan(
        SizeHistogram histogram, BinLimits limits,
        IProgress<PackingProgress>? progress = null, CancellationToken cancellationToken = default) =>
        OfflineHeuristic.Plan(Id, BestFitBySize.Plan, histogram, limits, cancellationToken);

    /// <inheritdoc/>
    public static int Assign<T>(ReadOnlySpan<T> sizes, BinLimits limits, Span<int> binOfItem)
        where T : struct, IBinaryInteger<T> =>
        OfflineHeuristic.Assign(BestFitBySize.Plan, BestFitByItem.Assign, sizes, limits, binOfItem);

    /// <inheritdoc/>
    public static int AssignRows<T>(ReadOnlySpan<T> sizes, BinLimits limits, Span<int> binOffsets, Span<int> itemIndices)
        where T : struct, IBinaryInteger<T> =>
        OfflineHeuristic.AssignRows(BestFitBySize.Plan, BestFitByItem.Assign, sizes, limits, binOffsets, itemIndices);
}

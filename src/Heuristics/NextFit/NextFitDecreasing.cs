namespace PackingKit;

/// <summary>Next-fit decreasing: next-fit over the items in decreasing size.</summary>
/// <remarks>
/// <para>Guarantee: NFD(I) ≤ 2·OPT(I) − 1 as for next-fit; asymptotically 1.69103 (Baker and Coffman 1981).</para>
/// <para>Complexity: O(D) for the plan of D distinct sizes, then two passes over the items.</para>
/// <para>Ties: Equal sizes: input order.</para>
/// <para>Deterministic and thread-safe. Honours the item limit: a bin with its full number of items takes no more.</para>
/// <para>Reference: B. S. Baker, E. G. Coffman, A tight asymptotic bound for next-fit-decreasing bin-packing,
/// SIAM J. Alg. Disc. Meth. 2, 1981.</para>
/// </remarks>
/// <example><code>var result = new NextFitDecreasing().Pack(PackingProblem.Create([6, 5, 4, 3, 2], 10));</code></example>
public sealed class NextFitDecreasing : IPlanningStrategy, ISpanStrategy
{
    /// <inheritdoc/>
    public string Id => "nfd";

    /// <inheritdoc/>
    public PackingResult Pack(
        PackingProblem problem, IProgress<PackingProgress>? progress = null, CancellationToken cancellationToken = default) =>
        PlanDealing.Pack(this, problem, progress, cancellationToken);

    /// <inheritdoc/>
    public PlanningResult Plan(
        SizeHistogram histogram, BinLimits limits,
        IProgress<PackingProgress>? progress = null, CancellationToken cancellationToken = default) =>
        OfflineHeuristic.Plan(Id, NextFitBySize.Plan, histogram, limits, cancellationToken);

    /// <inheritdoc/>
    public static int Assign<T>(ReadOnlySpan<T> sizes, BinLimits limits, Span<int> binOfItem)
        where T : struct, IBinaryInteger<T> =>
        OfflineHeuristic.Assign(NextFitBySize.Plan, NextFitByItem.Assign, sizes, limits, binOfItem);

    /// <inheritdoc/>
    public static int AssignRows<T>(ReadOnlySpan<T> sizes, BinLimits limits, Span<int> binOffsets, Span<int> itemIndices)
        where T : struct, IBinaryInteger<T> =>
        OfflineHeuristic.AssignRows(NextFitBySize.Plan, NextFitByItem.Assign, sizes, limits, binOffsets, itemIndices);
}

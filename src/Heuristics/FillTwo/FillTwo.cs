namespace PackingKit;

/// <summary>
/// Fills one bin after the other: begun with the largest item left, then an item of exactly the residual capacity, else such a pair, else
/// the largest that fits.
/// </summary>
/// <remarks>
/// <para>Guarantee: ≤ 2·OPT − 1 without item limit, for at least one item: any two bins hold more than one capacity together, because a bin
/// is closed only when nothing that is left fits.</para>
/// <para>Complexity: O(D log D) for each choice at worst, O(log D) where sizes are dense; a choice repeats while its sizes last. Then two
/// passes over the items.</para>
/// <para>Ties: equal sizes in input order; of several exact pairs the one with the largest item.</para>
/// <para>Deterministic and thread-safe. Honours the item limit: a bin with its full number of items takes no more.</para>
/// <para>Reference: the exact-fit rule of greedy subset sum; see S. Martello, P. Toth, Knapsack Problems, 1990, chapter 4.</para>
/// </remarks>
/// <example><code>var result = new FillTwo().Pack(PackingProblem.Create([6, 5, 4, 3, 2], 10));</code></example>
public sealed class FillTwo : IPlanningStrategy, ISpanStrategy
{
    /// <inheritdoc/>
    public string Id => "fill2";

    /// <inheritdoc/>
    public PackingResult Pack(
        PackingProblem problem, IProgress<PackingProgress>? progress = null, CancellationToken cancellationToken = default) =>
        PlanDealing.Pack(this, problem, progress, cancellationToken);

    /// <inheritdoc/>
    public PlanningResult Plan(
        SizeHistogram histogram, BinLimits limits,
        IProgress<PackingProgress>? progress = null, CancellationToken cancellationToken = default) =>
        OfflineHeuristic.Plan(Id, FillTwoBySize.Plan, histogram, limits, cancellationToken);

    /// <inheritdoc/>
    public static int Assign<T>(ReadOnlySpan<T> sizes, BinLimits limits, Span<int> binOfItem)
        where T : struct, IBinaryInteger<T> =>
        OfflineHeuristic.Assign(FillTwoBySize.Plan, null, sizes, limits, binOfItem);

    /// <inheritdoc/>
    public static int AssignRows<T>(ReadOnlySpan<T> sizes, BinLimits limits, Span<int> binOffsets, Span<int> itemIndices)
        where T : struct, IBinaryInteger<T> =>
        OfflineHeuristic.AssignRows(FillTwoBySize.Plan, null, sizes, limits, binOffsets, itemIndices);
}

namespace PackingKit;

/// <summary>
/// Best two fit: fills one bin after the other with the largest item that fits; then the last item gives way to the two items that fill the
/// bin best, if they fill it better.
/// </summary>
/// <remarks>
/// <para>Guarantee: ≤ 2·OPT − 1 without item limit, for at least one item: any two bins hold more than one capacity together, because a bin
/// is closed only when nothing that is left fits.</para>
/// <para>Complexity: O(D) for each choice; a choice repeats while its sizes last, so bins of one kind cost as much as one. Then two passes
/// over the items.</para>
/// <para>Ties: equal sizes in input order; of equally good pairs the one with the larger item.</para>
/// <para>Deterministic and thread-safe. Honours the item limit: a bin with its full number of items takes no more.</para>
/// <para>Reference: D. K. Friesen, M. A. Langston, Analysis of a compound bin packing algorithm, SIAM Journal on Discrete Mathematics 4,
/// 1991. Theirs sets items up to a sixth of a bin aside; this one treats all alike.</para>
/// </remarks>
/// <example><code>var result = new BestTwoFit().Pack(PackingProblem.Create([6, 5, 4, 3, 2], 10));</code></example>
public sealed class BestTwoFit : IPlanningStrategy, ISpanStrategy
{
    /// <inheritdoc/>
    public string Id => "b2f";

    /// <inheritdoc/>
    public PackingResult Pack(
        PackingProblem problem, IProgress<PackingProgress>? progress = null, CancellationToken cancellationToken = default) =>
        PlanDealing.Pack(this, problem, progress, cancellationToken);

    /// <inheritdoc/>
    public PlanningResult Plan(
        SizeHistogram histogram, BinLimits limits,
        IProgress<PackingProgress>? progress = null, CancellationToken cancellationToken = default) =>
        OfflineHeuristic.Plan(Id, BestTwoFitBySize.Plan, histogram, limits, cancellationToken);

    /// <inheritdoc/>
    public static int Assign<T>(ReadOnlySpan<T> sizes, BinLimits limits, Span<int> binOfItem)
        where T : struct, IBinaryInteger<T> =>
        OfflineHeuristic.Assign(BestTwoFitBySize.Plan, null, sizes, limits, binOfItem);

    /// <inheritdoc/>
    public static int AssignRows<T>(ReadOnlySpan<T> sizes, BinLimits limits, Span<int> binOffsets, Span<int> itemIndices)
        where T : struct, IBinaryInteger<T> =>
        OfflineHeuristic.AssignRows(BestTwoFitBySize.Plan, null, sizes, limits, binOffsets, itemIndices);
}

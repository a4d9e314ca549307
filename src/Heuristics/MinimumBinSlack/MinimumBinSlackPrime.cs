namespace PackingKit;

/// <summary>
/// Minimum bin slack with the largest item fixed (MBS'): each bin begins with the largest item left and takes the set that then leaves the
/// least residual capacity, searched depth first within 5,000 nodes for each bin.
/// </summary>
/// <remarks>
/// <para>Guarantee: ≤ 2·OPT − 1 without item limit, for at least one item: any two bins hold more than one capacity together, because a bin
/// is closed only when nothing that is left fits.</para>
/// <para>Complexity: at most 5,000 nodes of O(log D) for each bin; a set repeats while its sizes
/// last. Then two passes over the items.</para>
/// <para>Ties: equal sizes in input order; of sets with equal residual capacity the first in
/// lexicographic order of decreasing sizes.</para>
/// <para>Deterministic and thread-safe. Honours the item limit: a bin with its full number of items takes no more.</para>
/// <para>Reference: K. Fleszar, K. S. Hindi, New heuristics for one-dimensional bin-packing, Computers
/// and Operations Research 29, 2002.</para>
/// </remarks>
/// <example><code>var result = new MinimumBinSlackPrime().Pack(PackingProblem.Create([6, 5, 4, 3, 2], 10));</code></example>
public sealed class MinimumBinSlackPrime : IPlanningStrategy, ISpanStrategy
{
    /// <inheritdoc/>
    public string Id => "mbs-prime";

    /// <inheritdoc/>
    public PackingResult Pack(
        PackingProblem problem, IProgress<PackingProgress>? progress = null, CancellationToken cancellationToken = default) =>
        PlanDealing.Pack(this, problem, progress, cancellationToken);

    /// <inheritdoc/>
    public PlanningResult Plan(
        SizeHistogram histogram, BinLimits limits,
        IProgress<PackingProgress>? progress = null, CancellationToken cancellationToken = default) =>
        OfflineHeuristic.Plan(Id, MinimumBinSlackBySize.PlanPrime, histogram, limits, cancellationToken);

    /// <inheritdoc/>
    public static int Assign<T>(ReadOnlySpan<T> sizes, BinLimits limits, Span<int> binOfItem)
        where T : struct, IBinaryInteger<T> =>
        OfflineHeuristic.Assign(MinimumBinSlackBySize.PlanPrime, null, sizes, limits, binOfItem);

    /// <inheritdoc/>
    public static int AssignRows<T>(ReadOnlySpan<T> sizes, BinLimits limits, Span<int> binOffsets, Span<int> itemIndices)
        where T : struct, IBinaryInteger<T> =>
        OfflineHeuristic.AssignRows(MinimumBinSlackBySize.PlanPrime, null, sizes, limits, binOffsets, itemIndices);
}

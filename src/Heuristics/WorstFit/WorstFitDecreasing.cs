using System.Numerics;

namespace PackingKit;

/// <summary>Worst-fit decreasing: worst-fit over the items in decreasing size. The most even loads of the family.</summary>
/// <remarks>
/// <para>Guarantee: WFD(I) ≤ 2·OPT(I) − 1 as for worst-fit; asymptotically 5/4 (Johnson 1973).</para>
/// <para>Complexity: O(D log D + S) for a plan of S placements, then two passes over the items.</para>
/// <para>Ties: Equal sizes: input order. Equally empty bins: the lowest bin index.</para>
/// <para>Deterministic and thread-safe. Honours the item limit: a bin with its full number of items takes no more.</para>
/// <para>Reference: D. S. Johnson, Near-optimal bin packing algorithms, MIT 1973.</para>
/// </remarks>
/// <example><code>var result = new WorstFitDecreasing().Pack(PackingProblem.Create([6, 5, 4, 3, 2], 10));</code></example>
public sealed class WorstFitDecreasing : IPlanningStrategy, ISpanStrategy
{
    /// <inheritdoc/>
    public string Id => "wfd";

    /// <inheritdoc/>
    public PackingResult Pack(
        PackingProblem problem, IProgress<PackingProgress>? progress = null, CancellationToken cancellationToken = default) =>
        PlanDealing.Pack(this, problem, progress, cancellationToken);

    /// <inheritdoc/>
    public PlanningResult Plan(
        SizeHistogram histogram, BinLimits limits,
        IProgress<PackingProgress>? progress = null, CancellationToken cancellationToken = default) =>
        OfflineHeuristic.Plan(Id, WorstFitBySize.Plan, histogram, limits, cancellationToken);

    /// <inheritdoc/>
    public static int Assign<T>(ReadOnlySpan<T> sizes, BinLimits limits, Span<int> binOfItem)
        where T : struct, IBinaryInteger<T> =>
        OfflineHeuristic.Assign(WorstFitBySize.Plan, WorstFitByItem.Assign, sizes, limits, binOfItem);

    /// <inheritdoc/>
    public static int AssignRows<T>(ReadOnlySpan<T> sizes, BinLimits limits, Span<int> binOffsets, Span<int> itemIndices)
        where T : struct, IBinaryInteger<T> =>
        OfflineHeuristic.AssignRows(WorstFitBySize.Plan, WorstFitByItem.Assign, sizes, limits, binOffsets, itemIndices);
}

using System.Numerics;

namespace PackingKit;

/// <summary>First-fit decreasing: first-fit over the items in decreasing size.</summary>
/// <remarks>
/// <para>Guarantee: FFD(I) ≤ 11/9·OPT(I) + 6/9 without item limit, for every input, and tight (Dósa, Li, Han and Tuza 2013); also ≤
/// 3/2·OPT(I) (Simchi-Levi 1994).</para>
/// <para>Complexity: O(D²) or better for the plan of D distinct sizes, then two passes over the items.</para>
/// <para>Ties: Equal sizes: input order. Bins: the lowest index is the rule itself.</para>
/// <para>Deterministic and thread-safe. Honours the item limit: a bin with its full number of items takes no more.</para>
/// <para>Reference: G. Dósa, R. Li, X. Han, Z. Tuza, Tight absolute bound for First Fit Decreasing
/// bin-packing, Theoret. Comput. Sci. 510, 2013.</para>
/// </remarks>
/// <example><code>var result = new FirstFitDecreasing().Pack(PackingProblem.Create([6, 5, 4, 3, 2], 10));</code></example>
public sealed class FirstFitDecreasing : IPlanningStrategy, ISpanStrategy
{
    /// <inheritdoc/>
    public string Id => "ffd";

    /// <inheritdoc/>
    public PackingResult Pack(
        PackingProblem problem, IProgress<PackingProgress>? progress = null, CancellationToken cancellationToken = default) =>
        PlanDealing.Pack(this, problem, progress, cancellationToken);

    /// <inheritdoc/>
    public PlanningResult Plan(
        SizeHistogram histogram, BinLimits limits,
        IProgress<PackingProgress>? progress = null, CancellationToken cancellationToken = default) =>
        OfflineHeuristic.Plan(Id, FirstFitBySize.Plan, histogram, limits, cancellationToken);

    /// <inheritdoc/>
    public static int Assign<T>(ReadOnlySpan<T> sizes, BinLimits limits, Span<int> binOfItem)
        where T : struct, IBinaryInteger<T> =>
        OfflineHeuristic.Assign(FirstFitBySize.Plan, FirstFitByItem.Assign, sizes, limits, binOfItem);

    /// <inheritdoc/>
    public static int AssignRows<T>(ReadOnlySpan<T> sizes, BinLimits limits, Span<int> binOffsets, Span<int> itemIndices)
        where T : struct, IBinaryInteger<T> =>
        OfflineHeuristic.AssignRows(FirstFitBySize.Plan, FirstFitByItem.Assign, sizes, limits, binOffsets, itemIndices);
}

using System.Numerics;

namespace PackingKit;

/// <summary>First-fit: each item, in arrival order, goes into the first bin, by index, that takes it.</summary>
/// <remarks>
/// <para>Guarantee: FF(I) ≤ ⌊1.7·OPT(I)⌋ without item limit, for every input, and tight (Dósa and Sgall 2013).</para>
/// <para>Complexity: O(n log n) time, O(n) rented space.</para>
/// <para>Ties: The lowest bin index is the rule itself.</para>
/// <para>Deterministic and thread-safe. Honours the item limit: a bin with its full number of items takes no more.</para>
/// <para>Reference: G. Dósa, J. Sgall, First Fit bin packing: a tight analysis, STACS 2013.</para>
/// </remarks>
/// <example><code>var result = new FirstFit().Pack(PackingProblem.Create([6, 5, 4, 3, 2], 10));</code></example>
public sealed class FirstFit : IPackingStrategy, ISpanStrategy
{
    /// <inheritdoc/>
    public string Id => "ff";

    /// <inheritdoc/>
    public PackingResult Pack(
        PackingProblem problem, IProgress<PackingProgress>? progress = null, CancellationToken cancellationToken = default) =>
        OnlineHeuristic.Pack(Id, FirstFitByItem.Assign, FirstFitByItem.Assign, problem, cancellationToken);

    /// <inheritdoc/>
    public static int Assign<T>(ReadOnlySpan<T> sizes, BinLimits limits, Span<int> binOfItem)
        where T : struct, IBinaryInteger<T> =>
        OnlineHeuristic.Assign(FirstFitByItem.Assign, sizes, limits, binOfItem);

    /// <inheritdoc/>
    public static int AssignRows<T>(ReadOnlySpan<T> sizes, BinLimits limits, Span<int> binOffsets, Span<int> itemIndices)
        where T : struct, IBinaryInteger<T> =>
        OnlineHeuristic.AssignRows(FirstFitByItem.Assign, sizes, limits, binOffsets, itemIndices);
}

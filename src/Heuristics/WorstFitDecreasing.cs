using System.Numerics;
using PackingKit.Kernels;

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
public sealed class WorstFitDecreasing : IPlanningStrategy
{
    /// <inheritdoc/>
    public string Name => "wfd";

    /// <inheritdoc/>
    public PackingResult Pack(PackingProblem problem, IProgress<PackingProgress>? progress = null, CancellationToken cancellationToken = default) =>
        Planning.Pack(this, problem, progress, cancellationToken);

    /// <inheritdoc/>
    public PlanningResult Plan(
        SizeHistogram histogram, long capacity, int? maxItemsPerBin = null,
        IProgress<PackingProgress>? progress = null, CancellationToken cancellationToken = default) =>
        Planning.Plan(Name, WorstFitRuns.Plan, histogram, capacity, maxItemsPerBin, cancellationToken);

    /// <summary>The span lane: assigns without allocating (working memory is rented) and without a bound.</summary>
    /// <typeparam name="T">The integer type of the sizes.</typeparam>
    /// <param name="sizes">Size of each item, from 0 to <paramref name="capacity"/>.</param>
    /// <param name="capacity">What one bin holds, at least 1.</param>
    /// <param name="binOfItem">Takes the bin of each item; at least as long as <paramref name="sizes"/>.</param>
    /// <param name="maxItemsPerBin">The most items a bin may hold, at least 1.</param>
    /// <returns>The number of bins.</returns>
    /// <exception cref="ArgumentOutOfRangeException">
    /// A limit is below 1, or a size is out of its range; the message names the index.
    /// </exception>
    /// <exception cref="ArgumentException"><paramref name="binOfItem"/> is too short.</exception>
    public static int Assign<T>(ReadOnlySpan<T> sizes, T capacity, Span<int> binOfItem, int maxItemsPerBin = int.MaxValue)
        where T : struct, IBinaryInteger<T> =>
        Planning.Assign(WorstFitRuns.Plan, WorstFitKernel.Assign, sizes, capacity, maxItemsPerBin, binOfItem);

    /// <summary>
    /// The span lane for compressed rows: bin b holds <c>itemIndices[binOffsets[b] .. binOffsets[b + 1]]</c>, as in <see cref="Packing"/>.
    /// </summary>
    /// <param name="sizes">Size of each item, from 0 to <paramref name="capacity"/>.</param>
    /// <param name="capacity">What one bin holds, at least 1.</param>
    /// <param name="binOffsets">
    /// Takes the start of each bin, then the number of items; of length n + 1 at least, since there may be as many bins as items.
    /// </param>
    /// <param name="itemIndices">Takes the items by bin; at least as long as <paramref name="sizes"/>.</param>
    /// <param name="maxItemsPerBin">The most items a bin may hold, at least 1.</param>
    /// <inheritdoc cref="Assign{T}"/>
    public static int AssignRows<T>(ReadOnlySpan<T> sizes, T capacity, Span<int> binOffsets, Span<int> itemIndices, int maxItemsPerBin = int.MaxValue)
        where T : struct, IBinaryInteger<T> =>
        Planning.AssignRows(WorstFitRuns.Plan, WorstFitKernel.Assign, sizes, capacity, maxItemsPerBin, binOffsets, itemIndices);
}

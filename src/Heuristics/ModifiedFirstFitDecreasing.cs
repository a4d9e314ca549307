using System.Numerics;
using PackingKit.Kernels;

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
public sealed class ModifiedFirstFitDecreasing : IPlanningStrategy
{
    /// <inheritdoc/>
    public string Name => "mffd";

    /// <inheritdoc/>
    public PackingResult Pack(PackingProblem problem, IProgress<PackingProgress>? progress = null, CancellationToken cancellationToken = default) =>
        Planning.Pack(this, problem, progress, cancellationToken);

    /// <inheritdoc/>
    public PlanningResult Plan(
        SizeHistogram histogram, long capacity, int? maxItemsPerBin = null,
        IProgress<PackingProgress>? progress = null, CancellationToken cancellationToken = default) =>
        Planning.Plan(Name, ModifiedFirstFitRuns.Plan, histogram, capacity, maxItemsPerBin, cancellationToken);

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
        Planning.Assign(ModifiedFirstFitRuns.Plan, null, sizes, capacity, maxItemsPerBin, binOfItem);

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
        Planning.AssignRows(ModifiedFirstFitRuns.Plan, null, sizes, capacity, maxItemsPerBin, binOffsets, itemIndices);
}

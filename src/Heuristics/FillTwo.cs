using System.Numerics;
using PackingKit.Kernels;

namespace PackingKit;

/// <summary>
/// Fills one bin after the other: begun with the largest item left, then an item of exactly the room, else a pair of exactly the room, else
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
public sealed class FillTwo : IPlanningStrategy
{
    /// <inheritdoc/>
    public string Name => "fill2";

    /// <inheritdoc/>
    public PackingResult Pack(
        PackingProblem problem, IProgress<PackingProgress>? progress = null, CancellationToken cancellationToken = default) =>
        Planning.Pack(this, problem, progress, cancellationToken);

    /// <inheritdoc/>
    public PlanningResult Plan(
        SizeHistogram histogram, long capacity, int? maxItemsPerBin = null,
        IProgress<PackingProgress>? progress = null, CancellationToken cancellationToken = default) =>
        Planning.Plan(Name, FillRuns.Plan, histogram, capacity, maxItemsPerBin, cancellationToken);

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
        Planning.Assign(FillRuns.Plan, null, sizes, capacity, maxItemsPerBin, binOfItem);

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
    public static int AssignRows<T>(
        ReadOnlySpan<T> sizes, T capacity, Span<int> binOffsets, Span<int> itemIndices, int maxItemsPerBin = int.MaxValue)
        where T : struct, IBinaryInteger<T> =>
        Planning.AssignRows(FillRuns.Plan, null, sizes, capacity, maxItemsPerBin, binOffsets, itemIndices);
}

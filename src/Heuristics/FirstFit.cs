using System.Numerics;
using PackingKit.Kernels;

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
public sealed class FirstFit : IPackingStrategy
{
    /// <inheritdoc/>
    public string Name => "ff";

    /// <inheritdoc/>
    public PackingResult Pack(
        PackingProblem problem, IProgress<PackingProgress>? progress = null, CancellationToken cancellationToken = default) =>
        Assigning.Pack(Name, FirstFitKernel.Assign, FirstFitKernel.Assign, problem, cancellationToken);

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
        Assigning.Assign(FirstFitKernel.Assign, sizes, capacity, maxItemsPerBin, binOfItem);

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
        Assigning.AssignRows(FirstFitKernel.Assign, sizes, capacity, maxItemsPerBin, binOffsets, itemIndices);
}

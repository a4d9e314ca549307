using System.Numerics;
using PackingKit.Kernels;

namespace PackingKit;

/// <summary>First-fit decreasing: first-fit over the items in decreasing size.</summary>
/// <remarks>
/// <para>Guarantee: FFD(I) ≤ 11/9·OPT(I) + 6/9 without item limit, for every input, and tight (Dósa, Li, Han and Tuza 2013); also ≤
/// 3/2·OPT(I) (Simchi-Levi 1994).</para>
/// <para>Complexity: O(D²) or better for the plan of D distinct sizes, then two passes over the items.</para>
/// <para>Ties: Equal sizes: input order. Bins: the lowest index is the rule itself.</para>
/// <para>Deterministic and thread-safe. Honours the item limit: a bin with its full number of items takes no more.</para>
/// <para>Reference: G. Dósa, R. Li, X. Han, Z. Tuza, Tight absolute bound for First Fit Decreasing bin-packing, Theoret. Comput. Sci. 510,
/// 2013.</para>
/// </remarks>
/// <example><code>var result = new FirstFitDecreasing().Pack(PackingProblem.Create([6, 5, 4, 3, 2], 10));</code></example>
public sealed class FirstFitDecreasing : IPlanningStrategy
{
    /// <inheritdoc/>
    public string Name => "ffd";

    /// <inheritdoc/>
    public PackingResult Pack(
        PackingProblem problem, IProgress<PackingProgress>? progress = null, CancellationToken cancellationToken = default) =>
        Planning.Pack(this, problem, progress, cancellationToken);

    /// <inheritdoc/>
    public PlanningResult Plan(
        SizeHistogram histogram, long capacity, int? maxItemsPerBin = null,
        IProgress<PackingProgress>? progress = null, CancellationToken cancellationToken = default) =>
        Planning.Plan(Name, FirstFitRuns.Plan, histogram, capacity, maxItemsPerBin, cancellationToken);

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
        Planning.Assign(FirstFitRuns.Plan, FirstFitKernel.Assign, sizes, capacity, maxItemsPerBin, binOfItem);

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
        Planning.AssignRows(FirstFitRuns.Plan, FirstFitKernel.Assign, sizes, capacity, maxItemsPerBin, binOffsets, itemIndices);
}

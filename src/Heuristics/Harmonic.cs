using System.Buffers;
using System.Numerics;
using PackingKit.Kernels;

namespace PackingKit;

/// <summary>
/// Harmonic-k: an item above 1/(j + 1) and up to 1/j of a bin shares a bin with j − 1 of its class; items up to 1/k go next-fit. Keeps one
/// open bin a class.
/// </summary>
/// <remarks>
/// <para>Guarantee: at most one bin a class is not closed, so the packing is within a constant of its asymptotic factor, which falls to
/// 1.69103 as k grows (Lee and Lee 1985); no factor is claimed here for every input.</para>
/// <para>Complexity: O(n) time, O(k) space beside the result.</para>
/// <para>Ties: none to break: one bin of a class is open.</para>
/// <para>Deterministic and thread-safe. Honours the item limit: a bin with its full number of items takes no more.</para>
/// <para>Reference: C. C. Lee, D. T. Lee, A simple on-line bin-packing algorithm, Journal of the ACM 32, 1985.</para>
/// </remarks>
/// <example><code>var result = new Harmonic(classes: 12).Pack(PackingProblem.Create([6, 5, 4, 3, 2], 10));</code></example>
public sealed class Harmonic : IPackingStrategy
{
    private const int DefaultClasses = 12;

    private readonly int _classes;

    /// <summary>The strategy with its number of classes.</summary>
    /// <param name="classes">k, from 1 (which is next-fit) to 1000.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="classes"/> is out of its range.</exception>
    public Harmonic(int classes = DefaultClasses)
    {
        CheckClasses(classes);
        _classes = classes;
    }

    /// <inheritdoc/>
    public string Name => "harmonic";

    /// <inheritdoc/>
    public PackingResult Pack(PackingProblem problem, IProgress<PackingProgress>? progress = null, CancellationToken cancellationToken = default) => Assigning.Pack(
        Name,
        (sizes, _, capacity, most, bins) => HarmonicKernel.Assign(_classes, sizes, capacity, most, bins),
        (sizes, _, capacity, most, bins) => HarmonicKernel.Assign(_classes, sizes, capacity, most, bins),
        problem, cancellationToken);

    /// <summary>The span lane: assigns without allocating (working memory is rented) and without a bound.</summary>
    /// <typeparam name="T">The integer type of the sizes.</typeparam>
    /// <param name="sizes">Size of each item, from 0 to <paramref name="capacity"/>.</param>
    /// <param name="capacity">What one bin holds, at least 1.</param>
    /// <param name="binOfItem">Takes the bin of each item; at least as long as <paramref name="sizes"/>.</param>
    /// <param name="classes">k, from 1 (which is next-fit) to 1000.</param>
    /// <param name="maxItemsPerBin">The most items a bin may hold, at least 1.</param>
    /// <returns>The number of bins.</returns>
    /// <exception cref="ArgumentOutOfRangeException">
    /// A limit is below 1, or a size is out of its range; the message names the index.
    /// </exception>
    /// <exception cref="ArgumentException"><paramref name="binOfItem"/> is too short.</exception>
    public static int Assign<T>(ReadOnlySpan<T> sizes, T capacity, Span<int> binOfItem, int classes = DefaultClasses, int maxItemsPerBin = int.MaxValue)
        where T : struct, IBinaryInteger<T>
    {
        CheckClasses(classes);
        SizeChecks.Lane(sizes.Length, capacity, maxItemsPerBin, binOfItem.Length);
        SizeChecks.Total(sizes, long.CreateTruncating(capacity));
        return HarmonicKernel.Assign(classes, sizes, capacity, maxItemsPerBin, binOfItem);
    }

    /// <summary>
    /// The span lane for compressed rows: bin b holds <c>itemIndices[binOffsets[b] .. binOffsets[b + 1]]</c>, as in <see cref="Packing"/>.
    /// </summary>
    /// <param name="sizes">Size of each item, from 0 to <paramref name="capacity"/>.</param>
    /// <param name="capacity">What one bin holds, at least 1.</param>
    /// <param name="binOffsets">
    /// Takes the start of each bin, then the number of items; of length n + 1 at least, since there may be as many bins as items.
    /// </param>
    /// <param name="itemIndices">Takes the items by bin; at least as long as <paramref name="sizes"/>.</param>
    /// <param name="classes">k, from 1 (which is next-fit) to 1000.</param>
    /// <param name="maxItemsPerBin">The most items a bin may hold, at least 1.</param>
    /// <inheritdoc cref="Assign{T}"/>
    public static int AssignRows<T>(
        ReadOnlySpan<T> sizes, T capacity, Span<int> binOffsets, Span<int> itemIndices, int classes = DefaultClasses, int maxItemsPerBin = int.MaxValue)
        where T : struct, IBinaryInteger<T>
    {
        SizeChecks.RowsLane(sizes.Length, capacity, maxItemsPerBin, binOffsets.Length, itemIndices.Length);
        var rented = ArrayPool<int>.Shared.Rent(sizes.Length);
        var binOfItem = rented.AsSpan(0, sizes.Length);
        var bins = Assign(sizes, capacity, binOfItem, classes, maxItemsPerBin);
        RowWriting.FromAssignment(binOfItem, [], bins, binOffsets, itemIndices);
        ArrayPool<int>.Shared.Return(rented);
        return bins;
    }

    private static void CheckClasses(int classes)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(classes, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(classes, 1000);
    }
}

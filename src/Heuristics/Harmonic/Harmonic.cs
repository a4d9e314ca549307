namespace PackingKit;

/// <summary>
/// Harmonic-k: an item above 1/(j + 1) and up to 1/j of a bin shares a bin with j − 1 of its class; items up to 1/k go next-fit. Keeps one
/// open bin for each class.
/// </summary>
/// <remarks>
/// <para>Guarantee: at most one bin of each class is not closed, so the packing is within a constant of its asymptotic factor, which falls
/// to 1.69103 as k grows (Lee and Lee 1985); no factor is claimed here for every input.</para>
/// <para>Complexity: O(n) time, O(k) space beside the result.</para>
/// <para>Ties: none to break: one bin of a class is open.</para>
/// <para>Deterministic and thread-safe. Honours the item limit: a bin with its full number of items takes no more.</para>
/// <para>Reference: C. C. Lee, D. T. Lee, A simple on-line bin-packing algorithm, Journal of the ACM 32, 1985.</para>
/// </remarks>
/// <example><code>var result = new Harmonic(classes: 12).Pack(PackingProblem.Create([6, 5, 4, 3, 2], 10));</code></example>
public sealed class Harmonic : IPackingStrategy, ISpanStrategy
{
    private readonly int _classes;

    /// <summary>The strategy with its number of classes.</summary>
    /// <param name="classes">k, from 1 (which is next-fit) to 1000.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="classes"/> is out of its range.</exception>
    public Harmonic(int classes = HarmonicByItem.DefaultClasses)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(classes, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(classes, 1000);
        _classes = classes;
    }

    /// <inheritdoc/>
    public string Id => "harmonic";

    /// <inheritdoc/>
    public PackingResult Pack(
        PackingProblem problem, IProgress<PackingProgress>? progress = null, CancellationToken cancellationToken = default) =>
        OnlineHeuristic.Pack(Id, ByItem<int>(_classes), ByItem<long>(_classes), problem, cancellationToken);

    /// <inheritdoc/>
    /// <remarks>With 12 classes.</remarks>
    public static int Assign<T>(ReadOnlySpan<T> sizes, BinLimits limits, Span<int> binOfItem)
        where T : struct, IBinaryInteger<T> =>
        OnlineHeuristic.Assign(HarmonicByItem.Assign, sizes, limits, binOfItem);

    /// <inheritdoc/>
    /// <remarks>With 12 classes.</remarks>
    public static int AssignRows<T>(ReadOnlySpan<T> sizes, BinLimits limits, Span<int> binOffsets, Span<int> itemIndices)
        where T : struct, IBinaryInteger<T> =>
        OnlineHeuristic.AssignRows(HarmonicByItem.Assign, sizes, limits, binOffsets, itemIndices);

    private static OnlineHeuristic.ByItem<T> ByItem<T>(int classes)
        where T : struct, IBinaryInteger<T> =>
        (sizes, _, limits, binOfItem, _) => HarmonicByItem.Assign(classes, sizes, limits, binOfItem);
}

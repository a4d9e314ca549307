using PackingKit.Kernels;

namespace PackingKit;

/// <summary>Harmonic-k: an item above 1/(j + 1) and up to 1/j of a bin shares a bin with j − 1 of its class; items up to 1/k go next-fit. Keeps one open bin a class.</summary>
/// <remarks>
/// <para>Guarantee: at most one bin a class is not closed, so the packing is within a constant of its asymptotic factor, which falls to 1.69103 as k grows
/// (Lee and Lee 1985); no factor is claimed here for every input.</para>
/// <para>Complexity: O(n) time, O(k) space beside the result.</para>
/// <para>Ties: none to break: one bin of a class is open.</para>
/// <para>Deterministic and thread-safe. Honours the item limit: a bin with its full number of items takes no more.</para>
/// <para>Reference: C. C. Lee, D. T. Lee, A simple on-line bin-packing algorithm, Journal of the ACM 32, 1985.</para>
/// </remarks>
/// <example><code>var result = new Harmonic(classes: 12).Pack(PackingProblem.Create([6, 5, 4, 3, 2], 10));</code></example>
public sealed class Harmonic : IPackingStrategy
{
    private readonly int _classes;

    /// <summary>The strategy with its number of classes.</summary>
    /// <param name="classes">k, from 1 (which is next-fit) to 1000.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="classes"/> is out of its range.</exception>
    public Harmonic(int classes = 12)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(classes, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(classes, 1000);
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
}

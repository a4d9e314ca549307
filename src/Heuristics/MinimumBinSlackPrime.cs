using PackingKit.Kernels;

namespace PackingKit;

/// <summary>Minimum bin slack with the largest item fixed (MBS'): each bin begins with the largest item left and takes the set that then leaves the least room, searched depth first within 5,000 nodes a bin.</summary>
/// <remarks>
/// <para>Guarantee: ≤ 2·OPT − 1 without item limit, for at least one item: any two bins hold more than one capacity together, because a bin is closed only when nothing that is left fits.</para>
/// <para>Complexity: at most 5,000 nodes of O(log D) a bin; a set repeats while its sizes last. Then two passes over the items.</para>
/// <para>Ties: equal sizes in input order; of sets with equal slack the first in lexicographic order of decreasing sizes.</para>
/// <para>Deterministic and thread-safe. Honours the item limit: a bin with its full number of items takes no more.</para>
/// <para>Reference: K. Fleszar, K. S. Hindi, New heuristics for one-dimensional bin-packing, Computers and Operations Research 29, 2002.</para>
/// </remarks>
/// <example><code>var result = new MinimumBinSlackPrime().Pack(PackingProblem.Create([6, 5, 4, 3, 2], 10));</code></example>
public sealed class MinimumBinSlackPrime : IPlanningStrategy
{
    /// <inheritdoc/>
    public string Name => "mbs-prime";

    /// <inheritdoc/>
    public PackingResult Pack(PackingProblem problem, IProgress<PackingProgress>? progress = null, CancellationToken cancellationToken = default) =>
        Planning.Pack(this, problem, progress, cancellationToken);

    /// <inheritdoc/>
    public PlanningResult Plan(
        SizeHistogram histogram, long capacity, int? maxItemsPerBin = null,
        IProgress<PackingProgress>? progress = null, CancellationToken cancellationToken = default) =>
        Planning.Plan(
            Name, (sizes, counts, capacity, most, ref steps) => MinimumSlackRuns.Plan(fixLargest: true, sizes, counts, capacity, most, ref steps, cancellationToken),
            histogram, capacity, maxItemsPerBin, cancellationToken);
}

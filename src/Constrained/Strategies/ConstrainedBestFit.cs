namespace PackingKit;

/// <summary>
/// Best-fit decreasing for several resources and rules: items and groups from the largest down, each into the bin with the least room that
/// takes it. Room is measured as size is in <see cref="ConstrainedFirstFit"/>.
/// </summary>
/// <remarks>
/// <para>Guarantee: with one resource and no rule but an item limit the bins are those of <see cref="BestFitDecreasing"/>, and so is the
/// guarantee. Where bins have a least load, a packing is not always found.</para>
/// <para>Complexity: as <see cref="ConstrainedFirstFit"/>; the tree stands in the order of rooms, of which up to 65,536 are told
/// apart.</para>
/// <para>Ties: items as <see cref="ConstrainedFirstFit"/>; of bins with equal room the one with less of the first resource, then the
/// lowest. Deterministic and thread-safe.</para>
/// <para>Reference: R. Panigrahy, K. Talwar, L. Uyeda, U. Wieder, Heuristics for vector bin packing, 2011.</para>
/// </remarks>
public sealed class ConstrainedBestFit : IConstrainedStrategy
{
    /// <inheritdoc/>
    public string Id => "bfd";

    /// <inheritdoc/>
    public ConstrainedResult Pack(ConstrainedProblem problem, CancellationToken cancellationToken = default) =>
        ConstrainedRun.Pack(this, problem, Place, cancellationToken);

    internal static RuledBins Place(PackingUnits units, CancellationToken cancellationToken) =>
        DecreasingPlacement.Run(units, (all, bins) => new BestFitIndex(all, bins), cancellationToken);
}

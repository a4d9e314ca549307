namespace PackingKit;

/// <summary>
/// Best-fit decreasing for several resources and rules: items and groups from the largest down, each into the bin with the least room that
/// takes it. Room is measured as size is in <see cref="ConstrainedFirstFit"/>.
/// </summary>
/// <remarks>
/// <para>Guarantee: with one resource and no rule but an item limit the bins are those of <see cref="BestFitDecreasing"/>, and so is the
/// guarantee. Where bins have a least load, a packing is not always found.</para>
/// <para>Complexity: O(n log n) with one resource; with several, bins with enough room of another shape are passed one by one, at worst
/// O(n · bins). Least loads are mended afterwards, at up to O(n · bins).</para>
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

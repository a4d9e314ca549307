namespace PackingKit;

/// <summary>
/// First-fit decreasing for several resources and rules: items and groups from the largest down, each into the first bin that takes it.
/// How large one is: its shares of the capacities added up, each weighted by the bins that all items fill of that resource.
/// </summary>
/// <remarks>
/// <para>Guarantee: with one resource and no rule but an item limit the bins are those of <see cref="FirstFitDecreasing"/>, and so is the
/// guarantee; with d resources any such rule needs at most d + 7/10 times the optimum, asymptotically (Garey et al. 1976). Rules other
/// than capacities have none. Where bins have a least load, a packing is not always found.</para>
/// <para>Complexity: O(n · (log n + d · log bins)) in practice: a tree of rooms is searched for each item; bins with room that rules keep
/// an item out of are asked one by one. Least loads are mended afterwards, at up to O(n · bins).</para>
/// <para>Ties: the larger in the first resource, then input order. Deterministic and thread-safe.</para>
/// <para>Reference: M. R. Garey, R. L. Graham, D. S. Johnson, A. C.-C. Yao, J. Comb. Theory A 21, 1976; R. Panigrahy, K. Talwar,
/// L. Uyeda, U. Wieder, Heuristics for vector bin packing, 2011 (FFDAvgSum).</para>
/// </remarks>
public sealed class ConstrainedFirstFit : IConstrainedStrategy
{
    /// <inheritdoc/>
    public string Id => "ffd";

    /// <inheritdoc/>
    public ConstrainedResult Pack(ConstrainedProblem problem, CancellationToken cancellationToken = default) =>
        ConstrainedRun.Pack(this, problem, Place, cancellationToken);

    internal static RuledBins Place(PackingUnits units, CancellationToken cancellationToken) =>
        DecreasingPlacement.Run(units, (all, bins) => new FirstFitIndex(all, bins), cancellationToken);
}

namespace PackingKit;

/// <summary>
/// The dot-product heuristic: one bin after the other is filled, each time with the item or group whose sizes point most where the room
/// of the bin does: the sum over resources of size times room, both as shares of the capacity, weighted as in
/// <see cref="ConstrainedFirstFit"/>.
/// </summary>
/// <remarks>
/// <para>Guarantee: none. With one resource and no rule but an item limit the bins are those of <see cref="FirstFitDecreasing"/>. Where
/// bins have a least load, a packing is not always found.</para>
/// <para>Complexity: O(n · bins · resources): every bin looks at all that is left. For up to some ten thousand items.</para>
/// <para>Ties: the larger in the first resource, then input order. Deterministic and thread-safe.</para>
/// <para>Reference: R. Panigrahy, K. Talwar, L. Uyeda, U. Wieder, Heuristics for vector bin packing, 2011.</para>
/// </remarks>
public sealed class DotProductGreedy : IConstrainedStrategy
{
    /// <inheritdoc/>
    public string Id => "dot-product";

    /// <inheritdoc/>
    public ConstrainedResult Pack(ConstrainedProblem problem, CancellationToken cancellationToken = default) =>
        ConstrainedRun.Pack(this, problem, Place, cancellationToken);

    internal static RuledBins Place(PackingUnits units, CancellationToken cancellationToken)
    {
        var bins = new RuledBins(units);
        var weights = units.Problem.Measure.Weights.Select((weight, resource) => weight / units.Problem.Capacities[resource]).ToArray();
        List<int> left = [.. units.Decreasing().OrderByDescending(unit => units.SizesOf(unit)[0]).ThenBy(unit => unit)];
        List<int> candidates = [];
        while (left.Count > 0)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var bin = bins.Open();
            candidates.Clear();
            candidates.AddRange(left);
            while (candidates.Count > 0)
            {
                // What the bin does not take now it never will: both room and rules only tighten.
                var (best, bestProduct, kept) = (RuledBins.None, double.NegativeInfinity, 0);
                for (var at = 0; at < candidates.Count; at++)
                {
                    var unit = candidates[at];
                    bins.Aim(unit);
                    if (bins.BinOf[unit] != RuledBins.None || !bins.Takes(bin, unit))
                        continue;
                    candidates[kept++] = unit;
                    if (Product(units.SizesOf(unit), bins.RoomOf(bin)) is var product && product > bestProduct)
                        (best, bestProduct) = (unit, product);
                }
                candidates.RemoveRange(kept, candidates.Count - kept);
                if (best != RuledBins.None)
                    bins.Put(best, bin);
            }
            left.RemoveAll(unit => bins.BinOf[unit] != RuledBins.None);
        }
        return bins;

        double Product(ReadOnlySpan<long> sizes, ReadOnlySpan<long> room)
        {
            double product = 0;
            for (var resource = 0; resource < sizes.Length; resource++)
                product += weights[resource] * sizes[resource] * room[resource];
            return product;
        }
    }
}

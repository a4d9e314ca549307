namespace PackingKit;

/// <summary>Units from the largest down, each into the bin that an index finds for it, or a new one.</summary>
internal static class DecreasingPlacement
{
    /// <summary>Units between two looks at the token.</summary>
    private const int UnitsBetweenLooks = 256;

    public static RuledBins Run(
        PackingUnits units, Func<PackingUnits, RuledBins, IBinIndex> create, CancellationToken cancellationToken)
    {
        var bins = new RuledBins(units);
        var index = create(units, bins);
        var order = units.Decreasing();
        for (var at = 0; at < order.Length; at++)
        {
            if (at % UnitsBetweenLooks == 0)
                cancellationToken.ThrowIfCancellationRequested();
            bins.Aim(order[at]);
            var bin = index.Find(order[at]);
            bins.Put(order[at], bin = bin == RuledBins.None ? bins.Open() : bin);
            index.Update(bin);
        }
        return bins;
    }
}

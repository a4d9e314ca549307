namespace PackingKit;

/// <summary>The first bin that takes a unit: a <see cref="RoomTree"/> over the bins in their order.</summary>
internal sealed class FirstFitIndex(PackingUnits units, RuledBins bins) : IBinIndex
{
    private readonly RoomTree _tree = new(units.Problem, units.Count);

    public int Find(int unit) => _tree.Find(units.SizesOf(unit), bin => bins.Takes(bin, unit) ? bin : RuledBins.None);

    public void Update(int bin)
    {
        _tree.Clear(bin);
        if (!bins.IsClosed(bin))
            _tree.Raise(bin, bins.RoomOf(bin));
        _tree.Tell(bin);
    }
}

namespace PackingKit;

/// <summary>
/// The bin with the least room, as <see cref="SizeMeasure"/> has it, that takes a unit; equal ones by their first resource, then the
/// lowest. Bins hang in slots of equal width by the measure of their room, and a <see cref="RoomTree"/> finds the first slot that may have
/// one.
/// </summary>
internal sealed class BestFitIndex : IBinIndex
{
    private const int MaxSlots = 1 << 16;

    private readonly PackingUnits _units;
    private readonly RuledBins _bins;
    private readonly SizeMeasure _measure;
    private readonly double _slotsPerMeasure;
    private readonly RoomTree _tree;
    private readonly int[] _heads;
    private readonly List<Place> _places = [];

    public BestFitIndex(PackingUnits units, RuledBins bins)
    {
        (_units, _bins, _measure) = (units, bins, units.Problem.Measure);
        _heads = new int[Math.Clamp(4L * units.Count, 1, MaxSlots)];
        _heads.AsSpan().Fill(RuledBins.None);
        _tree = new RoomTree(units.Problem, _heads.Length);
        var whole = _measure.Of(units.Problem.Capacities);
        _slotsPerMeasure = whole > 0 ? (_heads.Length - 1) / whole : 0;
    }

    public int Find(int unit) => _tree.Find(_units.SizesOf(unit), slot =>
    {
        var best = RuledBins.None;
        for (var bin = _heads[slot]; bin != RuledBins.None; bin = _places[bin].Next)
            if ((best == RuledBins.None || IsTighter(bin, best)) && _bins.Takes(bin, unit))
                best = bin;
        return best;
    });

    public void Update(int bin)
    {
        if (bin == _places.Count)
            _places.Add(new Place { Slot = RuledBins.None });
        else
            Unhang(bin);
        if (_bins.IsClosed(bin))
            return;
        // A slot never falls where room rises, because no step of the rounding does.
        var measure = _measure.Of(_bins.RoomOf(bin));
        var slot = Math.Min(_heads.Length - 1, (int)(measure * _slotsPerMeasure));
        Places[bin] = new Place { Measure = measure, Slot = slot, Last = RuledBins.None, Next = _heads[slot] };
        if (_heads[slot] != RuledBins.None)
            Places[_heads[slot]].Last = bin;
        _heads[slot] = bin;
        _tree.Raise(slot, _bins.RoomOf(bin));
        _tree.Tell(slot);
    }

    private Span<Place> Places => CollectionsMarshal.AsSpan(_places);

    private void Unhang(int bin)
    {
        var place = _places[bin];
        if (place.Next != RuledBins.None)
            Places[place.Next].Last = place.Last;
        if (place.Last != RuledBins.None)
            Places[place.Last].Next = place.Next;
        else
            _heads[place.Slot] = place.Next;
        _tree.Clear(place.Slot);
        for (var other = _heads[place.Slot]; other != RuledBins.None; other = _places[other].Next)
            _tree.Raise(place.Slot, _bins.RoomOf(other));
        _tree.Tell(place.Slot);
    }

    private bool IsTighter(int bin, int other)
    {
        var (measure, than) = (_places[bin].Measure, _places[other].Measure);
        var (first, thanFirst) = (_bins.RoomOf(bin)[0], _bins.RoomOf(other)[0]);
        return measure != than ? measure < than : first != thanFirst ? first < thanFirst : bin < other;
    }

    /// <summary>Where a bin hangs: in a list of the bins of a slot.</summary>
    private struct Place
    {
        public double Measure;
        public int Slot, Last, Next;
    }
}

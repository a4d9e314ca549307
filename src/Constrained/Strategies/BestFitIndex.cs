namespace PackingKit;

/// <summary>
/// The bin with the least room, as <see cref="SizeMeasure"/> has it, that takes a unit; equal ones by their first resource, then the
/// lowest. Bins hang in slots of equal width by the measure of their room, and the search goes up from the slot of the unit's own
/// measure, below which nothing fits. With one resource the first slot or two have the answer; with several, bins of the wrong shape are
/// passed on the way.
/// </summary>
internal sealed class BestFitIndex : IBinIndex
{
    private const int Slots = 1 << 16;

    private readonly PackingUnits _units;
    private readonly RuledBins _bins;
    private readonly SizeMeasure _measure;
    private readonly double _slotsPerMeasure;
    private readonly int[] _heads = new int[Slots];
    private readonly ulong[] _filled = new ulong[Slots / 64];
    private readonly List<Place> _places = [];

    public BestFitIndex(PackingUnits units, RuledBins bins)
    {
        (_units, _bins, _measure) = (units, bins, units.Problem.Measure);
        var whole = _measure.Of(units.Problem.Capacities);
        _slotsPerMeasure = whole > 0 ? (Slots - 1) / whole : 0;
        _heads.AsSpan().Fill(RuledBins.None);
    }

    public int Find(int unit)
    {
        for (var slot = NextFilled(SlotOf(_units.SizesOf(unit))); slot < Slots; slot = NextFilled(slot + 1))
        {
            var best = RuledBins.None;
            for (var bin = _heads[slot]; bin != RuledBins.None; bin = _places[bin].Next)
                if ((best == RuledBins.None || IsTighter(bin, best)) && _bins.Takes(bin, unit))
                    best = bin;
            if (best != RuledBins.None)
                return best;
        }
        return RuledBins.None;
    }

    public void Update(int bin)
    {
        if (bin == _places.Count)
            _places.Add(default);
        else
            Unhang(bin);
        if (_bins.IsClosed(bin))
        {
            Places[bin].Slot = RuledBins.None;
            return;
        }
        var (measure, slot) = (_measure.Of(_bins.RoomOf(bin)), SlotOf(_bins.RoomOf(bin)));
        Places[bin] = new Place { Measure = measure, Slot = slot, Last = RuledBins.None, Next = _heads[slot] };
        if (_heads[slot] != RuledBins.None)
            Places[_heads[slot]].Last = bin;
        _heads[slot] = bin;
        _filled[slot / 64] |= 1UL << slot;
    }

    private Span<Place> Places => CollectionsMarshal.AsSpan(_places);

    private void Unhang(int bin)
    {
        var place = _places[bin];
        if (place.Next != RuledBins.None)
            Places[place.Next].Last = place.Last;
        if (place.Last != RuledBins.None)
            Places[place.Last].Next = place.Next;
        else if ((_heads[place.Slot] = place.Next) == RuledBins.None)
            _filled[place.Slot / 64] &= ~(1UL << place.Slot);
    }

    private bool IsTighter(int bin, int other)
    {
        var (measure, than) = (_places[bin].Measure, _places[other].Measure);
        var (first, thanFirst) = (_bins.RoomOf(bin)[0], _bins.RoomOf(other)[0]);
        return measure != than ? measure < than : first != thanFirst ? first < thanFirst : bin < other;
    }

    /// <summary>Never falls where amounts rise, because no step of the rounding does.</summary>
    private int SlotOf(ReadOnlySpan<long> amounts) => Math.Min(Slots - 1, (int)(_measure.Of(amounts) * _slotsPerMeasure));

    private int NextFilled(int slot)
    {
        if (slot >= Slots)
            return Slots;
        var (word, bits) = (slot / 64, _filled[slot / 64] >> slot << slot);
        while (bits == 0)
            if (++word == _filled.Length)
                return Slots;
            else
                bits = _filled[word];
        return (word * 64) + BitOperations.TrailingZeroCount(bits);
    }

    /// <summary>Where a bin hangs: in a list of the bins of a slot.</summary>
    private struct Place
    {
        public double Measure;
        public int Slot, Last, Next;
    }
}

namespace PackingKit;

/// <summary>Bins that are being filled with units: what each has room for, and whether the rules let a unit in.</summary>
internal sealed class RuledBins
{
    /// <summary>Stands for the bin of a unit that is in none.</summary>
    public const int None = -1;

    private readonly PackingUnits _units;
    private readonly long[] _capacities, _minLoads;
    private readonly long _maxItems;
    private readonly int? _maxClasses;
    private readonly List<long> _rooms = [];
    private readonly List<int> _itemCounts = [], _classCounts = [];
    private readonly Dictionary<(int Bin, int Class), int> _unitsOfClass = [];

    /// <summary>For each bin the number of the last aim at a unit in conflict with something in it; see <see cref="Aim"/>.</summary>
    private readonly List<long> _barred = [];

    private long _aims;

    public RuledBins(PackingUnits units)
    {
        _units = units;
        var problem = units.Problem;
        (_capacities, _maxItems, _maxClasses) = (problem.Capacities.ToArray(), problem.Rules.MaxItems, problem.Rules.MaxClasses);
        _minLoads = problem.Rules.MinLoads.Count > 0 ? problem.Rules.MinLoads.AsSpan().ToArray() : new long[_capacities.Length];
        BinOf = new int[units.Count];
        BinOf.AsSpan().Fill(None);
    }

    public int Count => _itemCounts.Count;

    /// <summary>The bin of each unit.</summary>
    public int[] BinOf { get; }

    /// <summary>What a bin has left of each resource.</summary>
    public ReadOnlySpan<long> RoomOf(int bin) => Room(bin);

    /// <summary>Number of items in a bin.</summary>
    public int ItemsIn(int bin) => _itemCounts[bin];

    /// <summary>Whether a bin has all the items that it may have.</summary>
    public bool IsClosed(int bin) => _itemCounts[bin] >= _maxItems;

    /// <summary>Whether a bin would have its least load of each resource, once something is taken out of it.</summary>
    public bool HasMinLoads(int bin, ReadOnlySpan<long> taken = default)
    {
        var room = Room(bin);
        for (var resource = 0; resource < room.Length; resource++)
            if (_capacities[resource] - room[resource] - (taken.IsEmpty ? 0 : taken[resource]) < _minLoads[resource])
                return false;
        return true;
    }

    /// <summary>Marks the bins that hold a conflict of a unit, before <see cref="Takes"/> is asked about it. O(conflicts).</summary>
    public void Aim(int unit)
    {
        _aims++;
        foreach (var other in _units.ConflictsOf(unit))
            if (BinOf[other] is not None and var bin)
                _barred[bin] = _aims;
    }

    /// <summary>Whether a bin takes the unit that was aimed last. O(resources + classes of the unit).</summary>
    public bool Takes(int bin, int unit)
    {
        if (_barred[bin] == _aims || _itemCounts[bin] + (long)_units.ItemsIn(unit) > _maxItems)
            return false;
        var room = Room(bin);
        var sizes = _units.SizesOf(unit);
        for (var resource = 0; resource < sizes.Length; resource++)
            if (sizes[resource] > room[resource])
                return false;
        if (_maxClasses is not { } most)
            return true;
        var classes = _classCounts[bin];
        foreach (var each in _units.ClassesOf(unit))
            classes += _unitsOfClass.ContainsKey((bin, each)) ? 0 : 1;
        return classes <= most;
    }

    /// <summary>An empty bin behind the others.</summary>
    public int Open()
    {
        _rooms.AddRange(_capacities);
        _itemCounts.Add(0);
        _classCounts.Add(0);
        _barred.Add(0);
        return Count - 1;
    }

    /// <summary>Puts a unit into a bin that takes it.</summary>
    public void Put(int unit, int bin)
    {
        var room = Room(bin);
        var sizes = _units.SizesOf(unit);
        for (var resource = 0; resource < sizes.Length; resource++)
            room[resource] -= sizes[resource];
        BinOf[unit] = bin;
        _itemCounts[bin] += _units.ItemsIn(unit);
        foreach (var each in _units.ClassesOf(unit))
        {
            ref var units = ref CollectionsMarshal.GetValueRefOrAddDefault(_unitsOfClass, (bin, each), out _);
            _classCounts[bin] += units++ == 0 ? 1 : 0;
        }
    }

    /// <summary>Puts a unit into the first bin from one on that takes it, or into a new one. O(bins).</summary>
    public void PutFirstFit(int unit, int from)
    {
        Aim(unit);
        var bin = from;
        while (bin < Count && !Takes(bin, unit))
            bin++;
        Put(unit, bin < Count ? bin : Open());
    }

    /// <summary>Takes a unit out of its bin.</summary>
    public void Remove(int unit)
    {
        var bin = BinOf[unit];
        var room = Room(bin);
        var sizes = _units.SizesOf(unit);
        for (var resource = 0; resource < sizes.Length; resource++)
            room[resource] += sizes[resource];
        BinOf[unit] = None;
        _itemCounts[bin] -= _units.ItemsIn(unit);
        foreach (var each in _units.ClassesOf(unit))
            if (--CollectionsMarshal.GetValueRefOrNullRef(_unitsOfClass, (bin, each)) == 0)
            {
                _unitsOfClass.Remove((bin, each));
                _classCounts[bin]--;
            }
    }

    private Span<long> Room(int bin) => CollectionsMarshal.AsSpan(_rooms).Slice(bin * _capacities.Length, _capacities.Length);
}

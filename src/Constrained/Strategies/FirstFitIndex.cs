namespace PackingKit;

/// <summary>
/// The first bin that takes a unit: a tree over the bins, each node with the most room below it, of each resource and all together. Looks
/// into a subtree only where each of these might fit; usually O(log bins), at worst all bins.
/// </summary>
internal sealed class FirstFitIndex(PackingUnits units, RuledBins bins) : IBinIndex
{
    /// <summary>The room of a bin that takes nothing, and of one that is not open.</summary>
    private const long Closed = -1;

    private readonly int _resources = units.Problem.ResourceCount;
    private readonly SizeMeasure _measure = units.Problem.Measure;
    private int _leaves = 1;

    // Node i has children 2i and 2i + 1, leaves come last.
    private long[] _rooms = NewRooms(1, units.Problem.ResourceCount);
    private double[] _measures = new double[2];

    public int Find(int unit) => Find(1, unit, units.SizesOf(unit), _measure.Of(units.SizesOf(unit)));

    public void Update(int bin)
    {
        if (bin >= _leaves)
            Grow();
        var node = _leaves + bin;
        if (bins.IsClosed(bin))
            Rooms(node).Fill(Closed);
        else
            bins.RoomOf(bin).CopyTo(Rooms(node));
        _measures[node] = _measure.Of(Rooms(node));
        for (node /= 2; node > 0; node /= 2)
            Rise(node);
    }

    private int Find(int node, int unit, ReadOnlySpan<long> sizes, double measure)
    {
        if (measure > _measures[node])
            return RuledBins.None;
        var rooms = Rooms(node);
        for (var resource = 0; resource < sizes.Length; resource++)
            if (sizes[resource] > rooms[resource])
                return RuledBins.None;
        if (node >= _leaves)
            return bins.Takes(node - _leaves, unit) ? node - _leaves : RuledBins.None;
        return Find(2 * node, unit, sizes, measure) is not RuledBins.None and var bin ? bin
            : Find((2 * node) + 1, unit, sizes, measure);
    }

    private void Grow()
    {
        var (rooms, measures) = (NewRooms(2 * _leaves, _resources), new double[4 * _leaves]);
        _rooms.AsSpan(_leaves * _resources).CopyTo(rooms.AsSpan(2 * _leaves * _resources));
        _measures.AsSpan(_leaves).CopyTo(measures.AsSpan(2 * _leaves));
        (_rooms, _measures, _leaves) = (rooms, measures, 2 * _leaves);
        for (var node = _leaves - 1; node > 0; node--)
            Rise(node);
    }

    private void Rise(int node)
    {
        _measures[node] = Math.Max(_measures[2 * node], _measures[(2 * node) + 1]);
        var rooms = Rooms(node);
        var left = Rooms(2 * node);
        var right = Rooms((2 * node) + 1);
        for (var resource = 0; resource < rooms.Length; resource++)
            rooms[resource] = Math.Max(left[resource], right[resource]);
    }

    private Span<long> Rooms(int node) => _rooms.AsSpan(node * _resources, _resources);

    private static long[] NewRooms(int leaves, int resources)
    {
        var rooms = new long[2 * leaves * resources];
        rooms.AsSpan().Fill(Closed);
        return rooms;
    }
}

namespace PackingKit;

/// <summary>
/// Every way to spread items over bins, the most promising first (Korf 1998): items in decreasing cost, each into the least loaded bin,
/// then into the next one. Bins of equal loads are tried once, and no bin may reach the best load found.
/// </summary>
internal sealed class CompleteGreedy
{
    private readonly long[] _costs; // in decreasing order
    private readonly long[] _left; // of each item, the cost from it on
    private readonly long[] _loads;
    private readonly int[] _binOf;
    private readonly long _enough;
    private readonly Func<bool> _stop;
    private long _nodes;

    /// <param name="costs">In decreasing order.</param>
    /// <param name="bins">Number of bins.</param>
    /// <param name="best">A largest load that is known; what is found is below it.</param>
    /// <param name="enough">A largest load below which there is none.</param>
    /// <param name="stop">Asked now and then.</param>
    public CompleteGreedy(long[] costs, int bins, long best, long enough, Func<bool> stop)
    {
        (_costs, _enough, _stop, Best) = (costs, enough, stop, best);
        (_loads, _binOf, _left) = (new long[bins], new int[costs.Length], new long[costs.Length + 1]);
        for (var item = costs.Length - 1; item >= 0; item--)
            _left[item] = _left[item + 1] + costs[item];
    }

    /// <summary>The least largest load known.</summary>
    public long Best { get; private set; }

    /// <summary>The bin of each item in the best that was found; <see langword="null"/> where nothing was below what was known.</summary>
    public int[]? Found { get; private set; }

    /// <summary>Searches.</summary>
    /// <param name="nodes">The most steps.</param>
    /// <returns>Whether nothing is left: <see cref="Best"/> is least then.</returns>
    public bool Run(long nodes)
    {
        _nodes = nodes;
        Place(0);
        return _nodes > 0;
    }

    private void Place(int item)
    {
        if (Best <= _enough || --_nodes <= 0 || (_nodes % 4096 == 0 && _stop()))
        {
            _nodes = Best <= _enough ? _nodes : 0;
            return;
        }
        if (item == _costs.Length)
        {
            Best = _loads.Max();
            Found = (int[])_binOf.Clone();
            return;
        }
        // What the other items weigh must find room below the best.
        Int128 room = 0;
        foreach (var load in _loads)
            room += Best - 1 - load;
        if (room < _left[item])
            return;
        Span<int> order = stackalloc int[_loads.Length];
        for (var bin = 0; bin < order.Length; bin++)
        {
            var at = bin;
            for (; at > 0 && _loads[order[at - 1]] > _loads[bin]; at--)
                order[at] = order[at - 1];
            order[at] = bin;
        }
        var last = -1L;
        foreach (var bin in order)
        {
            if (_loads[bin] + _costs[item] >= Best)
                return; // the other bins are fuller
            if (_loads[bin] == last)
                continue;
            last = _loads[bin];
            _loads[bin] += _costs[item];
            _binOf[item] = bin;
            Place(item + 1);
            _loads[bin] -= _costs[item];
        }
    }
}

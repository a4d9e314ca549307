namespace PackingKit.Kernels;

/// <summary>
/// Minimum bin slack: each bin takes, of the items left, the set with the least slack that a depth-first search in decreasing size finds within its limit of nodes.
/// </summary>
internal static class MinimumSlackRuns
{
    /// <summary>Nodes of the search for one bin.</summary>
    public const int MostNodes = 5000;

    public static void Plan(
        bool fixLargest, ReadOnlySpan<long> sizes, ReadOnlySpan<long> counts, long capacity, long maxItemsPerBin, ref PooledList<Placement> steps,
        CancellationToken cancellationToken)
    {
        var search = new Search(sizes, counts);
        long bins = 0;
        while (search.Pool.TryLargest(out var largest))
        {
            cancellationToken.ThrowIfCancellationRequested();
            bins += search.FillBin(fixLargest ? largest : -1, capacity, maxItemsPerBin, bins, ref steps);
        }
        ItemPool.Order(ref steps);
    }

    private ref struct Search(ReadOnlySpan<long> sizes, ReadOnlySpan<long> counts)
    {
        private readonly ReadOnlySpan<long> _sizes = sizes;
        private readonly List<int> _chosen = [];
        private readonly List<int> _best = [];
        private readonly List<(int Type, long Copies)> _content = [];
        private long _slack;
        private int _nodes;

        public ItemPool Pool = new(sizes, counts);

        public long FillBin(int forced, long capacity, long maxItemsPerBin, long bins, ref PooledList<Placement> steps)
        {
            _chosen.Clear();
            _best.Clear();
            _content.Clear();
            (_slack, _nodes) = (long.MaxValue, MostNodes);
            if (forced >= 0)
                With(forced, capacity, maxItemsPerBin);
            else
                Descend(0, capacity, maxItemsPerBin);
            foreach (var type in _best)
                Pool.Take(type, 1, _content);
            // What still fits, because the nodes ran out or because it has no size.
            var slots = maxItemsPerBin - _best.Count;
            Pool.TakeLargest(ref _slack, ref slots, _content);
            return Pool.Repeat(_content, bins, long.MaxValue, ref steps);
        }

        private void With(int type, long room, long slots)
        {
            Pool.Left[type]--;
            _chosen.Add(type);
            Descend(type, room - _sizes[type], slots - 1);
            _chosen.RemoveAt(_chosen.Count - 1);
            Pool.Left[type]++;
        }

        /// <summary>Adds items of a type and those after it. Less slack wins; of equal slack the first found.</summary>
        private void Descend(int type, long room, long slots)
        {
            if (_chosen.Count > 0 && room < _slack)
            {
                _slack = room;
                _best.Clear();
                _best.AddRange(_chosen);
            }
            for (type = Pool.Fitting(room, type); type < _sizes.Length && slots > 0 && _slack > 0 && _nodes > 0; type = Pool.Fitting(room, type + 1))
            {
                // So many of this size or smaller ones cannot fill the room any better.
                if (slots <= room && room - ((Int128)slots * _sizes[type]) >= _slack)
                    return;
                _nodes--;
                With(type, room, slots);
            }
        }
    }
}

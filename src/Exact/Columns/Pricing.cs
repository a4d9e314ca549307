using System.Runtime.InteropServices;

namespace PackingKit;

/// <summary>
/// Finds patterns by price: a depth-first search over the types that <see cref="KnapsackTable"/> bounds. Where the table is exact the
/// search runs straight to
/// the best pattern; where weights are rounded or pairs are in conflict it backtracks, and if it gives up the table's own value still
/// bounds.
/// </summary>
internal sealed class Pricing
{
    private readonly ItemTypes _items;
    private readonly KnapsackTable _table;
    private readonly double[] _prices;
    private readonly long[] _copies;
    private readonly List<int> _types = [];
    private readonly List<long> _taken = [];
    private readonly List<ulong[]> _banned = [];
    private readonly int[] _uses;
    private long _waste;
    private double _target;
    private long _nodes;
    private Action<double> _found = _ => { };

    public Pricing(ItemTypes items, SearchContext context)
    {
        _items = items;
        _table = new KnapsackTable(items, context);
        _prices = new double[items.Count];
        _copies = new long[items.Count];
        _uses = new int[items.Count];
    }

    /// <summary>The largest whole price that keeps every sum exact in a double.</summary>
    public static long Scale(int types) => 1L << Math.Min(40, 50 - System.Numerics.BitOperations.Log2((uint)Math.Max(1, types)));

    /// <summary>Sets what is looked for, and works the table out.</summary>
    /// <param name="prices">Price of each type, a whole number.</param>
    /// <param name="demands">The most copies of each type that anybody wants.</param>
    /// <param name="waste">The most room that a pattern may leave empty.</param>
    public void Prepare(ReadOnlySpan<long> prices, ReadOnlySpan<long> demands, long waste)
    {
        _waste = waste;
        for (var i = 0; i < prices.Length; i++)
            (_prices[i], _copies[i]) = (prices[i], Math.Min(demands[i], _items.CopiesThatFit(i)));
        _table.Build(_prices, _copies, waste);
    }

    /// <summary>
    /// Patterns worth more than a threshold, best first, no type in many of them; and the most that any pattern is worth (safe, and exact
    /// where the search finished).
    /// </summary>
    public double Best(long threshold, int limit, List<Pattern> patterns)
    {
        var starts = Starts(threshold);
        var most = _table.IsExact ? Most() : BestByBranching(starts, threshold, patterns);

        Array.Clear(_uses);
        const int usesOfType = 6;
        foreach (var (bound, type) in starts)
        {
            if (patterns.Count >= limit)
                break;
            if (_uses[type] >= usesOfType)
                continue;
            var pattern = _table.IsExact ? Walk(type, bound) : Branch(type, threshold);
            if (pattern is null || pattern.Types.Any(t => _uses[t] >= usesOfType))
                continue;
            foreach (var t in pattern.Types)
                _uses[t]++;
            patterns.Add(pattern);
        }
        return most;
    }

    /// <summary>The most that any pattern is worth: safe, and exact where the table is.</summary>
    public double Most() => Math.Max(0, _table.MostFrom(0, _table.FullSlots, _table.FullRoom));

    /// <summary>Every pattern worth at least a threshold.</summary>
    /// <returns>Whether there were at most <paramref name="limit"/>; otherwise the list is not complete.</returns>
    public bool Enumerate(double threshold, int limit, List<Pattern> patterns, Func<bool> stop)
    {
        (_target, _nodes) = (threshold, 200L * limit);
        _found = _ =>
        {
            patterns.Add(Current());
            if (patterns.Count > limit)
                _nodes = 0;
        };
        foreach (var (_, type) in Starts(threshold - 1))
        {
            SearchFrom(type);
            if (_nodes <= 0 || stop())
                return false;
        }
        return true;
    }

    /// <summary>Types that may be the first (heaviest) of a pattern worth more than a threshold, best first.</summary>
    private List<(double Bound, int Type)> Starts(double threshold)
    {
        List<(double Bound, int Type)> starts = [];
        for (var type = 0; type < _prices.Length; type++)
        {
            var bound = _copies[type] == 0 ? double.NegativeInfinity : _table.IsExact ? BestStart(type) : BoundOfStart(type);
            if (bound > threshold)
                starts.Add((bound, type));
        }
        starts.Sort((a, b) => a.Bound != b.Bound ? b.Bound.CompareTo(a.Bound) : a.Type.CompareTo(b.Type));
        return starts;
    }

    /// <summary>
    /// The pattern of an exact value that begins with a type: straight down the table, skipping the types that it does not need.
    /// </summary>
    private Pattern Walk(int type, double value)
    {
        _types.Clear();
        _taken.Clear();
        var (room, slots) = (_table.FullRoom, _table.FullSlots);
        while (true)
        {
            var copies = 1;
            while (WithCopies(type, copies, slots, room) != value)
                copies++;
            _types.Add(type);
            _taken.Add(copies);
            (room, slots) = (room - (copies * _table.RoomOf(type)), slots - (copies * _table.SlotsOf(type)));
            value = _table.MostFrom(type + 1, slots, room);
            // The entries fall with the type: the last type that still has the value is one that is taken.
            var (low, high) = (type, _prices.Length);
            while (low + 1 < high)
            {
                var middle = (low + high) >>> 1;
                (low, high) = _table.MostFrom(middle, slots, room) == value ? (middle, high) : (low, middle);
            }
            if (_table.MostFrom(_prices.Length, slots, room) == value)
                return Current();
            type = low;
        }
    }

    /// <summary>A good pattern that begins with a type and is worth more than a threshold, found with little effort.</summary>
    private Pattern? Branch(int type, long threshold)
    {
        Pattern? pattern = null;
        (_nodes, _target) = (300, threshold + 1);
        _found = value => (pattern, _target) = (Current(), value + 1);
        SearchFrom(type);
        return pattern;
    }

    /// <summary>What the best pattern that begins with a type is worth (with not too many copies of it).</summary>
    private double BestStart(int type)
    {
        const long mostCopies = 64;
        var best = double.NegativeInfinity;
        for (var k = 1; k <= Math.Min(mostCopies, _copies[type]); k++)
            best = Math.Max(best, WithCopies(type, k, _table.FullSlots, _table.FullRoom));
        return best;
    }

    private double WithCopies(int type, int copies, int slots, int room) =>
        (copies * _prices[type]) + _table.MostFrom(type + 1, slots - (copies * _table.SlotsOf(type)), room - (copies * _table.RoomOf(type)));

    private double BoundOfStart(int type) =>
        _prices[type] + _table.MostFrom(type, _table.FullSlots - _table.SlotsOf(type), _table.FullRoom - _table.RoomOf(type));

    private double BestByBranching(List<(double Bound, int Type)> starts, long threshold, List<Pattern> patterns)
    {
        double best = threshold;
        Pattern? pattern = null;
        _nodes = 100_000;
        foreach (var (bound, type) in starts)
        {
            if (bound <= best)
                break;
            _target = best + 1;
            _found = value => (pattern, best, _target) = (Current(), value, value + 1);
            SearchFrom(type);
            if (_nodes <= 0)
            {
                best = bound; // starts come in falling bounds, so this one bounds all that were not finished
                break;
            }
        }
        if (pattern is not null)
            patterns.Add(pattern);
        return best;
    }

    private void SearchFrom(int type)
    {
        _types.Clear();
        _taken.Clear();
        Take(type, _items.Capacity, (int)Math.Min(_items.MaxItems, int.MaxValue), _table.FullRoom, _table.FullSlots, 0, 0);
    }

    /// <summary>Takes the most copies of a type first, then fewer, down to one, and goes on with the lighter types.</summary>
    private void Take(int type, long room, int places, int coarseRoom, int slots, double value, int depth)
    {
        var units = _items.Members[type].Length;
        var most = Math.Min(_copies[type], places / units);
        if (_items.Weights[type] > 0)
            most = Math.Min(most, room / _items.Weights[type]);
        if (most < 1)
            return;
        if (_items.HasConflicts)
            Ban(type, depth);
        _types.Add(type);
        _taken.Add(0);
        for (var k = (int)Math.Min(most, int.MaxValue); k >= 1 && _nodes > 0; k--)
        {
            _taken[^1] = k;
            GoOn(
                type + 1, room - (k * _items.Weights[type]), places - (k * units),
                coarseRoom - (k * _table.RoomOf(type)), slots - (k * _table.SlotsOf(type)), value + (k * _prices[type]), depth + 1);
        }
        _types.RemoveAt(_types.Count - 1);
        _taken.RemoveAt(_taken.Count - 1);
    }

    private void GoOn(int type, long room, int places, int coarseRoom, int slots, double value, int depth)
    {
        for (_nodes--; type < _prices.Length; type++)
        {
            if (_nodes <= 0 || value + _table.MostFrom(type, slots, coarseRoom) < _target)
                return;
            if (_copies[type] > 0 && _items.Weights[type] <= room && !IsBanned(type, depth))
                Take(type, room, places, coarseRoom, slots, value, depth);
        }
        if (_nodes > 0 && room <= _waste && value >= _target)
            _found(value);
    }

    private void Ban(int type, int depth)
    {
        var conflicts = _items.ConflictsOf(type);
        while (_banned.Count <= depth + 1)
            _banned.Add(new ulong[conflicts.Length]);
        var (before, after) = (_banned[depth], _banned[depth + 1]);
        for (var word = 0; word < after.Length; word++)
            after[word] = conflicts[word] | (depth == 0 ? 0 : before[word]);
    }

    private bool IsBanned(int type, int depth) => _items.HasConflicts && (_banned[depth][type >> 6] >> (type & 63) & 1) != 0;

    private Pattern Current() => new([.. CollectionsMarshal.AsSpan(_types)], [.. CollectionsMarshal.AsSpan(_taken)]);
}

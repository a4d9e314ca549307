namespace PackingKit;

/// <summary>
/// The pricing problem: patterns of the highest worth under given prices. A depth-first search over the types, bounded by
/// <see cref="KnapsackTable"/>. Where the table is exact, the best pattern is read off it; where weights are rounded or pairs are in
/// conflict, the search backtracks, and where it gives up the table's own value still is a bound.
/// </summary>
/// <remarks>Stopped by the context before the table is computed, it finds no pattern and no bound.</remarks>
internal sealed class Pricing(ItemTypes items, SearchContext context)
{
    private readonly ItemTypes _items = items;
    private readonly SearchContext _context = context;
    private KnapsackTable _table = new(
        items, context, items.Capacity > SearchTuning.MaxExactUnits ? SearchTuning.CoarseUnits : SearchTuning.MaxExactUnits);

    private long _nodesForBest = SearchTuning.NodesForBest;
    private bool _gaveUp;
    private readonly double[] _prices = new double[items.Count];
    private readonly long[] _copies = new long[items.Count];
    private readonly List<int> _types = [];
    private readonly List<long> _taken = [];
    private readonly List<ulong[]> _banned = [];
    private readonly int[] _uses = new int[items.Count];
    private long _maxResidual;
    private double _target;
    private long _nodes, _looks;
    private Action<double> _found = _ => { };

    /// <summary>The largest integer price that keeps every sum exact in a double.</summary>
    public static long Scale(int types) => 1L << Math.Min(40, 50 - System.Numerics.BitOperations.Log2((uint)Math.Max(1, types)));

    /// <summary>
    /// Where the last search for the best pattern gave up: from now on weights are rounded as little as memory allows, and the search takes
    /// many more nodes. Slower, and for when the bound hangs on it.
    /// </summary>
    /// <returns>Whether the next answers may be sharper.</returns>
    public bool TrySharpen()
    {
        if (!_gaveUp || _nodesForBest == SearchTuning.NodesForSharpBest)
            return false;
        _nodesForBest = SearchTuning.NodesForSharpBest;
        if (_table.Unit > 1)
            _table = new KnapsackTable(_items, _context, SearchTuning.MaxTableEntries);
        return true;
    }

    /// <summary>Sets what is looked for, and computes the table.</summary>
    /// <param name="prices">Price of each type, an integer.</param>
    /// <param name="demands">The most copies of each type in a pattern.</param>
    /// <param name="maxResidual">The largest residual of a pattern.</param>
    public void Prepare(ReadOnlySpan<long> prices, ReadOnlySpan<long> demands, long maxResidual)
    {
        _maxResidual = maxResidual;
        for (var i = 0; i < prices.Length; i++)
        {
            _prices[i] = prices[i];
            _copies[i] = Math.Min(demands[i], _items.CopiesThatFit(i));
        }
        _table.Build(_prices, _copies, maxResidual);
    }

    /// <summary>Finds patterns worth more than a threshold, best first, each type in a few of them only.</summary>
    /// <returns>The most that any pattern is worth, or a bound on it where the search did not finish; infinite where there is
    /// none.</returns>
    public double Best(long threshold, int limit, List<Pattern> patterns)
    {
        if (!_table.IsBuilt)
            return double.PositiveInfinity;
        var starts = Starts(threshold);
        var maxWorth = _table.IsExact ? MaxWorth() : BestByBranching(starts, threshold, patterns);

        Array.Clear(_uses);
        foreach (var (bound, type) in starts)
        {
            if (patterns.Count >= limit || _context.Stop) // each start has nodes of its own
                break;
            if (IsUsedUp(type))
                continue;
            var pattern = _table.IsExact ? Trace(type, bound) : Branch(type, threshold);
            if (pattern is null || Array.Exists(pattern.Types, IsUsedUp))
                continue;
            foreach (var used in pattern.Types)
                _uses[used]++;
            patterns.Add(pattern);
        }
        return maxWorth;
    }

    /// <summary>A bound on what any pattern is worth: the value itself where the table is exact, infinite where there is none.</summary>
    public double MaxWorth() =>
        _table.IsBuilt ? Math.Max(0, _table.MaxFrom(0, _table.FullLevel, _table.FullResidual)) : double.PositiveInfinity;

    /// <summary>Every pattern worth at least a threshold.</summary>
    /// <returns>Whether the list is complete; it is not where it was stopped or there are more than <paramref name="limit"/>.</returns>
    public bool Enumerate(double threshold, int limit, List<Pattern> patterns)
    {
        if (!_table.IsBuilt)
            return false;
        _target = threshold;
        _nodes = SearchTuning.NodesPerListedPattern * limit;
        _found = _ =>
        {
            patterns.Add(Current());
            if (patterns.Count > limit)
                _nodes = 0;
        };
        foreach (var (_, type) in Starts(threshold - 1))
        {
            SearchFrom(type);
            if (_nodes <= 0)
                return false;
        }
        return !_context.Stop;
    }

    private bool IsUsedUp(int type) => _uses[type] >= SearchTuning.PatternsWithOneType;

    /// <summary>Types that may be the first (heaviest) of a pattern worth more than a threshold, best first.</summary>
    private List<(double Bound, int Type)> Starts(double threshold)
    {
        List<(double Bound, int Type)> starts = [];
        for (var type = 0; type < _prices.Length; type++)
        {
            if (_copies[type] == 0)
                continue;
            var bound = _table.IsExact ? BestStart(type) : BoundOfStart(type);
            if (bound > threshold)
                starts.Add((bound, type));
        }
        starts.Sort((a, b) => a.Bound != b.Bound ? b.Bound.CompareTo(a.Bound) : a.Type.CompareTo(b.Type));
        return starts;
    }

    /// <summary>
    /// The pattern of an exact value that begins with a type: traced through the table, without the types that it does not need.
    /// </summary>
    private Pattern Trace(int type, double value)
    {
        _types.Clear();
        _taken.Clear();
        var (residual, level) = (_table.FullResidual, _table.FullLevel);
        while (true)
        {
            var copies = 1;
            while (WithCopies(type, copies, level, residual) != value)
                copies++;
            _types.Add(type);
            _taken.Add(copies);
            residual -= copies * _table.UnitsOf(type);
            level -= copies * _table.LevelsOf(type);
            value = _table.MaxFrom(type + 1, level, residual);
            if (_table.MaxFrom(_prices.Length, level, residual) == value)
                return Current();
            type = LastTypeWith(value, type, level, residual);
        }
    }

    /// <summary>
    /// The last type from which a value can still be reached, which is one that must be taken. By bisection: the entries fall with the
    /// type.
    /// </summary>
    private int LastTypeWith(double value, int type, int level, int residual)
    {
        var (low, high) = (type, _prices.Length);
        while (low + 1 < high)
        {
            var middle = (low + high) >>> 1;
            if (_table.MaxFrom(middle, level, residual) == value)
                low = middle;
            else
                high = middle;
        }
        return low;
    }

    /// <summary>A good pattern that begins with a type and is worth more than a threshold, found with little effort.</summary>
    private Pattern? Branch(int type, long threshold)
    {
        Pattern? pattern = null;
        _nodes = SearchTuning.NodesPerStart;
        _target = threshold + 1;
        _found = value =>
        {
            pattern = Current();
            _target = value + 1;
        };
        SearchFrom(type);
        return pattern;
    }

    /// <summary>What the best pattern that begins with a type is worth (with not too many copies of it).</summary>
    private double BestStart(int type)
    {
        var best = double.NegativeInfinity;
        for (var copies = 1; copies <= Math.Min(SearchTuning.MaxCopiesTried, _copies[type]); copies++)
            best = Math.Max(best, WithCopies(type, copies, _table.FullLevel, _table.FullResidual));
        return best;
    }

    private double WithCopies(int type, int copies, int level, int residual)
    {
        var (levelLeft, residualLeft) = (level - (copies * _table.LevelsOf(type)), residual - (copies * _table.UnitsOf(type)));
        return (copies * _prices[type]) + _table.MaxFrom(type + 1, levelLeft, residualLeft);
    }

    private double BoundOfStart(int type) =>
        _prices[type] + _table.MaxFrom(type, _table.FullLevel - _table.LevelsOf(type), _table.FullResidual - _table.UnitsOf(type));

    private double BestByBranching(List<(double Bound, int Type)> starts, long threshold, List<Pattern> patterns)
    {
        double best = threshold;
        Pattern? pattern = null;
        _nodes = _nodesForBest;
        _gaveUp = false;
        _found = value =>
        {
            pattern = Current();
            best = value;
            _target = value + 1;
        };
        foreach (var (bound, type) in starts)
        {
            if (bound <= best)
                break;
            _target = best + 1;
            SearchFrom(type);
            if (_nodes <= 0)
            {
                best = bound; // starts come in falling bounds, so this one bounds all that were not finished
                _gaveUp = true;
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
        Take(type, _items.Capacity, (int)Math.Min(_items.MaxItems, int.MaxValue), _table.FullLevel, 0, 0);
    }

    /// <summary>Takes the most copies of a type first, then fewer, down to one, and goes on with the lighter types.</summary>
    /// <param name="type">The type to take.</param>
    /// <param name="residual">Weight that the bin still takes.</param>
    /// <param name="itemsLeft">Items that the bin still takes.</param>
    /// <param name="level">The level of the table: the items left, where it counts them.</param>
    /// <param name="value">What the items taken so far are worth.</param>
    /// <param name="depth">Number of types taken so far.</param>
    private void Take(int type, long residual, int itemsLeft, int level, double value, int depth)
    {
        var members = _items.Members[type].Length;
        var maxCopies = Math.Min(_copies[type], itemsLeft / members);
        if (_items.Weights[type] > 0)
            maxCopies = Math.Min(maxCopies, residual / _items.Weights[type]);
        if (maxCopies < 1)
            return;
        if (_items.HasConflicts)
            Ban(type, depth);
        _types.Add(type);
        _taken.Add(0);
        for (var copies = (int)Math.Min(maxCopies, int.MaxValue); copies >= 1 && _nodes > 0; copies--)
        {
            _taken[^1] = copies;
            GoOn(
                type + 1, residual - (copies * _items.Weights[type]), itemsLeft - (copies * members),
                level - (copies * _table.LevelsOf(type)), value + (copies * _prices[type]), depth + 1);
        }
        _types.RemoveAt(_types.Count - 1);
        _taken.RemoveAt(_taken.Count - 1);
    }

    private void GoOn(int type, long residual, int itemsLeft, int level, double value, int depth)
    {
        // A search as deep as this is given up like one that ran out of nodes: the input may not set how much of the stack is taken.
        _nodes = depth < SearchTuning.MaxTypesByBranching ? _nodes - 1 : 0;
        var first = type;
        var units = (int)(residual / _table.Unit); // items are rounded down, so those that fit the residual fit its whole units
        for (; type < _prices.Length && _nodes > 0 && value + _table.MaxFrom(type, level, units) >= _target; type++)
            if (_copies[type] > 0 && _items.Weights[type] <= residual && !IsBanned(type, depth))
                Take(type, residual, itemsLeft, level, value, depth);
        Look(type - first);
        if (type == _prices.Length && _nodes > 0 && residual <= _maxResidual && value >= _target)
            _found(value);
    }

    /// <summary>Counts types looked at, and gives the search up where it is time to stop.</summary>
    private void Look(int types)
    {
        _looks += types;
        if (_looks < SearchTuning.TypesPerLook)
            return;
        _looks = 0;
        if (_context.Stop)
            _nodes = 0;
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

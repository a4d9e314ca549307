namespace PackingKit;

/// <summary>The linear program over the patterns known so far: cover every type's demand with as few bins as possible.</summary>
internal sealed class RestrictedMaster : IDisposable
{
    private readonly ItemTypes _items;
    private readonly Func<int, ILinearProgram> _create;
    private readonly HashSet<Pattern> _known = [];
    private readonly List<Pattern?> _columns = [];
    private readonly List<(double Cost, int[] Rows, double[] Coefficients)> _entries = [];
    private ILinearProgram _program;
    private double[] _values = [], _demands = [], _limits = [];

    public RestrictedMaster(ItemTypes items, Func<int, ILinearProgram> create)
    {
        (_items, _create, _program) = (items, create, create(items.Count));
        Duals = new double[items.Count];
        for (var i = 0; i < items.Count; i++)
            AddColumn(null, SearchTuning.CostOutside, [i], [1]);
    }

    /// <summary>Patterns by column; <see langword="null"/> where a column is not a pattern.</summary>
    public IReadOnlyList<Pattern?> Columns => _columns;

    /// <summary>How often each column is taken in the last solution.</summary>
    public ReadOnlySpan<double> Values => _values;

    /// <summary>The patterns that the last solution takes at least so often, and how often.</summary>
    public IEnumerable<(Pattern Pattern, double Value)> Taken(double min)
    {
        for (var column = 0; column < _values.Length; column++)
            if (_columns[column] is { } pattern && _values[column] >= min)
                yield return (pattern, _values[column]);
    }

    /// <summary>The price of each type in the last solution.</summary>
    public double[] Duals { get; }

    public double Objective { get; private set; }

    /// <summary>Whether every column of the last solution is taken a whole number of times.</summary>
    public bool IsIntegral => Array.TrueForAll(_values, value => Math.Abs(value - Math.Round(value)) <= SearchTuning.Tolerance);

    /// <summary>Whether a column holds no more than the demands and leaves no larger residual than is allowed.</summary>
    public bool IsAllowed(int column) => column >= _limits.Length || _limits[column] > 0;

    /// <summary>
    /// Lets the place of an item serve an item of the next lighter type, at no cost: prices then fall with the weight, and settle in fewer
    /// rounds.
    /// </summary>
    public void AddExchanges()
    {
        for (var i = 0; i + 1 < _items.Count; i++)
            AddColumn(null, 0, [i, i + 1], [-1, 1]);
    }

    /// <summary>Adds a pattern unless it is known.</summary>
    public bool Add(Pattern pattern)
    {
        if (!_known.Add(pattern))
            return false;
        AddColumn(pattern, 1, pattern.Types, Array.ConvertAll(pattern.Copies, copies => (double)copies));
        return true;
    }

    /// <summary>Sets the demands, and switches off the patterns that hold more or leave too large a residual.</summary>
    public void Want(long[] demands, long maxResidual, Random? jitter)
    {
        _demands = Array.ConvertAll(
            demands, demand => demand + (jitter is null || demand == 0 ? 0 : SearchTuning.DemandJitter * jitter.NextDouble()));
        _limits = [.. _columns.Select(column => column is { } pattern
            && (!pattern.IsWithin(demands) || _items.Capacity - pattern.Load(_items.Weights) > maxResidual) ? 0 : double.PositiveInfinity)];
        _program.SetDemands(_demands);
        _program.SetUpperLimits(_limits);
    }

    /// <summary>
    /// Solves. Where the solver fails or stalls, or its answer is not finite, it is given one more chance from scratch, then GLOP is.
    /// </summary>
    /// <returns>Whether there is an answer, right or wrong.</returns>
    public bool Solve(Func<bool> stop)
    {
        if (Ask(stop))
            return true;
        foreach (var create in (ReadOnlySpan<Func<int, ILinearProgram>>)[_create, rows => new GlopProgram(rows)])
        {
            if (stop())
                return false;
            _program.Dispose();
            _program = create(_items.Count);
            foreach (var (cost, rows, coefficients) in _entries)
                _program.AddColumn(cost, rows, coefficients);
            _program.SetDemands(_demands);
            _program.SetUpperLimits([.. _limits, .. Enumerable.Repeat(double.PositiveInfinity, _columns.Count - _limits.Length)]);
            if (Ask(stop))
                return true;
        }
        return false;
    }

    /// <summary>
    /// Replaces <see cref="Values"/> by a point from within the set of best solutions, where the solver can find one. Afterwards the
    /// program must be solved again before anything else is asked.
    /// </summary>
    public void Center(Func<bool> stop)
    {
        var values = new double[_columns.Count];
        if (_program.TryGetCenter(values, stop) && Array.TrueForAll(values, double.IsFinite))
            _values = values;
    }

    public void Dispose() => _program.Dispose();

    private bool Ask(Func<bool> stop)
    {
        if (!_program.Solve(stop))
            return false;
        Objective = _program.Objective;
        _program.GetDuals(Duals);
        if (_values.Length != _columns.Count)
            _values = new double[_columns.Count];
        _program.GetValues(_values);
        return double.IsFinite(Objective) && Array.TrueForAll(Duals, double.IsFinite) && Array.TrueForAll(_values, double.IsFinite);
    }

    private void AddColumn(Pattern? pattern, double cost, int[] rows, double[] coefficients)
    {
        _columns.Add(pattern);
        _entries.Add((cost, rows, coefficients));
        _program.AddColumn(cost, rows, coefficients);
    }
}

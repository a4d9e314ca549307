namespace PackingKit;

/// <summary>
/// Column generation over several kinds of bin (Gilmore and Gomory 1961): the linear program says how many bins of each kind to take and
/// what they hold, one knapsack per class finds fillings that are worth more than a bin. Its floats only guide; each price vector gives a
/// <see cref="StockBound"/> in integers.
/// </summary>
internal sealed class StockRelaxation : IDisposable
{
    private const long MaxThreshold = 1L << 52; // worth is exact in a double up to 2^53

    private readonly StockProblem _problem;
    private readonly SearchContext _context;
    private readonly Pricing[] _pricings;
    private readonly ILinearProgram _program;
    private readonly HashSet<(int Class, Pattern Pattern)> _known = [];
    private readonly List<(int Class, Pattern Pattern)?> _columns = [];
    private readonly int _types, _kinds;
    private readonly double _unit;
    private double[] _center, _values = [];
    private BigInteger _bestNumerator = 0, _bestDenominator = 1; // of the bound, before it is rounded up

    /// <param name="problem">What is to be packed.</param>
    /// <param name="bins">About how many bins a plan has: an item may cost as much as they do.</param>
    /// <param name="context">Linear solver, and when to stop.</param>
    public StockRelaxation(StockProblem problem, double bins, SearchContext context)
    {
        (_problem, _context, _types) = (problem, context, problem.Counts.Length);
        _pricings = [.. problem.Classes.Select(kind => new Pricing(kind.Items, context))];
        // One row per type, to reach its demand; one per class: bins taken less bins filled must not fall below 0. Costs are counted in
        // bins of the cheapest capacity.
        _program = context.CreateProgram(_types + problem.Classes.Length);
        _unit = problem.Classes.Min(kind => (double)kind.Kinds[0].Cost / kind.Capacity) * problem.Classes[0].Capacity;
        for (var at = 0; at < problem.Classes.Length; at++)
            foreach (var kind in problem.Classes[at].Kinds)
                AddColumn(null, kind.Cost / _unit, [_types + at], [1]);
        _kinds = _columns.Count;
        var outside = problem.Classes.Max(kind => kind.Kinds[^1].Cost) / _unit
            * Math.Clamp(2 * bins, SearchTuning.MinStockCostOutside, SearchTuning.MaxStockCostOutside);
        for (var type = 0; type < _types; type++)
            AddColumn(null, outside, [type], [1]);
        _center = [.. problem.Demands.Sizes.ToArray().Select(size => (double)size / problem.Classes[0].Capacity)];
    }

    /// <summary>Price vectors that rule out some mix of bins; <see cref="Best"/> among them.</summary>
    public List<StockBound> Bounds { get; } = [];

    /// <summary>The prices with the best bound on the cost.</summary>
    public StockBound? Best { get; private set; }

    /// <summary>No plan costs less, in the problem's unit of costs.</summary>
    public BigInteger Bound { get; private set; }

    /// <summary>Whether it is proved that all bins that there are do not hold the items.</summary>
    public bool IsInfeasible { get; private set; }

    public IReadOnlyCollection<(int Class, Pattern Pattern)> Patterns => _known;

    /// <summary>Items that the last solution leaves outside of all bins.</summary>
    public double Outside => _values.AsSpan(_kinds, _types).ToArray().Sum();

    /// <summary>The patterns that the last solution takes at least so often, and how often.</summary>
    public IEnumerable<(int Class, Pattern Pattern, double Value)> Taken(double min)
    {
        for (var column = 0; column < _values.Length; column++)
            if (_columns[column] is var (at, pattern) && _values[column] >= min)
                yield return (at, pattern, _values[column]);
    }

    /// <summary>Adds a pattern unless it is known.</summary>
    public bool Add(int at, Pattern pattern)
    {
        if (!_known.Add((at, pattern)))
            return false;
        AddColumn(
            (at, pattern), 0, [.. pattern.Types, _types + at], [.. pattern.Copies.Select(copies => (double)copies), -1]);
        return true;
    }

    /// <summary>Raises the bound until no pattern improves the relaxation or the bound reaches a cost.</summary>
    public void Bind(BigInteger enough)
    {
        if (!IsEnough(StockBound.OfSizes(_problem)))
            Run(_problem.Counts, new long[_problem.Classes.Length], 0, IsEnough, isSharp: true);

        bool IsEnough(StockBound bound) => Raise(bound) && (IsInfeasible || Bound >= enough);
    }

    /// <summary>Works on what is left in a dive until it is within its budget or no pattern improves it.</summary>
    /// <param name="demands">How many items of each type are left.</param>
    /// <param name="used">Bins of each class that are taken already.</param>
    /// <param name="budget">The most that is to be paid for the rest.</param>
    /// <returns>Whether there is a solution; not where it was stopped or the solver failed.</returns>
    public bool Run(long[] demands, long[] used, BigInteger budget) =>
        Run(demands, used, ((double)budget / _unit) + SearchTuning.Tolerance, _ => false, isSharp: false);

    /// <summary>Whether prices rule out a mix of bins; they join <see cref="Bounds"/> then.</summary>
    public bool Refutes(long[] mix)
    {
        var isRefuted = false;
        var others = mix.Select((bins, at) => _problem.Classes[at].Supply - bins).ToArray();
        Run(_problem.Counts, others, 0, bound =>
        {
            if (bound.Room(mix) >= 0)
                return false;
            Bounds.Add(bound);
            return isRefuted = true;
        }, isSharp: true);
        return isRefuted;
    }

    private bool Run(long[] demands, long[] used, double budget, Func<StockBound, bool> isEnough, bool isSharp)
    {
        Want(demands, used);
        var duals = new double[_types + _problem.Classes.Length];
        var smoothing = SearchTuning.Smoothing;
        while (true)
        {
            if (_context.Stop || !_program.Solve(() => _context.Stop))
                return false;
            _program.GetDuals(duals);
            _values = new double[_columns.Count];
            _program.GetValues(_values);
            if (!Array.TrueForAll(duals, double.IsFinite) || !Array.TrueForAll(_values, double.IsFinite))
                return false;
            if (_program.Objective <= budget && Outside <= SearchTuning.Tolerance)
                return true;

            var prices = new double[_types];
            for (var type = 0; type < _types; type++)
                prices[type] = demands[type] == 0 ? 0 : Math.Max(0, (smoothing * _center[type]) + ((1 - smoothing) * duals[type]));
            if (!TryPrice(prices, demands, duals, smoothing, out var found, out var bound))
                return false;
            var best = Best;
            if (isEnough(bound))
                return true;
            if (Best != best)
                _center = prices;

            var added = false;
            foreach (var (at, pattern) in found)
                if (pattern.Worth(duals) > (duals[_types + at] * (1 + SearchTuning.PricingTolerance)) + SearchTuning.PricingTolerance)
                    added |= Add(at, pattern);
            if (added)
                continue;
            if (smoothing == 0 && isSharp && TrySharpen())
                continue;
            if (smoothing == 0)
                return true;
            smoothing = smoothing > SearchTuning.SmoothingStep ? smoothing - SearchTuning.SmoothingStep : 0;
        }
    }

    /// <summary>
    /// Every pattern that a plan of at most some cost may use, without those that another item would fit into; <see langword="null"/>
    /// where there are more than <paramref name="limit"/>.
    /// </summary>
    public List<(int Class, Pattern Pattern)>? PatternsUpTo(BigInteger cost, int limit) =>
        TryList(cost, limit, out var patterns) ? [.. patterns.Where(pattern => IsFull(pattern.Class, pattern.Pattern))] : null;

    /// <summary>Patterns that a plan of at most some cost may use, at most so many for each class.</summary>
    public IEnumerable<(int Class, Pattern Pattern)> SomePatternsUpTo(BigInteger cost, int limit)
    {
        TryList(cost, limit, out var patterns);
        return patterns;
    }

    private bool TryList(BigInteger cost, int limit, out List<(int Class, Pattern Pattern)> patterns)
    {
        patterns = [];
        if (Best is not { } best || best.Worth.Max() > MaxThreshold)
            return false;
        var minWorth = best.MinWorth(_problem, cost);
        var areAll = true;
        for (var at = 0; at < _pricings.Length; at++)
        {
            List<Pattern> found = [];
            _pricings[at].Prepare(best.Prices, _problem.Counts, _problem.Classes[at].Items.Capacity);
            areAll &= _pricings[at].Enumerate((double)minWorth[at], limit, found);
            foreach (var pattern in found)
                patterns.Add((at, pattern));
        }
        return areAll;
    }

    public void Dispose() => _program.Dispose();

    /// <summary>Sets demands and supplies, and switches off the patterns that hold more than is wanted.</summary>
    private void Want(long[] demands, long[] used)
    {
        var limits = new double[_columns.Count];
        Array.Fill(limits, double.PositiveInfinity);
        var column = 0;
        for (var at = 0; at < used.Length; at++)
        {
            var taken = used[at];
            foreach (var kind in _problem.Classes[at].Kinds)
            {
                var now = Math.Min(taken, kind.Supply);
                limits[column++] = kind.Supply - now;
                taken -= now;
            }
        }
        for (; column < limits.Length; column++)
            if (_columns[column] is var (_, pattern) && !pattern.IsWithin(demands))
                limits[column] = 0;
        _program.SetDemands([.. demands.Select(demand => (double)demand), .. new double[_problem.Classes.Length]]);
        _program.SetUpperLimits(limits);
    }

    /// <summary>Patterns worth more than a bin under some prices, and the bound of these.</summary>
    private bool TryPrice(
        double[] prices, long[] demands, double[] duals, double smoothing,
        out List<(int Class, Pattern Pattern)> found, out StockBound bound)
    {
        // Prices become integers as large as keeps the worth of every bin exact in a double.
        double most = 0;
        foreach (var kind in _problem.Classes)
            most = Math.Max(most, MaxWorth(kind.Items, prices, demands));
        var scale = most > 0 ? Pricing.Scale(_types) / most : 1;
        var integers = Array.ConvertAll(prices, price => (long)(price * scale));
        var worth = new long[_problem.Classes.Length];
        found = [];
        for (var at = 0; at < worth.Length; at++)
        {
            _pricings[at].Prepare(integers, demands, _problem.Classes[at].Items.Capacity);
            if (!_context.Stop)
            {
                List<Pattern> patterns = [];
                var least = duals[_types + at] * scale
                    * (smoothing > 0 ? SearchTuning.SmoothedThreshold : 1 + SearchTuning.PricingTolerance);
                var best = _pricings[at].Best((long)Math.Clamp(least, 0, MaxThreshold), SearchTuning.StockPatternsPerRound, patterns);
                worth[at] = (long)Math.Min(best, _pricings[at].MaxWorth());
                foreach (var pattern in patterns)
                    found.Add((at, pattern));
            }
        }
        bound = new StockBound(integers, worth, SafePrices.TotalOf(integers, demands));
        return !_context.Stop;
    }

    /// <summary>Where a search for the best filling gave up, it takes more effort from now on.</summary>
    private bool TrySharpen()
    {
        var isSharper = false;
        foreach (var pricing in _pricings)
            isSharper |= pricing.TrySharpen();
        return isSharper;
    }

    /// <summary>At most what a bin may be worth: its capacity full of what is worth most for its weight, or all items.</summary>
    private static double MaxWorth(ItemTypes items, double[] prices, long[] demands)
    {
        double ratio = 0, all = 0;
        for (var type = 0; type < prices.Length; type++)
        {
            var copies = Math.Min(demands[type], items.CopiesThatFit(type));
            if (copies <= 0)
                continue;
            ratio = Math.Max(ratio, prices[type] / items.Weights[type]);
            all += prices[type] * copies;
        }
        return Math.Min(ratio * items.Capacity, all);
    }

    /// <summary>Keeps a bound where it is the best so far, and smooths towards its prices from now on.</summary>
    private bool Raise(StockBound bound)
    {
        if (bound.LeastCost(_problem, out _) is not var (numerator, denominator))
            IsInfeasible = true;
        else if (Best is null || numerator * _bestDenominator > _bestNumerator * denominator)
        {
            (_bestNumerator, _bestDenominator) = (numerator, denominator);
            Bound = BigInteger.Max(Bound, bound.CostOf(_problem)!.Value);
        }
        else
            return false;
        Bounds.Add(Best = bound);
        return true;
    }

    /// <summary>Whether no other item that is wanted fits into a bin with this pattern.</summary>
    private bool IsFull(int at, Pattern pattern)
    {
        var items = _problem.Classes[at].Items;
        var residual = items.Capacity - pattern.Load(items.Weights);
        if (pattern.Copies.Sum() >= items.MaxItems)
            return true;
        for (var type = 0; type < _types; type++)
            if (items.Weights[type] <= residual && pattern.CopiesOf(type) < _problem.Counts[type])
                return false;
        return true;
    }

    private void AddColumn((int Class, Pattern Pattern)? column, double cost, int[] rows, double[] coefficients)
    {
        _columns.Add(column);
        _program.AddColumn(cost, rows, coefficients);
    }
}

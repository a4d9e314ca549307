namespace PackingKit;

/// <summary>
/// Column generation over passes: the linear program covers every leaf with as few passes as it can, its prices make
/// <see cref="TreeKnapsack"/> find a pass that is worth more than one, until none is or the bound is reached. Prices are smoothed towards
/// the best known ones (Wentges 1997). The bound is computed in integers.
/// </summary>
internal sealed class PassColumns : IDisposable
{
    /// <summary>Passes that share no leaf with each other and join the program in one round.</summary>
    private const int ColumnsPerRound = 12;

    /// <summary>Rounds of new passes after each pass that a dive takes: the rest is a smaller problem that lacks a few.</summary>
    private const int RoundsPerStep = 4;

    /// <summary>How much chance weighs in a dive: little beside a half.</summary>
    private const double Shake = 0.1;

    /// <summary>Integer prices of a pass: sums over all leaves stay exact in doubles.</summary>
    private readonly long _scale;

    private readonly int _leaves;
    private readonly TreeKnapsack _knapsack;
    private readonly ILinearProgram _program;
    private readonly List<int[]> _columns = [];
    private readonly HashSet<string> _known = [];
    private readonly Func<bool> _stop;
    private readonly double[] _duals, _demands;

    public PassColumns(PrefixProblem problem, Func<int, ILinearProgram> create, Func<bool> stop)
    {
        _leaves = problem.Leaves.Length;
        (_knapsack, _program, _stop) = (new TreeKnapsack(problem), create(_leaves), stop);
        (_duals, _demands) = (new double[_leaves], new double[_leaves]);
        _demands.AsSpan().Fill(1);
        _scale = (1L << 52) / (2 * Math.Max(1, _leaves));
        for (var leaf = 0; leaf < _leaves; leaf++)
            Add([leaf]);
    }

    /// <summary>The prices of the leaves with the best bound, and the most that a pass is worth under them.</summary>
    public (long[] Prices, long Limit, long Passes) Best { get; private set; } = ([], 1, 0);

    /// <summary>Entries of all knapsack tables until now.</summary>
    public long TableEntries => _knapsack.Entries;

    /// <summary>Adds a pass by its leaves in order, unless it is known.</summary>
    public bool Add(int[] leaves)
    {
        if (!_known.Add(string.Join(',', leaves)))
            return false;
        _columns.Add(leaves);
        _program.AddColumn(1, leaves, Enumerable.Repeat(1.0, leaves.Length).ToArray());
        return true;
    }

    /// <summary>Raises the bound until it reaches a number of passes, or can rise no more.</summary>
    public void Bound(long passes)
    {
        var center = new double[_leaves];
        var smoothing = SearchTuning.Smoothing;
        while (Best.Passes < passes && Solve())
        {
            if (Best.Passes >= Math.Ceiling(_program.Objective - SearchTuning.Tolerance))
                return;
            var prices = new long[_leaves];
            for (var leaf = 0; leaf < _leaves; leaf++)
                prices[leaf] = (long)(Math.Clamp((smoothing * center[leaf]) + ((1 - smoothing) * _duals[leaf]), 0, 1) * _scale);
            var limit = Math.Max(1, (long)_knapsack.Build(prices));
            var bound = Integers.CeilingDivide(prices.Aggregate(Int128.Zero, (sum, price) => sum + price), limit);
            if (Best.Prices.Length == 0 || IsBetter(prices, limit))
            {
                Best = (prices, limit, Math.Max(bound, Best.Passes));
                for (var leaf = 0; leaf < _leaves; leaf++)
                    center[leaf] = (double)prices[leaf] / limit;
            }
            if (AddBest(prices))
                continue;
            if (smoothing == 0)
                return;
            smoothing = smoothing > SearchTuning.SmoothingStep ? smoothing - SearchTuning.SmoothingStep : 0;
        }
    }

    /// <summary>
    /// Rounds the program's solution to passes: takes the pass that the solution takes most of, solves the rest again with new passes, and
    /// so on.
    /// </summary>
    /// <returns>The passes by their leaves, some leaves in several; <see langword="null"/> where it would need so many or was
    /// stopped.</returns>
    public List<int[]>? Dive(long passes, Random random)
    {
        List<int[]> taken = [];
        var values = Array.Empty<double>();
        while (_demands.AsSpan().ContainsAnyExcept(0.0))
        {
            for (var round = 0; round < RoundsPerStep; round++)
                if (!Solve() || !AddBest(Array.ConvertAll(_duals, dual => (long)(Math.Clamp(dual, 0, 1) * _scale))))
                    break;
            if (!Solve() || taken.Count + Math.Ceiling(_program.Objective - SearchTuning.Tolerance) >= passes)
                break;
            Array.Resize(ref values, _columns.Count);
            _program.GetValues(values);
            var most = Enumerable.Range(0, values.Length).MaxBy(column => values[column] + (Shake * random.NextDouble()));
            for (var column = 0; column < values.Length; column++)
                if (column == most || values[column] > 1 - SearchTuning.Tolerance)
                    Take(_columns[column]);
        }
        var isWhole = !_demands.AsSpan().ContainsAnyExcept(0.0);
        _demands.AsSpan().Fill(1);
        return isWhole && taken.Count < passes ? taken : null;

        void Take(int[] leaves)
        {
            if (Array.TrueForAll(leaves, leaf => _demands[leaf] == 0))
                return;
            taken.Add(leaves);
            foreach (var leaf in leaves)
                _demands[leaf] = 0;
        }
    }

    /// <summary>
    /// Whether the leaves that are not taken need more than so many passes, and the prices and the limit behind that: the best known,
    /// where it is not so.
    /// </summary>
    public bool NeedMore(bool[] isTaken, long passes, out long[] prices, out long limit)
    {
        for (var leaf = 0; leaf < _leaves; leaf++)
            _demands[leaf] = isTaken[leaf] ? 0 : 1;
        (prices, limit) = ([], 1);
        var needMore = false;
        while (Solve())
        {
            // Prices of at least one, so that no leaf is out of sight of the knapsack.
            prices = Array.ConvertAll(_duals, dual => Math.Max(1, (long)(Math.Clamp(dual, 0, 1) * _scale)));
            for (var leaf = 0; leaf < _leaves; leaf++)
                prices[leaf] = isTaken[leaf] ? 0 : prices[leaf];
            limit = (long)_knapsack.Build(prices);
            needMore = prices.Aggregate(Int128.Zero, (sum, price) => sum + price) > (Int128)passes * limit;
            if (needMore || _program.Objective <= passes + SearchTuning.Tolerance || !AddBest(prices))
                break;
        }
        _demands.AsSpan().Fill(1);
        return needMore;
    }

    /// <summary>The passes that have a leaf and are worth so much; <see langword="null"/> where they are more than so many.</summary>
    public List<int[]>? PassesWith(int leaf, long[] prices, long least, int most)
    {
        const long more = 1L << 51; // than all prices together
        var raised = (long[])prices.Clone();
        raised[leaf] += more;
        _knapsack.Build(raised);
        return _knapsack.AllWorth((double)more + least, most);
    }

    public void Dispose() => _program.Dispose();

    private bool Solve()
    {
        _program.SetDemands(_demands);
        if (_stop() || !_program.Solve(_stop))
            return false;
        _program.GetDuals(_duals);
        return double.IsFinite(_program.Objective) && Array.TrueForAll(_duals, double.IsFinite);
    }

    /// <summary>Adds the pass that is worth most under some prices, then others from the leaves that are left.</summary>
    /// <returns>Whether one of them improves the program.</returns>
    private bool AddBest(long[] prices)
    {
        var left = (long[])prices.Clone();
        var improves = false;
        for (var column = 0; column < ColumnsPerRound && !_stop(); column++)
        {
            if (_knapsack.Build(left) <= _scale * SearchTuning.SmoothedThreshold)
                break;
            var leaves = _knapsack.Best();
            if (leaves.Sum(leaf => _duals[leaf]) > 1 + SearchTuning.PricingTolerance)
                improves |= Add(leaves);
            foreach (var leaf in leaves)
                left[leaf] = 0;
            if (leaves.Length == 0)
                break;
        }
        return improves;
    }

    /// <summary>Whether prices bound more passes, before rounding, than the best so far.</summary>
    private bool IsBetter(long[] prices, long limit)
    {
        var (total, best) = (prices.Aggregate(Int128.Zero, Sum), Best.Prices.Aggregate(Int128.Zero, Sum));
        return total * Best.Limit > best * limit;

        static Int128 Sum(Int128 sum, long price) => sum + price;
    }
}

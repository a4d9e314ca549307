namespace PackingKit;

/// <summary>
/// Column generation over several kinds of bin: one linear program, one pricing problem per kind, and a bound in integers.
/// </summary>
internal sealed class CuttingStockRelaxation : IDisposable
{
    private const long MaxThreshold = 1L << 52; // worth is exact in a double up to 2^53

    private readonly IReadOnlyList<StockBin> _stock;
    private readonly SearchContext _context;
    private readonly ItemTypes[] _items;
    private readonly Pricing[] _pricings;
    private readonly ILinearProgram _program;
    private readonly HashSet<(int Bin, Pattern Pattern)> _known = [];
    private readonly long[] _demands;
    private readonly long[] _costs; // in units, rounded down, so that what they bound they bound in full
    private readonly long _unit, _maxCost, _scale;
    private long[] _prices;
    private BigInteger _worth; // scale times the bound, before it is rounded up

    public CuttingStockRelaxation(SizeHistogram demands, IReadOnlyList<StockBin> stock, long maxItems, SearchContext context)
    {
        (_stock, _context, _demands) = (stock, context, demands.Counts.ToArray());
        _items = [.. stock.Select(bin => ItemTypes.Of(demands, new BinLimits(bin.Capacity, maxItems)))];
        _pricings = [.. _items.Select(items => new Pricing(items, context))];
        // Prices are integers held in doubles: costs beyond what is exact there are counted in larger units.
        _unit = Integers.CeilingDivide(stock.Max(bin => bin.Cost), Pricing.Scale(_demands.Length));
        _costs = [.. stock.Select(bin => bin.Cost / _unit)];
        _maxCost = _costs.Max();
        _scale = Math.Max(1, Pricing.Scale(_demands.Length) / _maxCost);
        _prices = new long[_demands.Length];

        // One row per size, to reach its demand; then one per kind of bin: minus the bins used must reach minus the supply.
        _program = context.CreateProgram(_demands.Length + stock.Count);
        for (var type = 0; type < _demands.Length; type++)
            _program.AddColumn(SearchTuning.StockCostOutside * _maxCost, [type], [1]);
        for (var bin = 0; bin < stock.Count; bin++)
            for (var type = 0; type < _demands.Length; type++)
            {
                var copies = Math.Min(_demands[type], _items[bin].CopiesThatFit(type));
                if (copies > 0)
                    Add(bin, new Pattern([type], [copies]));
            }
        var supplies = stock.Select(bin => bin.Supply is { } supply ? -(double)supply : double.MinValue);
        _program.SetDemands([.. _demands.Select(demand => (double)demand), .. supplies]);
    }

    /// <summary>No plan costs less.</summary>
    public long Bound { get; private set; }

    public IReadOnlyCollection<(int Bin, Pattern Pattern)> Patterns => _known;

    /// <summary>Works on the relaxation until no pattern improves it.</summary>
    public void Run()
    {
        var duals = new double[_demands.Length + _stock.Count];
        while (!_context.Stop && _program.Solve(() => _context.Stop))
        {
            _program.GetDuals(duals);
            for (var row = 0; row < duals.Length; row++)
                duals[row] = double.IsFinite(duals[row]) ? Math.Max(0, duals[row]) : 0;
            var prices = new long[_demands.Length];
            for (var type = 0; type < prices.Length; type++)
            {
                var copies = _items.Max(items => Math.Min(_demands[type], items.CopiesThatFit(type)));
                prices[type] = (long)Math.Min(duals[type] * _scale, SearchTuning.MaxWorth * _maxCost * _scale / copies);
            }
            var maxWorth = new long[_stock.Count];
            List<(int Bin, Pattern Pattern)> found = [];
            for (var bin = 0; bin < _stock.Count; bin++)
            {
                List<Pattern> patterns = [];
                _pricings[bin].Prepare(prices, _demands, _stock[bin].Capacity);
                var cost = _costs[bin] + duals[_demands.Length + bin];
                var threshold = (long)Math.Min(cost * _scale * (1 + SearchTuning.PricingTolerance), MaxThreshold);
                var best = _pricings[bin].Best(threshold, SearchTuning.StockPatternsPerRound, patterns);
                maxWorth[bin] = (long)Math.Max(best, _pricings[bin].MaxWorth());
                found.AddRange(patterns.Select(pattern => (bin, pattern)));
            }
            if (_context.Stop)
                return;
            Raise(prices, maxWorth);
            var added = false;
            foreach (var (bin, pattern) in found)
                added |= Add(bin, pattern);
            if (!added)
                break;
        }
    }

    /// <summary>
    /// Every pattern that a plan of at most some cost may use, without those that another item would fit into; <see langword="null"/>
    /// where there are more than <paramref name="limit"/>.
    /// </summary>
    public List<(int Bin, Pattern Pattern)>? PatternsUpTo(long cost, int limit)
    {
        List<(int Bin, Pattern Pattern)> all = [];
        for (var bin = 0; bin < _stock.Count; bin++)
        {
            // No pattern is worth more than it costs; over a plan, cost minus worth adds up to at most the plan's cost above the bound.
            List<Pattern> patterns = [];
            _pricings[bin].Prepare(_prices, _demands, _stock[bin].Capacity);
            var threshold = ((BigInteger)_costs[bin] * _scale) + Excess(bin) - (((BigInteger)(cost / _unit) * _scale) - _worth);
            if (!_pricings[bin].Enumerate((double)BigInteger.Max(threshold, -1), limit - all.Count, patterns))
                return null;
            all.AddRange(patterns.Where(pattern => IsFull(bin, pattern)).Select(pattern => (bin, pattern)));
        }
        return all;
    }

    public void Dispose() => _program.Dispose();

    private bool Add(int bin, Pattern pattern)
    {
        if (!_known.Add((bin, pattern)))
            return false;
        _program.AddColumn(
            _costs[bin], [.. pattern.Types, _demands.Length + bin], [.. pattern.Copies.Select(copies => (double)copies), -1]);
        return true;
    }

    /// <summary>
    /// The bound that prices give. No bin of a kind in unlimited supply may be worth more than its cost: prices shrink until that holds.
    /// What a bin of a limited kind is worth beyond its cost is subtracted for its whole supply.
    /// </summary>
    private void Raise(long[] prices, long[] maxWorth)
    {
        var (up, down) = (BigInteger.One, BigInteger.One); // prices shrink by down / up
        for (var bin = 0; bin < maxWorth.Length; bin++)
            if (_stock[bin].Supply is null && maxWorth[bin] * down > (BigInteger)_costs[bin] * _scale * up)
                (up, down) = (maxWorth[bin], (BigInteger)_costs[bin] * _scale);
        var shrunk = Array.ConvertAll(prices, price => (long)(price * down / up));
        BigInteger worth = 0;
        for (var type = 0; type < shrunk.Length; type++)
            worth += (BigInteger)_demands[type] * shrunk[type];
        for (var bin = 0; bin < maxWorth.Length; bin++)
            worth -= (_stock[bin].Supply ?? 0) * BigInteger.Max(0, (maxWorth[bin] * down / up) - ((BigInteger)_costs[bin] * _scale));
        if (worth <= _worth)
            return;
        (_worth, _prices) = (worth, shrunk);
        Bound = (long)((worth + _scale - 1) / _scale * _unit);
    }

    /// <summary>What the best filling of a limited kind is worth beyond its cost, under the best prices.</summary>
    private BigInteger Excess(int bin) =>
        _stock[bin].Supply is null ? 0 : BigInteger.Max(0, (long)_pricings[bin].MaxWorth() - ((BigInteger)_costs[bin] * _scale));

    /// <summary>Whether no other item that is wanted fits into a bin with this pattern.</summary>
    private bool IsFull(int bin, Pattern pattern)
    {
        var items = _items[bin];
        var residual = items.Capacity - pattern.Load(items.Weights);
        if (pattern.Copies.Sum() >= items.MaxItems)
            return true;
        for (var type = 0; type < _demands.Length; type++)
            if (items.Weights[type] <= residual && pattern.CopiesOf(type) < _demands[type])
                return false;
        return true;
    }
}

using System.Numerics;

namespace PackingKit;

/// <summary>Column generation over several kinds of bin: one linear program, one knapsack a kind, and a bound in integers.</summary>
internal sealed class CuttingStockRelaxation : IDisposable
{
    private const int PatternsPerRound = 30;
    private readonly IReadOnlyList<StockBin> _stock;
    private readonly SearchContext _context;
    private readonly ItemTypes[] _items;
    private readonly Pricing[] _searches;
    private readonly ILinearProgram _program;
    private readonly HashSet<(int Bin, Pattern Pattern)> _known = [];
    private readonly long[] _demands;
    private readonly long _dearest, _scale;
    private long[] _prices;
    private BigInteger _worth;

    public CuttingStockRelaxation(SizeHistogram demands, IReadOnlyList<StockBin> stock, long maxItems, SearchContext context)
    {
        (_stock, _context, _demands) = (stock, context, demands.Counts.ToArray());
        _items = [.. stock.Select(bin => ItemTypes.Of(demands, new BinLimits(bin.Capacity, maxItems)))];
        _searches = [.. _items.Select(items => new Pricing(items, context))];
        _dearest = stock.Max(bin => bin.Cost);
        _scale = Math.Max(1, Pricing.Scale(_demands.Length) / _dearest);
        _prices = new long[_demands.Length];

        // A row a size that must be reached, then a row a kind of bin: minus those used must reach minus the supply.
        _program = context.CreateProgram(_demands.Length + stock.Count);
        for (var type = 0; type < _demands.Length; type++)
            _program.AddColumn(10.0 * _dearest, [type], [1]);
        for (var bin = 0; bin < stock.Count; bin++)
            for (var type = 0; type < _demands.Length; type++)
                if (Math.Min(_demands[type], _items[bin].CopiesThatFit(type)) is var copies and > 0)
                    Add(bin, new Pattern([type], [copies]));
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
            var prices = new long[_demands.Length];
            for (var type = 0; type < prices.Length; type++)
            {
                var copies = _items.Max(items => Math.Min(_demands[type], items.CopiesThatFit(type)));
                prices[type] = double.IsFinite(duals[type]) ? (long)Math.Clamp(duals[type] * _scale, 0, 2.0 * _dearest * _scale / copies) : 0;
            }
            var most = new long[_stock.Count];
            List<(int Bin, Pattern Pattern)> found = [];
            for (var bin = 0; bin < _stock.Count; bin++)
            {
                List<Pattern> patterns = [];
                _searches[bin].Prepare(prices, _demands, _stock[bin].Capacity);
                var supplyPrice = double.IsFinite(duals[_demands.Length + bin]) ? Math.Max(0, duals[_demands.Length + bin]) : 0;
                var threshold = (long)Math.Min((_stock[bin].Cost + supplyPrice) * _scale * (1 + 1e-9), 1L << 52);
                most[bin] = (long)_searches[bin].Best(threshold, PatternsPerRound, patterns);
                found.AddRange(patterns.Select(pattern => (bin, pattern)));
                most[bin] = Math.Max(most[bin], (long)_searches[bin].Most());
            }
            Raise(prices, most);
            var added = false;
            foreach (var (bin, pattern) in found)
                added |= Add(bin, pattern);
            if (!added)
                break;
        }
    }

    /// <summary>
    /// Every pattern that a plan of at most some cost may use, filled up; <see langword="null"/> where there are too many.
    /// </summary>
    public List<(int Bin, Pattern Pattern)>? PatternsUpTo(long cost, int limit)
    {
        List<(int Bin, Pattern Pattern)> all = [];
        for (var bin = 0; bin < _stock.Count; bin++)
        {
            // Together the patterns of a plan may lack no more of their bins' costs than the plan costs above the bound.
            List<Pattern> patterns = [];
            _searches[bin].Prepare(_prices, _demands, _stock[bin].Capacity);
            var threshold = ((BigInteger)_stock[bin].Cost * _scale) + Excess(bin) - (((BigInteger)cost * _scale) - _worth);
            if (!_searches[bin].Enumerate((double)BigInteger.Max(threshold, -1), limit - all.Count, patterns, () => _context.Stop))
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
            _stock[bin].Cost, [.. pattern.Types, _demands.Length + bin], [.. pattern.Copies.Select(copies => (double)copies), -1]);
        return true;
    }

    /// <summary>
    /// The bound that prices give. Kinds of bin without a limit must be worth their cost: prices shrink until they are. What limited kinds
    /// are worth
    /// beyond their cost, their whole supply may be.
    /// </summary>
    private void Raise(long[] prices, long[] most)
    {
        var (up, down) = (BigInteger.One, BigInteger.One); // shrink by down / up
        for (var bin = 0; bin < most.Length; bin++)
            if (_stock[bin].Supply is null && most[bin] * down > (BigInteger)_stock[bin].Cost * _scale * up)
                (up, down) = (most[bin], (BigInteger)_stock[bin].Cost * _scale);
        var shrunk = Array.ConvertAll(prices, price => (long)(price * down / up));
        BigInteger worth = 0;
        for (var type = 0; type < shrunk.Length; type++)
            worth += (BigInteger)_demands[type] * shrunk[type];
        for (var bin = 0; bin < most.Length; bin++)
            worth -= (_stock[bin].Supply ?? 0) * BigInteger.Max(0, (most[bin] * down / up) - ((BigInteger)_stock[bin].Cost * _scale));
        if (worth <= _worth)
            return;
        (_worth, _prices) = (worth, shrunk);
        Bound = (long)((worth + _scale - 1) / _scale);
    }

    /// <summary>What the best filling of a limited kind is worth beyond its cost, under the best prices.</summary>
    private BigInteger Excess(int bin) =>
        _stock[bin].Supply is null ? 0 : BigInteger.Max(0, (long)_searches[bin].Most() - ((BigInteger)_stock[bin].Cost * _scale));

    private bool IsFull(int bin, Pattern pattern)
    {
        var items = _items[bin];
        var room = items.Capacity - pattern.Load(items.Weights);
        if (pattern.Copies.Sum() >= items.MaxItems)
            return true;
        for (var type = 0; type < _demands.Length; type++)
            if (items.Weights[type] <= room && pattern.CopiesOf(type) < _demands[type])
                return false;
        return true;
    }
}

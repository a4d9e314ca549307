namespace PackingKit;

/// <summary>How a run of column generation ended.</summary>
internal enum RelaxationOutcome
{
    /// <summary>The relaxation needs no more than the bins asked for (or the solver cannot tell any more).</summary>
    Reached,

    /// <summary>Integer prices prove that more bins are needed.</summary>
    Above,

    /// <summary>Told to stop, or the solver failed.</summary>
    Stopped,
}

/// <summary>Whole-number prices with what the best pattern is worth under them.</summary>
/// <param name="Prices">Price of each type.</param>
/// <param name="Limit">No pattern that is allowed is worth more.</param>
/// <param name="Total">What all the items are worth.</param>
internal sealed record SafePrices(long[] Prices, long Limit, Int128 Total)
{
    /// <summary>No packing of allowed patterns has fewer bins.</summary>
    public long Bins { get; } = Integers.CeilingDivide(Total, Limit);

    public double Ratio => (double)Total / Limit;
}

/// <summary>
/// Column generation for the Gilmore-Gomory relaxation: the linear program prices the types, the knapsack finds patterns that are worth
/// more than a bin,
/// until the relaxation is settled. Prices are smoothed towards the best known ones (Wentges 1997). What it claims is claimed from integers
/// alone.
/// </summary>
internal sealed class ColumnGeneration : IDisposable
{
    private const double Tolerance = 1e-6;
    private const int PatternsPerRound = 100;
    private readonly ItemTypes _items;
    private readonly SearchContext _context;
    private readonly Pricing _search;
    private readonly long _scale;
    private readonly List<Pattern> _found = [];

    public ColumnGeneration(ItemTypes items, SearchContext context, IEnumerable<Pattern> patterns, bool exchanges)
    {
        (_items, _context, _search, _scale) = (items, context, new Pricing(items, context), Pricing.Scale(items.Count));
        Master = new RestrictedMaster(items, context.CreateProgram);
        if (exchanges)
            Master.AddExchanges();
        foreach (var pattern in patterns)
            Master.Add(pattern);
    }

    public RestrictedMaster Master { get; }

    /// <summary>The safe prices with the best bound in the last run.</summary>
    public SafePrices? Best { get; private set; }

    /// <summary>The safe prices that the last run ended with: near a corner where it went to the end.</summary>
    private SafePrices? Last { get; set; }

    /// <summary>Works on the relaxation for some demands until it is known whether it needs more than <paramref name="bins"/>.</summary>
    /// <param name="demands">How many of each type are to be packed.</param>
    /// <param name="bins">The number of bins in question.</param>
    /// <param name="waste">The most room that a pattern may leave empty; where it binds, the bound is for packings of such patterns
    /// only.</param>
    /// <param name="toTheEnd">Whether to go on until no pattern improves the relaxation, for the best prices.</param>
    /// <param name="jitter">Shakes the demands a little, for another of many best price vectors.</param>
    public RelaxationOutcome Run(long[] demands, long bins, long waste, bool toTheEnd = false, Random? jitter = null)
    {
        var center = Array.ConvertAll(_items.Weights, weight => (double)weight / _items.Capacity);
        Best = null;
        Master.Want(demands, waste, jitter);
        var smoothing = 0.6;
        while (true)
        {
            if (_context.Stop || !Master.Solve(() => _context.Stop))
                return RelaxationOutcome.Stopped;
            if (Master.Objective <= bins + Tolerance && !toTheEnd)
                return RelaxationOutcome.Reached;

            var prices = Price(demands, center, smoothing);
            _search.Prepare(prices, demands, waste);
            _found.Clear();
            var most = _search.Best((long)(_scale * (smoothing > 0 ? 0.99 : 1 + 1e-9)), PatternsPerRound, _found);
            var safe = new SafePrices(prices, Math.Max(_scale, (long)most), Worth(demands, prices));
            Last = safe;
            if (Best is null || safe.Ratio > Best.Ratio)
            {
                Best = safe;
                for (var i = 0; i < center.Length; i++)
                    center[i] = (double)prices[i] / safe.Limit;
            }
            if (Best.Bins > bins)
                return RelaxationOutcome.Above;

            var added = 0;
            foreach (var pattern in _found)
                if (pattern.Worth(Master.Duals) > 1 + 1e-9 && Master.Add(pattern))
                    added++;
            if (added == 0)
            {
                if (smoothing == 0)
                    return RelaxationOutcome.Reached;
                smoothing = smoothing > 0.2 ? smoothing - 0.2 : 0;
            }
        }
    }

    /// <summary>
    /// A central price vector: the mean of several best ones, which leaves fewer patterns near the limit than a corner does.
    /// </summary>
    public SafePrices? Central(long[] demands, long bins, long waste, int vectors)
    {
        var sum = new double[_items.Count];
        var jitter = new Random(_context.Options.Seed);
        for (var vector = 0; vector < vectors; vector++)
        {
            var outcome = Run(demands, bins, waste, toTheEnd: true, vector == 0 ? null : jitter);
            if (outcome != RelaxationOutcome.Reached)
                return outcome == RelaxationOutcome.Above ? Best : null;
            for (var i = 0; i < sum.Length; i++)
                sum[i] += (double)Last!.Prices[i] / Last.Limit / vectors;
        }
        var prices = Array.ConvertAll(sum, price => (long)(price * _scale));
        _search.Prepare(prices, demands, waste);
        return new SafePrices(prices, Math.Max(1, (long)_search.Most()), Worth(demands, prices));
    }

    /// <summary>
    /// Every pattern that a packing into so many bins may use, by the safe prices: what a pattern lacks of the limit, all bins together may
    /// lack only once.
    /// </summary>
    /// <returns><see langword="null"/> where there are more than <paramref name="limit"/>.</returns>
    public List<Pattern>? Enumerate(SafePrices safe, long[] demands, long bins, long waste, int limit)
    {
        _search.Prepare(safe.Prices, demands, waste);
        List<Pattern> patterns = [];
        var threshold = safe.Total - ((Int128)(bins - 1) * safe.Limit);
        return _search.Enumerate((double)threshold, limit, patterns, () => _context.Stop) ? patterns : null;
    }

    public void Dispose() => Master.Dispose();

    /// <summary>Prices between the best known and the solver's, rounded down to whole numbers that stay exact in sums.</summary>
    private long[] Price(long[] demands, double[] center, double smoothing)
    {
        var prices = new long[_items.Count];
        for (var i = 0; i < prices.Length; i++)
        {
            if (demands[i] == 0)
                continue;
            var price = (smoothing * center[i]) + ((1 - smoothing) * Master.Duals[i]);
            prices[i] = (long)(Math.Clamp(price, 0, 2.0 / Math.Min(demands[i], _items.CopiesThatFit(i))) * _scale);
        }
        return prices;
    }

    private static Int128 Worth(long[] demands, long[] prices)
    {
        Int128 total = 0;
        for (var i = 0; i < prices.Length; i++)
            total += (Int128)demands[i] * prices[i];
        return total;
    }
}

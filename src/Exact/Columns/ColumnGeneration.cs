namespace PackingKit;

/// <summary>How a run of column generation ended.</summary>
internal enum RelaxationOutcome
{
    /// <summary>The relaxation needs no more than the bins asked for.</summary>
    Reached,

    /// <summary>Integer prices prove that more bins are needed.</summary>
    Above,

    /// <summary>By the solver's floats more bins are needed, but no integer prices were found that prove it.</summary>
    Undecided,

    /// <summary>Stopped by the context, or the solver failed.</summary>
    Stopped,
}

/// <summary>
/// Column generation for the Gilmore-Gomory relaxation: the linear program prices the types, the knapsack finds patterns that are worth
/// more than a bin, until the relaxation is settled. Prices are smoothed towards the best known ones (Wentges 1997). Every bound is
/// computed in integers.
/// </summary>
internal sealed class ColumnGeneration : IDisposable
{
    private readonly ItemTypes _items;
    private readonly SearchContext _context;
    private readonly Pricing _pricing;
    private readonly long _scale;
    private readonly List<Pattern> _found = [];

    public ColumnGeneration(ItemTypes items, SearchContext context, IEnumerable<Pattern> patterns, bool exchanges)
    {
        (_items, _context) = (items, context);
        (_pricing, _scale) = (new Pricing(items, context), Pricing.Scale(items.Count));
        Master = new RestrictedMaster(items, context.CreateProgram);
        if (exchanges)
            Master.AddExchanges();
        foreach (var pattern in patterns)
            Master.Add(pattern);
    }

    public RestrictedMaster Master { get; }

    /// <summary>The safe prices with the best bound in the last run.</summary>
    public SafePrices? Best { get; private set; }

    /// <summary>The safe prices of the last round: near a corner where the run went to its end.</summary>
    private SafePrices? Last { get; set; }

    /// <summary>Works on the relaxation for some demands until it is known whether it needs more than <paramref name="bins"/>.</summary>
    /// <param name="demands">How many of each type are to be packed.</param>
    /// <param name="bins">The number of bins in question.</param>
    /// <param name="maxResidual">The largest residual of a pattern; where it binds, the bound is for packings of such patterns
    /// only.</param>
    /// <param name="toTheEnd">Whether to go on until no pattern improves the relaxation, for the best prices.</param>
    /// <param name="jitter">Shakes the demands a little, for another of many best price vectors.</param>
    public RelaxationOutcome Run(long[] demands, long bins, long maxResidual, bool toTheEnd = false, Random? jitter = null)
    {
        var center = Array.ConvertAll(_items.Weights, weight => (double)weight / _items.Capacity);
        Best = null;
        Master.Want(demands, maxResidual, jitter);
        var smoothing = SearchTuning.Smoothing;
        while (true)
        {
            if (_context.Stop || !Master.Solve(() => _context.Stop))
                return RelaxationOutcome.Stopped;
            if (Master.Objective <= bins + SearchTuning.Tolerance && !toTheEnd)
                return RelaxationOutcome.Reached;

            var prices = Price(demands, center, smoothing);
            _pricing.Prepare(prices, demands, maxResidual);
            if (_context.Stop)
                return RelaxationOutcome.Stopped;
            _found.Clear();
            var threshold = smoothing > 0 ? SearchTuning.SmoothedThreshold : 1 + SearchTuning.PricingTolerance;
            var maxWorth = _pricing.Best((long)(_scale * threshold), SearchTuning.PatternsPerRound, _found);
            if (_context.Stop)
                return RelaxationOutcome.Stopped;
            Last = new SafePrices(prices, Math.Max(_scale, (long)maxWorth), SafePrices.TotalOf(prices, demands));
            if (Best is null || Last.Ratio > Best.Ratio)
            {
                Best = Last;
                for (var i = 0; i < center.Length; i++)
                    center[i] = (double)prices[i] / Best.Limit;
            }
            if (Best.Bins > bins)
                return RelaxationOutcome.Above;

            var added = 0;
            foreach (var pattern in _found)
                if (pattern.Worth(Master.Duals) > 1 + SearchTuning.PricingTolerance && Master.Add(pattern))
                    added++;
            if (added == 0)
            {
                if (smoothing == 0)
                {
                    if (jitter is not null || Master.Objective <= bins + SearchTuning.Tolerance)
                        return RelaxationOutcome.Reached;
                    if (_pricing.TrySharpen())
                        continue;
                    return RelaxationOutcome.Undecided;
                }
                smoothing = smoothing > SearchTuning.SmoothingStep ? smoothing - SearchTuning.SmoothingStep : 0;
            }
        }
    }

    /// <summary>
    /// A central price vector: the mean of several best ones. Under it fewer patterns are worth nearly the limit than under a corner.
    /// </summary>
    public SafePrices? Central(long[] demands, long bins, long maxResidual, int vectors)
    {
        var sum = new double[_items.Count];
        var jitter = new Random(_context.Options.Seed);
        for (var vector = 0; vector < vectors; vector++)
        {
            var outcome = Run(demands, bins, maxResidual, toTheEnd: true, vector == 0 ? null : jitter);
            if (outcome is RelaxationOutcome.Above or RelaxationOutcome.Stopped)
                return outcome == RelaxationOutcome.Above ? Best : null;
            for (var i = 0; i < sum.Length; i++)
                sum[i] += (double)Last!.Prices[i] / Last.Limit / vectors;
        }
        var prices = Array.ConvertAll(sum, price => (long)(price * _scale));
        _pricing.Prepare(prices, demands, maxResidual);
        return _context.Stop ? null
            : new SafePrices(prices, Math.Max(1, (long)_pricing.MaxWorth()), SafePrices.TotalOf(prices, demands));
    }

    /// <summary>Every pattern that a packing into <paramref name="bins"/> bins may use, by <see cref="SafePrices.MinWorth"/>.</summary>
    /// <returns><see langword="null"/> where there are more than <paramref name="limit"/>.</returns>
    public List<Pattern>? Enumerate(SafePrices safe, long[] demands, long bins, long maxResidual, int limit)
    {
        _pricing.Prepare(safe.Prices, demands, maxResidual);
        List<Pattern> patterns = [];
        return _pricing.Enumerate((double)safe.MinWorth(bins), limit, patterns) ? patterns : null;
    }

    public void Dispose() => Master.Dispose();

    /// <summary>Prices between the best known and the solver's, rounded down to integers that stay exact in sums.</summary>
    private long[] Price(long[] demands, double[] center, double smoothing)
    {
        var prices = new long[_items.Count];
        for (var i = 0; i < prices.Length; i++)
        {
            if (demands[i] == 0)
                continue;
            var price = (smoothing * center[i]) + ((1 - smoothing) * Master.Duals[i]);
            var maxPrice = SearchTuning.MaxWorth / Math.Min(demands[i], _items.CopiesThatFit(i));
            prices[i] = (long)(Math.Clamp(price, 0, maxPrice) * _scale);
        }
        return prices;
    }
}

namespace PackingKit;

/// <summary>
/// The ladder that <see cref="TightPacking"/> and <see cref="ExactPacking"/> climb: integer bounds, heuristics, column generation, dives,
/// and where a proof is wanted the tree. Stops at the first rung where the packing meets the bound.
/// </summary>
internal sealed class PackingSearch(SizeHistogram histogram, BinLimits limits, SearchContext context)
{
    private readonly ItemTypes _items = ItemTypes.Of(histogram, limits);

    /// <summary>What is proved so far, with prices where there are; from the start of <see cref="Run"/> on.</summary>
    public LowerBound Bound { get; private set; }

    public long Bins { get; private set; } = long.MaxValue;

    public List<(Pattern Pattern, long Bins)> Packing { get; private set; } = [];

    private long LowerBound => Bound.Bins;

    private bool IsClosed => Bins == LowerBound;

    /// <summary>Heuristics, then the relaxation and dives.</summary>
    /// <param name="dives">How many dives to make at most for one number of bins.</param>
    /// <param name="prove">Whether to go on with the tree.</param>
    public void Run(int dives, bool prove)
    {
        using (var timer = context.StartTimer())
        {
            var start = Automatic.Ladder.Climb(histogram, limits, progress: null, timer.Token, context.Cancellation);
            Bound = WithPrices(start.Bound);
            Offer(PartialPacking.FromPlan(_items, start.Plan.Patterns), "heuristics");
        }
        if (IsClosed || context.Stop || _items.Count > SearchTuning.MaxTypes)
            return;
        using var generation = new ColumnGeneration(_items, context, Packing.Select(entry => entry.Pattern), exchanges: !prove);
        while (!IsClosed && !context.Stop)
        {
            var outcome = generation.Run(_items.Demands, LowerBound, _items.Waste(LowerBound));
            if (outcome == RelaxationOutcome.Above)
                RaiseByPrices(generation);
            else if (outcome == RelaxationOutcome.Stopped || !Settle(generation, dives, prove))
                return;
        }
    }

    /// <summary>Looks for a packing that meets the bound, and with the tree for a proof that there is none.</summary>
    /// <returns>Whether the search should go on: the bound has risen, or a packing was found.</returns>
    private bool Settle(ColumnGeneration generation, int dives, bool prove)
    {
        var columnDive = new ColumnDive(_items, _items, generation, context);
        var random = new Random(context.Options.Seed);
        for (var dive = 0; dive < dives && !IsClosed && !context.Stop; dive++)
            Offer(columnDive.Dive(LowerBound, dive == 0 ? null : random), "dives");
        if (!prove || IsClosed || context.Stop)
            return false;
        var reduced = new ReducedProblem(_items);
        var tree = new BranchAndPrice(reduced.Items, context);
        var patterns = generation.Master.Columns.OfType<Pattern>();
        var decided = tree.Decide(LowerBound - reduced.BinCount, patterns);
        if (tree.Found is { } found)
            Offer(reduced.Complete(found), "tree");
        if (decided == false)
            Raise(LowerBound + 1, tree.Nodes == 1 ? BoundRule.Enumeration : BoundRule.BranchAndPrice, null);
        return decided is not null;
    }

    /// <summary>
    /// Raises the bound when the relaxation over patterns within the waste needs more bins than the bound. Where the relaxation over all
    /// patterns does too, its prices are a certificate.
    /// </summary>
    private void RaiseByPrices(ColumnGeneration generation)
    {
        const string rule = BoundRule.ColumnGeneration;
        if (generation.Run(_items.Demands, LowerBound, _items.Capacity) == RelaxationOutcome.Above)
            Raise(generation.Best!.Bins, rule, generation.Best);
        else
            Raise(LowerBound + 1, rule, null);
    }

    private void Offer(List<(Pattern Pattern, long Bins)> packing, string phase)
    {
        var bins = packing.Sum(entry => entry.Bins);
        if (bins >= Bins)
            return;
        (Packing, Bins) = (packing, bins);
        context.Report(phase, Bins, LowerBound);
    }

    private void Raise(long bound, string rule, SafePrices? prices)
    {
        Bound = new LowerBound(
            bound, rule,
            prices is null ? null : new DualPrices([.. _items.Weights], [.. prices.Prices], prices.Limit, prices.Bins));
        context.Report(rule, Bins, LowerBound);
    }

    /// <summary>By size itself a bin holds no more than its capacity: L1 has prices too.</summary>
    private LowerBound WithPrices(LowerBound bound) =>
        Integers.CeilingDivide(histogram.TotalSize, limits.Capacity) == bound.Bins
            ? bound with { Prices = new DualPrices([.. _items.Weights], [.. _items.Weights], limits.Capacity, bound.Bins) } : bound;
}

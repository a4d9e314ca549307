namespace PackingKit;

/// <summary>
/// What <see cref="TightPacking"/> and <see cref="ExactPacking"/> do where heuristics and cheap bounds do not meet: column generation,
/// dives, and where a proof is wanted the tree. Stops at the first rung where the packing meets the bound.
/// </summary>
internal sealed class PackingSearch(PlanningResult start, SearchContext context)
{
    private readonly SizeHistogram _histogram = start.Plan.Histogram;
    private readonly ItemTypes _items = ItemTypes.Of(start.Plan.Histogram, start.Plan.Limits);
    private readonly Dictionary<long, BranchAndPrice> _trees = []; // by number of bins
    private ReducedProblem? _reduced; // what the trees work on

    /// <summary>What is proved so far, with what it can be checked by where there is such.</summary>
    public LowerBound Bound { get; private set; } = start.Bound;

    public long Bins { get; private set; } = start.Plan.BinCount;

    public List<(Pattern Pattern, long Bins)> Packing { get; private set; } =
        PartialPacking.FromPlan(start.Plan.Histogram.Sizes, start.Plan.Patterns);

    /// <summary>Nodes of all trees.</summary>
    public int Nodes => _trees.Values.Sum(tree => tree.Nodes);

    private long LowerBound => Bound.Bins;

    private bool IsClosed => Bins == LowerBound;

    /// <summary>The relaxation and dives, then the tree.</summary>
    /// <param name="dives">How many dives to make at most for one number of bins.</param>
    /// <param name="prove">Whether to go on with the tree.</param>
    public void Run(int dives, bool prove)
    {
        Climb(dives, prove);
        if (Bound.Rule is BoundRule.BranchAndPrice or BoundRule.Enumeration)
            ProveByTree(_trees[LowerBound - 1]);
    }

    private void Climb(int dives, bool prove)
    {
        using var generation = new ColumnGeneration(
            _items, context, Packing.Select(entry => entry.Pattern),
            exchanges: !prove || _items.Count > SearchTuning.TypesWithExchanges);
        while (!IsClosed && !context.Stop)
        {
            if (prove && IsPeeled())
            {
                // Much less is left than the relaxation of the whole is about.
                if (!Prove(Packing.Select(entry => entry.Pattern)))
                    return;
                continue;
            }
            var outcome = generation.Run(_items.Demands, LowerBound, _items.Waste(LowerBound));
            if (outcome == RelaxationOutcome.Stopped)
                return;
            if (outcome == RelaxationOutcome.Above)
            {
                RaiseByPrices(generation);
                continue;
            }
            Dive(generation, outcome == RelaxationOutcome.Undecided ? LowerBound + 1 : LowerBound, dives);
            if (!prove || !Prove(generation.Master.Columns.OfType<Pattern>()))
                return;
        }
    }

    /// <summary>Dives for the number of bins that may do, then, while that succeeds, for one bin less than the best.</summary>
    private void Dive(ColumnGeneration generation, long bins, int dives)
    {
        context.Report("dives", Bins, LowerBound);
        var columnDive = new ColumnDive(_items, _items, generation, context);
        var random = new Random(context.Options.Seed);
        DiveFor(bins);
        while (Bins - 1 > bins && DiveFor(Bins - 1))
        {
        }

        bool DiveFor(long sought)
        {
            for (var dive = 0; dive < dives && Bins > sought && !context.Stop; dive++)
                Offer(columnDive.Dive(sought, dive == 0 ? null : random), "dives");
            return Bins <= sought;
        }
    }

    /// <summary>
    /// Whether the tree for as many bins as the bound has less to search for; else it is made when more patterns are known.
    /// </summary>
    private bool IsPeeled()
    {
        if (_trees.TryGetValue(LowerBound, out var known))
            return known.IsPeeled;
        var tree = NewTree(LowerBound, Packing.Select(entry => entry.Pattern));
        if (tree.IsPeeled)
            _trees[LowerBound] = tree;
        return tree.IsPeeled;
    }

    private BranchAndPrice NewTree(long bins, IEnumerable<Pattern> patterns)
    {
        var reduced = _reduced ??= new ReducedProblem(_items, () => context.Stop);
        return new BranchAndPrice(reduced.Items, bins - reduced.BinCount, patterns, context);
    }

    /// <summary>
    /// The trees for as many bins as the bound and for one less than the best take turns, until the bound rises or the packing meets it.
    /// </summary>
    /// <returns>Whether the search should go on; not where the trees came to their ends without an answer.</returns>
    private bool Prove(IEnumerable<Pattern> patterns)
    {
        for (var nodes = SearchTuning.NodesPerTurn; !IsClosed && !context.Stop; nodes *= 2)
        {
            var isDone = true;
            foreach (var bins in (HashSet<long>)[LowerBound, Bins - 1])
            {
                if (!_trees.TryGetValue(bins, out var tree))
                    _trees[bins] = tree = NewTree(bins, patterns);
                var decided = tree.Decide(nodes);
                context.Report($"tree, {Nodes} nodes", Bins, LowerBound);
                if (tree.Found is { } found)
                    Offer(_reduced!.Complete(found), "tree");
                if (decided == false)
                    Raise(new LowerBound(bins + 1, tree.IsOnTrust ? BoundRule.Enumeration : BoundRule.BranchAndPrice));
                if (decided is not null)
                    return true;
                isDone &= tree.IsDone;
            }
            if (isDone)
                return false;
        }
        return true;
    }

    /// <summary>Puts the proof beside a bound that a tree has raised; what rests on CP-SAT until now is proved anew.</summary>
    private void ProveByTree(BranchAndPrice tree)
    {
        if (tree.IsOnTrust)
            context.Report("proof", Bins, LowerBound);
        if (tree.Prove(tree.Nodes + SearchTuning.NodesToProve(_items.Count)) is { } nodes)
            Bound = new LowerBound(
                LowerBound, BoundRule.BranchAndPrice, null, _reduced!.Refutation(_histogram, LowerBound - 1, nodes));
    }

    /// <summary>
    /// Raises the bound when the relaxation over patterns within the waste needs more bins than the bound. Where the relaxation over all
    /// patterns does too, its prices are the proof, else a tree of one leaf is.
    /// </summary>
    private void RaiseByPrices(ColumnGeneration generation)
    {
        const string rule = BoundRule.ColumnGeneration;
        var withinWaste = generation.Best!;
        if (generation.Run(_items.Demands, LowerBound, _items.Capacity) == RelaxationOutcome.Above)
        {
            var (prices, limit, _) = generation.Best!;
            var bins = generation.Best!.Bins;
            Raise(new LowerBound(bins, rule, new DualPrices([.. _histogram.Sizes], [.. prices], limit, bins)));
            return;
        }
        var (proof, whole) = (new ProofTree(), new ReducedProblem(_items, stop: () => true));
        proof.Close(proof.Root!, _items, withinWaste, LowerBound);
        Raise(new LowerBound(
            LowerBound + 1, rule, null, proof.ToNodes() is { } leaf ? whole.Refutation(_histogram, LowerBound, leaf) : null));
    }

    private void Offer(List<(Pattern Pattern, long Bins)> packing, string phase)
    {
        var bins = packing.Sum(entry => entry.Bins);
        if (bins >= Bins)
            return;
        (Packing, Bins) = (packing, bins);
        context.Report(phase, Bins, LowerBound);
    }

    private void Raise(LowerBound bound)
    {
        Bound = bound;
        context.Report(bound.Rule, Bins, LowerBound);
    }
}

namespace PackingKit;

/// <summary>
/// Decides whether a packing into a number of bins exists: Ryan-Foster branching on types, with column generation and dives in the nodes.
/// Where few enough patterns are left, they are all listed and CP-SAT decides the node.
/// </summary>
/// <remarks>Every "no" rests on integers: a bound by safe prices, or CP-SAT over a complete list of patterns.</remarks>
internal sealed class BranchAndPrice
{
    private readonly ItemTypes _root;
    private readonly long _bins, _waste;
    private readonly List<Pattern> _known;
    private readonly SearchContext _context;
    private readonly Stack<(ItemTypes Items, List<Pattern> Patterns, int Depth)> _open = [];
    private PairDive? _dive;
    private bool _isIncomplete; // a node was left that could be neither settled nor branched on

    /// <summary>A tree for a packing into a number of bins.</summary>
    /// <param name="root">What is to be packed.</param>
    /// <param name="bins">The number of bins.</param>
    /// <param name="patterns">Patterns to begin with.</param>
    /// <param name="context">Seed, linear solver, and when to stop.</param>
    public BranchAndPrice(ItemTypes root, long bins, IEnumerable<Pattern> patterns, SearchContext context)
    {
        (_root, _bins, _known, _context) = (root, bins, [.. patterns], context);
        _waste = root.Waste(bins);
        if (_waste >= 0)
            _open.Push((root, _known, 0));
    }

    public int Nodes { get; private set; }

    /// <summary>The best packing met on the way, of root types.</summary>
    public List<(Pattern Pattern, long Bins)>? Found { get; private set; }

    /// <summary>Whether nothing is left to work on.</summary>
    public bool IsDone => _open.Count == 0;

    /// <summary>Goes on for a number of nodes.</summary>
    /// <returns>
    /// Whether a packing exists; <see langword="null"/> where that is not known yet, or, once the tree is done, not to be known.
    /// </returns>
    public bool? Decide(int nodes)
    {
        for (var end = Nodes + nodes; Nodes < end && !_context.Stop && _open.TryPop(out var node);)
        {
            Nodes++;
            if (Work(node.Items, node.Patterns, node.Depth))
                return true;
            // Where nothing may be wasted, dives may find what the tree takes long to find: they run each time the nodes have doubled.
            var hasDoubled = Nodes >= SearchTuning.NodesBeforePairDives && BitOperations.IsPow2(Nodes);
            if (_open.Count == 0 || _waste > 0 || !hasDoubled)
                continue;
            _dive ??= new PairDive(_root, _known, _bins, _context);
            _dive.Run(Nodes);
            if (_dive.Found is { } packing && Try(packing))
                return true;
        }
        return IsDone && !_isIncomplete && !_context.Stop ? false : null;
    }

    /// <summary>Settles a node or branches on it.</summary>
    /// <returns>Whether a packing was found. Where it is time to stop, the node is lost.</returns>
    private bool Work(ItemTypes items, List<Pattern> patterns, int depth)
    {
        using var generation = new ColumnGeneration(items, _context, patterns, exchanges: false);
        var outcome = generation.Run(items.Demands, _bins, _waste);
        if (outcome == RelaxationOutcome.Above)
            return false;
        if (outcome == RelaxationOutcome.Stopped)
            return Leave();
        var dives = (Nodes - 1) % SearchTuning.NodesPerDive == 0 && outcome == RelaxationOutcome.Reached;
        if (dives && Try(new ColumnDive(_root, items, generation, _context).Dive(_bins, null)))
            return true;

        var isRoot = depth == 0;
        var vectors = isRoot ? SearchTuning.PriceVectorsAtRoot : SearchTuning.PriceVectors;
        if (generation.Central(items.Demands, _bins, _waste, vectors) is not { } central)
            return Leave();
        if (central.Bins > _bins)
            return false;
        var shortList = (int)(SearchTuning.PatternsPerType * items.Count);
        var limit = isRoot ? SearchTuning.PatternsPerTypeAtRoot * items.Count : shortList;
        if (generation.Enumerate(central, items.Demands, _bins, _waste, limit) is { } all)
        {
            var effort = all.Count <= shortList ? SearchTuning.Effort : SearchTuning.EffortForLongLists;
            switch (SetPartitioningModel.Solve(all, items.Demands, _bins, _context, effort, out var packing))
            {
                case true: return Try([.. PartialPacking.Expand(items, packing)]);
                case false: return false;
            }
        }
        return Branch(items, generation, central, depth);
    }

    /// <summary>Leaves a node open for good.</summary>
    private bool Leave()
    {
        _isIncomplete = true;
        return false;
    }

    /// <summary>Keeps a packing if it is the best so far.</summary>
    /// <returns>Whether it needs no more bins than are asked for.</returns>
    private bool Try(List<(Pattern Pattern, long Bins)> packing)
    {
        if (Found is null || packing.Sum(entry => entry.Bins) < Found.Sum(entry => entry.Bins))
            Found = packing;
        return packing.Sum(entry => entry.Bins) <= _bins;
    }

    /// <summary>Opens both branches of a pair; where no pair is in doubt, a dive finds the relaxation's packing.</summary>
    private bool Branch(ItemTypes items, ColumnGeneration generation, SafePrices central, int depth)
    {
        if (generation.Run(items.Demands, _bins, _waste) == RelaxationOutcome.Stopped)
            return Leave();
        if (Pair(items, generation.Master) is not { } pair)
            return Try(new ColumnDive(_root, items, generation, _context).Dive(_bins, null)) || Leave();

        // Columns that no such packing can use stay behind.
        var minWorth = central.MinWorth(_bins);
        List<Pattern> apart = [], together = [];
        var merged = new MergedItems(items, [pair]);
        foreach (var pattern in generation.Master.Columns)
        {
            if (pattern is null || pattern.Worth(central.Prices) < minWorth)
                continue;
            if (!MergedItems.Holds(pattern, pair.A, pair.B))
                apart.Add(pattern);
            if (merged.Translate(pattern) is { } translated)
                together.Add(translated);
        }
        _open.Push((items.Apart(pair.A, pair.B), apart, depth + 1));
        _open.Push((merged.Items, together, depth + 1));
        return false;
    }

    /// <summary>The pair of types whose sharing of bins is most in doubt, heavy pairs first.</summary>
    private static (int A, int B)? Pair(ItemTypes items, RestrictedMaster master)
    {
        var (score, pair) = RyanFosterPairs.Of(items, master)
            .Select(share => (Score: Doubt(share.Value) * RyanFosterPairs.Weight(items, share.Key), Pair: share.Key))
            .DefaultIfEmpty().MaxBy(candidate => candidate.Score);
        return score > SearchTuning.MinBranchingScore ? pair : null;

        static double Doubt(double share) => Math.Min(share - Math.Floor(share), Math.Ceiling(share) - share);
    }
}

namespace PackingKit;

/// <summary>
/// Decides whether a packing into a number of bins exists: what is forced is peeled off, then Ryan-Foster branching on types, with column
/// generation and dives in the nodes. Where few enough patterns are left, they are all listed, and a cover or CP-SAT decides the node.
/// </summary>
/// <remarks>
/// Every "no" rests on integers: a bound by safe prices, or a complete list of patterns of which all that CP-SAT or a cover tried failed.
/// The former is written down as a proof; in place of the latter the tree can go on to a proof afterwards.
/// </remarks>
internal sealed class BranchAndPrice
{
    private readonly ItemTypes _root;
    private readonly long _bins, _waste;
    private readonly SearchContext _context;
    private readonly ProofTree _proof = new();
    private readonly Stack<OpenNode> _open = [];
    private readonly Stack<OpenNode> _onTrust = []; // closed over a complete list
    private bool _isProving;
    private readonly OpenNode? _start; // what is left of the root to search
    private PairDive? _dive;
    private ExactCover? _cover; // where the root has few patterns
    private bool _isIncomplete; // a node was left that could be neither settled nor branched on

    /// <summary>A tree for a packing into a number of bins.</summary>
    /// <param name="root">What is to be packed.</param>
    /// <param name="bins">The number of bins.</param>
    /// <param name="patterns">Patterns to begin with.</param>
    /// <param name="context">Seed, linear solver, and when to stop.</param>
    public BranchAndPrice(ItemTypes root, long bins, IEnumerable<Pattern> patterns, SearchContext context)
    {
        (_root, _bins, _context) = (root, bins, context);
        _waste = root.Waste(bins);
        if (_waste >= 0)
        {
            var peeling = new Peeling(root, [.. patterns], _waste, _proof.Root!, () => context.Stop);
            _start = new OpenNode(peeling.Items, peeling.Patterns, 0, peeling.Node);
            if (peeling.Stuck is { } type)
                CloseByOne(_start, type);
            else
                _open.Push(_start);
        }
    }

    public int Nodes { get; private set; }

    /// <summary>The best packing met on the way, of root types.</summary>
    public List<(Pattern Pattern, long Bins)>? Found { get; private set; }

    /// <summary>Whether some items need not be searched for.</summary>
    public bool IsPeeled => _start is { } start && start.Items != _root;

    /// <summary>Whether nothing is left to work on.</summary>
    public bool IsDone => _open.Count == 0;

    /// <summary>Whether a "no" rests on what was tried over a complete list of patterns.</summary>
    public bool IsOnTrust { get; private set; }

    /// <summary>Goes on for a number of nodes.</summary>
    /// <returns>
    /// Whether a packing exists; <see langword="null"/> where that is not known yet, or, once the tree is done, not to be known.
    /// </returns>
    public bool? Decide(int nodes)
    {
        for (var end = Nodes + nodes; Nodes < end && !_context.Stop && _open.TryPop(out var node);)
        {
            Nodes++;
            if (Work(node))
                return true;
            // Where nothing may be wasted, dives may find what the tree takes long to find: they run each time the nodes have doubled.
            var hasDoubled = Nodes >= SearchTuning.NodesBeforePairDives && BitOperations.IsPow2(Nodes);
            if (_open.Count == 0 || _waste > 0 || !hasDoubled)
                continue;
            if (_cover?.Run(Nodes) == true && Try(Covered()))
                return true;
            _dive ??= new PairDive(_root, _start!.Items, _start.Patterns, _bins, _context);
            _dive.Run(Nodes);
            if (_dive.Found is { } packing && Try(packing))
                return true;
        }
        return IsDone && !_isIncomplete && !_context.Stop ? false : null;
    }

    /// <summary>
    /// The nodes of the proof that there is no packing, once that is decided. What CP-SAT has closed is branched on until prices close it.
    /// </summary>
    /// <param name="nodes">How many nodes that may take.</param>
    /// <returns><see langword="null"/> where they were not enough, where it is time to stop, or where the proof is too large.</returns>
    public ValueList<RefutationNode>? Prove(int nodes)
    {
        if (_waste < 0)
            return [];
        if (_onTrust.Count == SearchTuning.MaxNodesOnTrust)
            return null; // there may have been more
        _isProving = true;
        while (_onTrust.TryPop(out var node))
            _open.Push(node);
        while (nodes-- > 0 && _proof.Root is not null && !_isIncomplete && !_context.Stop && _open.TryPop(out var node))
            Work(node);
        return _proof.ToNodes();
    }

    /// <summary>Settles a node or branches on it.</summary>
    /// <returns>Whether a packing was found. Where it is time to stop, the node is lost.</returns>
    private bool Work(OpenNode node)
    {
        var (items, isRoot) = (node.Items, node.Depth == 0);
        using var generation = new ColumnGeneration(items, _context, node.Patterns, exchanges: false);
        if (node.Central is { } known)
            return Branch(node, generation, known);
        var outcome = generation.Run(items.Demands, _bins, _waste);
        if (outcome == RelaxationOutcome.Above)
            return Close(node, generation.Best!);
        if (outcome == RelaxationOutcome.Stopped)
            return Leave();
        var dives = !_isProving && (Nodes - 1) % SearchTuning.NodesPerDive == 0 && outcome == RelaxationOutcome.Reached;
        if (dives && Try(new ColumnDive(_root, items, generation, _context).Dive(_bins, null)))
            return true;

        var vectors = isRoot ? SearchTuning.PriceVectorsAtRoot : SearchTuning.PriceVectors;
        if (generation.Central(items.Demands, _bins, _waste, vectors) is not { } central)
            return Leave();
        if (central.Bins > _bins)
            return Close(node, central);
        if (isRoot && _waste == 0 && Cover(node, generation, central) is { } isThere)
            return isThere;
        var shortList = (int)(SearchTuning.PatternsPerType * items.Count);
        var limit = isRoot ? SearchTuning.PatternsPerTypeAtRoot * items.Count : shortList;
        if (!_isProving && generation.Enumerate(central, items.Demands, _bins, _waste, limit) is { } all)
        {
            var effort = all.Count <= shortList ? SearchTuning.Effort : SearchTuning.EffortForLongLists;
            switch (SetPartitioningModel.Solve(all, items.Demands, _bins, _context, effort, out var packing))
            {
                case true: return Try([.. PartialPacking.Expand(items, packing)]);
                case false: return Trust(node with { Patterns = all, Central = central });
            }
        }
        return Branch(node, generation, central);
    }

    /// <summary>Covers the root by trying, where bins have to be full and it has few enough patterns.</summary>
    /// <returns>Whether there is a packing; <see langword="null"/> where that did not come out.</returns>
    private bool? Cover(OpenNode node, ColumnGeneration generation, SafePrices central)
    {
        var limit = SearchTuning.PatternsPerTypeToCover * node.Items.Count;
        if (generation.Enumerate(central, node.Items.Demands, _bins, _waste, limit) is not { } all)
            return null;
        _cover = new ExactCover(all, node.Items.Demands, _bins, _context);
        return _cover.Run(SearchTuning.CoversAtRoot) switch
        {
            true => Try(Covered()),
            false => Trust(node with { Patterns = all, Central = central }),
            null => null,
        };
    }

    /// <summary>What the cover found, in types of the root.</summary>
    private List<(Pattern Pattern, long Bins)> Covered() => [.. PartialPacking.Expand(_start!.Items, _cover!.Found!)];

    private bool Close(OpenNode node, SafePrices prices)
    {
        _proof.Close(node.Proof, node.Items, prices, _bins);
        return false;
    }

    /// <summary>Closes a node where no bin that may be holds a type: the others have no price.</summary>
    private void CloseByOne(OpenNode node, int type)
    {
        var prices = new long[node.Items.Count];
        prices[type] = 1;
        Close(node, new SafePrices(prices, 1, node.Items.Demands[type]));
    }

    /// <summary>Closes a node on the word of CP-SAT or a cover, and keeps it for a proof.</summary>
    private bool Trust(OpenNode node)
    {
        IsOnTrust = true;
        if (_onTrust.Count < SearchTuning.MaxNodesOnTrust)
            _onTrust.Push(node);
        return false;
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
    private bool Branch(OpenNode node, ColumnGeneration generation, SafePrices central)
    {
        var items = node.Items;
        var outcome = generation.Run(items.Demands, _bins, _waste);
        if (outcome == RelaxationOutcome.Stopped)
            return Leave();
        if (outcome == RelaxationOutcome.Above)
            return Close(node, generation.Best!);
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
        node.Proof.Branch(items, pair.A, pair.B);
        _open.Push(new OpenNode(items.Apart(pair.A, pair.B), apart, node.Depth + 1, node.Proof.Apart!));
        _open.Push(new OpenNode(merged.Items, together, node.Depth + 1, node.Proof.Together!));
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

    /// <summary>A node to work on.</summary>
    /// <param name="Items">What is to be packed there.</param>
    /// <param name="Patterns">Patterns to begin with.</param>
    /// <param name="Depth">Branches on the way from the root.</param>
    /// <param name="Proof">Its place in the proof.</param>
    /// <param name="Central">Its central prices, where it has been worked on already.</param>
    private sealed record OpenNode(
        ItemTypes Items, List<Pattern> Patterns, int Depth, ProofTree.Node Proof, SafePrices? Central = null);
}

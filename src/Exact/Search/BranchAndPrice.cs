namespace PackingKit;

/// <summary>
/// Decides whether a packing into a number of bins exists: Ryan-Foster branching on types, with column generation and dives in the nodes.
/// Where few enough patterns are left, they are all listed and CP-SAT decides the node.
/// </summary>
/// <remarks>Every "no" rests on integers: a bound by safe prices, or CP-SAT over a complete list of patterns.</remarks>
internal sealed class BranchAndPrice(ItemTypes root, SearchContext context)
{
    private readonly Stack<(ItemTypes Items, List<Pattern> Patterns, int Depth)> _open = [];

    public int Nodes { get; private set; }

    /// <summary>The best packing met on the way, of root types.</summary>
    public List<(Pattern Pattern, long Bins)>? Found { get; private set; }

    /// <summary>Whether a packing into <paramref name="bins"/> bins exists; <see langword="null"/> where the search was stopped.</summary>
    public bool? Decide(long bins, IEnumerable<Pattern> patterns)
    {
        List<Pattern> known = [.. patterns];
        PairDive? dive = null;
        _open.Clear();
        _open.Push((root, known, 0));
        while (_open.TryPop(out var node))
        {
            if (context.Stop)
                return null;
            Nodes++;
            var decided = Work(node.Items, node.Patterns, node.Depth, bins);
            if (decided is true or null)
                return decided;
            // Where nothing may be wasted, dives may find what the tree takes long to find: they run each time the nodes have doubled.
            var hasDoubled = Nodes >= SearchTuning.NodesBeforePairDives && BitOperations.IsPow2(Nodes);
            if (_open.Count == 0 || root.Waste(bins) > 0 || !hasDoubled)
                continue;
            dive ??= new PairDive(root, known, bins, context);
            dive.Run(Nodes);
            if (dive.Found is { } packing && Try(packing, bins))
                return true;
        }
        return false;
    }

    /// <summary>Settles a node or branches on it.</summary>
    /// <returns>True where a packing was found, false where the node is done with, null where the search must end.</returns>
    private bool? Work(ItemTypes items, List<Pattern> patterns, int depth, long bins)
    {
        using var generation = new ColumnGeneration(items, context, patterns, exchanges: false);
        var waste = root.Waste(bins);
        if (waste < 0)
            return false;
        var outcome = generation.Run(items.Demands, bins, waste);
        if (outcome == RelaxationOutcome.Above)
            return false;
        if (outcome == RelaxationOutcome.Stopped)
            return null;
        if ((Nodes - 1) % SearchTuning.NodesPerDive == 0 && Try(new ColumnDive(root, items, generation, context).Dive(bins, null), bins))
            return true;

        var isRoot = depth == 0;
        var vectors = isRoot ? SearchTuning.PriceVectorsAtRoot : SearchTuning.PriceVectors;
        if (generation.Central(items.Demands, bins, waste, vectors) is not { } central)
            return null;
        if (central.Bins > bins)
            return false;
        var shortList = (int)(SearchTuning.PatternsPerType * items.Count);
        var limit = isRoot ? SearchTuning.PatternsPerTypeAtRoot * items.Count : shortList;
        if (generation.Enumerate(central, items.Demands, bins, waste, limit) is { } all)
        {
            var effort = all.Count <= shortList ? SearchTuning.Effort : SearchTuning.EffortForLongLists;
            switch (SetPartitioningModel.Solve(all, items.Demands, bins, context, effort, out var packing))
            {
                case true: return Try([.. PartialPacking.Expand(items, packing)], bins);
                case false: return false;
            }
        }
        return Branch(items, generation, central, depth, bins);
    }

    /// <summary>Keeps a packing if it is the best so far.</summary>
    /// <returns>Whether it needs no more than <paramref name="bins"/>.</returns>
    private bool Try(List<(Pattern Pattern, long Bins)> packing, long bins)
    {
        if (Found is null || packing.Sum(entry => entry.Bins) < Found.Sum(entry => entry.Bins))
            Found = packing;
        return packing.Sum(entry => entry.Bins) <= bins;
    }

    /// <summary>Opens both branches of a pair; where no pair is in doubt, a dive finds the relaxation's packing.</summary>
    private bool? Branch(ItemTypes items, ColumnGeneration generation, SafePrices central, int depth, long bins)
    {
        var waste = root.Waste(bins);
        if (generation.Run(items.Demands, bins, waste) == RelaxationOutcome.Stopped)
            return null;
        if (Pair(items, generation.Master) is not { } pair)
            return Try(new ColumnDive(root, items, generation, context).Dive(bins, null), bins) ? true : null;

        // Columns that no such packing can use stay behind.
        var minWorth = central.MinWorth(bins);
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

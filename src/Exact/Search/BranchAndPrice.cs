using System.Numerics;

namespace PackingKit;

/// <summary>
/// Decides whether a packing into a number of bins exists: Ryan-Foster branching on types, column generation and dives in the nodes, and
/// wherever few enough
/// patterns are left all of them are listed and CP-SAT decides the node.
/// </summary>
/// <remarks>Every "no" rests on integers: a bound by safe prices, or CP-SAT over a complete list of patterns.</remarks>
internal sealed class BranchAndPrice(ItemTypes root, SearchContext context)
{
    private const double PatternsPerType = 1.8;
    private const int NodesBeforeDives = 4;
    private readonly Random _random = new(context.Options.Seed);
    private readonly Stack<(ItemTypes Items, List<Pattern> Patterns, int Depth)> _open = [];
    private int _nodes;

    /// <summary>Number of nodes that were worked on.</summary>
    public int Nodes => _nodes;

    /// <summary>The best packing met on the way, of root types.</summary>
    public List<(Pattern Pattern, long Bins)>? Found { get; private set; }

    /// <summary>Whether a packing into so many bins exists; <see langword="null"/> where the search was stopped.</summary>
    public bool? Decide(long bins, IEnumerable<Pattern> patterns)
    {
        List<Pattern> known = [.. patterns];
        PairDive? diving = null;
        _open.Clear();
        _open.Push((root, known, 0));
        while (_open.TryPop(out var node))
        {
            if (context.Stop)
                return null;
            _nodes++;
            switch (Work(node.Items, node.Patterns, node.Depth, bins))
            {
                case true: return true;
                case null: return null;
            }
            // Where nothing may be wasted, dives may find what the tree is slow to: they get their turn whenever the nodes have doubled.
            if (_open.Count == 0 || root.Waste(bins) > 0 || _nodes < NodesBeforeDives || !BitOperations.IsPow2(_nodes))
                continue;
            diving ??= new PairDive(root, known, bins, context);
            diving.Run(_nodes);
            if (diving.Found is { } packing && Try(packing, bins))
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
        if (_nodes % 5 == 1 && Try(new ColumnDive(root, items, generation, context).Dive(bins, null), bins))
            return true;

        if (generation.Central(items.Demands, bins, waste, depth == 0 ? 9 : 2) is not { } central)
            return null;
        if (central.Bins > bins)
            return false;
        var few = (int)(PatternsPerType * items.Count);
        if (generation.Enumerate(central, items.Demands, bins, waste, depth == 0 ? 3 * items.Count : few) is { } all)
        {
            switch (SetPartitioningModel.Solve(all, items.Demands, bins, context, all.Count <= few ? 1 : 0.3, out var packing))
            {
                case true: return Try([.. PartialPacking.Expand(items, packing)], bins);
                case false: return false;
            }
        }
        return Branch(items, generation, central, depth, bins);
    }

    private bool Try(List<(Pattern Pattern, long Bins)> packing, long bins)
    {
        if (Found is null || packing.Sum(entry => entry.Bins) < Found.Sum(entry => entry.Bins))
            Found = packing;
        return packing.Sum(entry => entry.Bins) <= bins;
    }

    private bool? Branch(ItemTypes items, ColumnGeneration generation, SafePrices central, int depth, long bins)
    {
        var waste = root.Waste(bins);
        if (generation.Run(items.Demands, bins, waste) == RelaxationOutcome.Stopped)
            return null;
        if (Pair(items, generation.Master) is not { } pair)
            return Try(new ColumnDive(root, items, generation, context).Dive(bins, null), bins) ? true : null;

        // Columns that no packing into so many bins can use stay behind.
        var threshold = central.Total - ((Int128)(bins - 1) * central.Limit);
        List<Pattern> apart = [], together = [];
        var gluing = new MergedItems(items, [pair]);
        foreach (var pattern in generation.Master.Columns)
        {
            if (pattern is null || pattern.Worth(central.Prices) < threshold)
                continue;
            if (!MergedItems.Holds(pattern, pair.A, pair.B))
                apart.Add(pattern);
            if (gluing.Translate(pattern) is { } translated)
                together.Add(translated);
        }
        _open.Push((items.Apart(pair.A, pair.B), apart, depth + 1));
        _open.Push((gluing.Items, together, depth + 1));
        return false;
    }

    /// <summary>The pair of types whose sharing of bins is most in doubt, heavy pairs first.</summary>
    private static (int A, int B)? Pair(ItemTypes items, RestrictedMaster master)
    {
        (int, int)? best = null;
        var most = 1e-4;
        foreach (var (pair, value) in RyanFosterPairs.Of(items, master))
        {
            var doubt = Math.Min(value - Math.Floor(value), Math.Ceiling(value) - value);
            var score = doubt * RyanFosterPairs.Weight(items, pair);
            if (score > most)
                (best, most) = (pair, score);
        }
        return best;
    }
}

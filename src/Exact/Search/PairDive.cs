namespace PackingKit;

/// <summary>
/// Diving on pairs: glues items that the relaxation puts together, many pairs at a time, prices again, and so on until the relaxation is
/// whole. Where fixing whole bins spends the light items early, gluing leaves them free; and with the rarest items first a wrong choice
/// shows before much hangs on it. From a dead end it begins anew.
/// </summary>
/// <remarks>
/// The relaxation of an instance without waste has very many best solutions, and a corner of them says little about which pairs belong
/// together. So the pairs are judged by a point within, as an interior-point method finds it.
/// </remarks>
internal sealed class PairDive
{
    private const double Tolerance = 1e-6;

    /// <summary>A step glues one in so many of the pairs that are still to be glued.</summary>
    private const int Steps = 10;

    /// <summary>Pairs that share less of the relaxation's bins are glued only where no others are left.</summary>
    private const double LeastShare = 0.3;

    /// <summary>How many patterns go down with each type: those in use first.</summary>
    private const int PatternsPerType = 3;

    private readonly ItemTypes _root;
    private readonly SearchContext _context;
    private readonly long _bins;
    private readonly Random _random;
    private readonly Step? _first;

    /// <summary>Dives for a packing into so many bins.</summary>
    /// <param name="root">What is to be packed.</param>
    /// <param name="patterns">Patterns to begin with.</param>
    /// <param name="bins">The number of bins.</param>
    /// <param name="context">Seed, linear solver, and when to stop.</param>
    public PairDive(ItemTypes root, IEnumerable<Pattern> patterns, long bins, SearchContext context)
    {
        (_root, _bins, _context, _random) = (root, bins, context, new Random(context.Options.Seed));
        _first = Descend(root, patterns);
    }

    /// <summary>The packing, once there is one.</summary>
    public List<(Pattern Pattern, long Bins)>? Found { get; private set; }

    /// <summary>Makes up to so many dives.</summary>
    public void Run(int dives)
    {
        for (var dive = 0; dive < dives && Found is null && !_context.Stop; dive++)
            for (var step = _first; step is not null && !_context.Stop;)
            {
                var gluing = new MergedItems(step.Items, Choose(step));
                step = Descend(gluing.Items, step.Patterns.Select(gluing.Translate).OfType<Pattern>());
            }
    }

    /// <summary>
    /// Which pairs the relaxation puts together, and which patterns to go on with; nothing where it needs more bins or is whole.
    /// </summary>
    private Step? Descend(ItemTypes items, IEnumerable<Pattern> patterns)
    {
        using var generation = new ColumnGeneration(items, _context, patterns, exchanges: false);
        var master = generation.Master;
        if (generation.Run(items.Demands, _bins, _root.Waste(_bins)) != RelaxationOutcome.Reached || master.Objective > _bins + Tolerance)
            return null;
        if (IsWhole(master))
        {
            var packing = new ColumnDive(_root, items, generation, _context).Dive(_bins, null);
            if (packing.Sum(entry => entry.Bins) <= _bins)
                Found = packing;
            return null;
        }

        master.Center(() => _context.Stop);

        // The rarer an item is among the patterns known, the fewer ways there are to place it.
        var uses = new int[items.Count];
        List<(double Rank, Pattern Pattern)> allowed = [];
        for (var column = 0; column < master.Columns.Count; column++)
        {
            if (master.Columns[column] is not { } pattern || !master.IsAllowed(column))
                continue;
            foreach (var type in pattern.Types)
                uses[type]++;
            allowed.Add((master.Values[column] > 0 ? double.PositiveInfinity : pattern.Worth(master.Duals), pattern));
        }
        var kept = allowed.OrderByDescending(entry => entry.Rank).Take(PatternsPerType * items.Count)
            .Select(entry => entry.Pattern).ToList();
        var shares = RyanFosterPairs.Of(items, master);
        var judged = shares.Select(share => (share.Key, share.Value, Score(items, uses, share.Key, share.Value)));
        return shares.Count == 0 ? null : new Step(items, kept, [.. judged]);
    }

    private static bool IsWhole(RestrictedMaster master)
    {
        foreach (var value in master.Values)
            if (Math.Abs(value - Math.Round(value)) > Tolerance)
                return false;
        return true;
    }

    private static double Score(ItemTypes items, int[] uses, (int A, int B) pair, double share)
    {
        var rarity = 1.0 / Math.Max(1, Math.Min(uses[pair.A], uses[pair.B]));
        return share * RyanFosterPairs.Weight(items, pair) * rarity * Math.Sqrt(rarity);
    }

    /// <summary>The pairs to glue next, best first but for some chance, no type in two of them.</summary>
    private List<(int A, int B)> Choose(Step step)
    {
        var many = Math.Max(1, (step.Items.Demands.Sum() - _bins) / Steps);
        var certain = step.Pairs.Where(pair => pair.Share >= LeastShare && pair.Pair.A != pair.Pair.B).ToList();
        var ranked = (certain.Count > 0 ? certain : step.Pairs)
            .Select(pair => (pair.Pair, Score: pair.Score * (0.8 + (0.4 * _random.NextDouble())))).OrderByDescending(pair => pair.Score);
        var used = new HashSet<int>();
        List<(int, int)> chosen = [];
        foreach (var (pair, _) in ranked)
        {
            // A type that loses its best partner waits for the next step.
            var free = !used.Contains(pair.A) && !used.Contains(pair.B);
            used.Add(pair.A);
            used.Add(pair.B);
            if (free)
                chosen.Add(pair);
            if (chosen.Count == many)
                break;
        }
        return chosen;
    }

    private sealed record Step(ItemTypes Items, List<Pattern> Patterns, List<((int A, int B) Pair, double Share, double Score)> Pairs);
}

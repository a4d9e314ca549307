namespace PackingKit;

/// <summary>
/// Diving on pairs: merges items that share bins in the relaxation, many pairs at a time, prices again, and so on until the relaxation is
/// integral. Fixing whole bins spends the light items early; merging leaves them free, and with the rarest items first a wrong choice shows
/// before much depends on it. From a dead end it begins anew.
/// </summary>
/// <remarks>
/// The relaxation of an instance without waste has very many best solutions, and a corner of them says little about which pairs belong
/// together. So the pairs are judged by an interior point, as an interior-point method finds it.
/// </remarks>
internal sealed class PairDive
{
    private readonly ItemTypes _root;
    private readonly SearchContext _context;
    private readonly long _bins;
    private readonly Random _random;
    private readonly Step? _first;

    /// <summary>Prepares dives for a packing into <paramref name="bins"/> bins.</summary>
    /// <param name="root">The types that packings are of.</param>
    /// <param name="items">What is to be packed: these types, some of them merged.</param>
    /// <param name="patterns">Patterns to begin with.</param>
    /// <param name="bins">The number of bins.</param>
    /// <param name="context">Seed, linear solver, and when to stop.</param>
    public PairDive(ItemTypes root, ItemTypes items, IEnumerable<Pattern> patterns, long bins, SearchContext context)
    {
        (_root, _bins, _context, _random) = (root, bins, context, new Random(context.Options.Seed));
        _first = Descend(items, patterns);
    }

    /// <summary>The packing, once there is one.</summary>
    public List<(Pattern Pattern, long Bins)>? Found { get; private set; }

    public void Run(int dives)
    {
        for (var dive = 0; dive < dives && Found is null && !_context.Stop; dive++)
        {
            var step = _first;
            while (step is not null && !_context.Stop)
            {
                var merged = new MergedItems(step.Items, Choose(step));
                step = Descend(merged.Items, step.Patterns.Select(merged.Translate).OfType<Pattern>());
            }
        }
    }

    /// <summary>Solves the relaxation: where it is integral, its packing is the one sought.</summary>
    /// <returns>What to merge next; <see langword="null"/> where the relaxation needs more bins or is integral.</returns>
    private Step? Descend(ItemTypes items, IEnumerable<Pattern> patterns)
    {
        using var generation = new ColumnGeneration(items, _context, patterns, exchanges: false);
        var master = generation.Master;
        if (generation.Run(items.Demands, _bins, _root.Waste(_bins)) != RelaxationOutcome.Reached
            || master.Objective > _bins + SearchTuning.Tolerance)
            return null;
        if (master.IsIntegral)
        {
            var packing = new ColumnDive(_root, items, generation, _context).Dive(_bins, null);
            if (packing.Sum(entry => entry.Bins) <= _bins)
                Found = packing;
            return null;
        }
        master.Center(() => _context.Stop);
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
        List<Pattern> kept = [.. allowed
            .OrderByDescending(entry => entry.Rank).Take(SearchTuning.PatternsPerTypeInPairDives * items.Count)
            .Select(entry => entry.Pattern)];
        List<Candidate> pairs = [.. RyanFosterPairs.Of(items, master)
            .Select(pair => new Candidate(pair.Key, pair.Value, Score(items, uses, pair.Key, pair.Value)))];
        return pairs.Count == 0 ? null : new Step(items, kept, pairs);
    }

    /// <summary>
    /// High for heavy pairs that share many bins, and for rare items: the fewer of the known patterns an item is in, the fewer ways there
    /// are to place it.
    /// </summary>
    private static double Score(ItemTypes items, int[] uses, (int A, int B) pair, double share)
    {
        var rarity = 1.0 / Math.Max(1, Math.Min(uses[pair.A], uses[pair.B]));
        return share * RyanFosterPairs.Weight(items, pair) * rarity * Math.Sqrt(rarity);
    }

    /// <summary>The pairs to merge next: the best by score and some chance, no type in two of them.</summary>
    private List<(int A, int B)> Choose(Step step)
    {
        var count = Math.Max(1, (step.Items.Demands.Sum() - _bins) / SearchTuning.PairDiveSteps);
        var likely = step.Pairs.Where(pair => pair.Share >= SearchTuning.MinPairShare && pair.Types.A != pair.Types.B).ToList();
        var ranked = (likely.Count > 0 ? likely : step.Pairs)
            .Select(pair => (pair.Types, Score: pair.Score * SearchTuning.Noise(SearchTuning.PairDiveNoise, _random)))
            .OrderByDescending(pair => pair.Score);
        var used = new HashSet<int>();
        List<(int, int)> chosen = [];
        foreach (var (pair, _) in ranked)
        {
            // A type that loses its best partner waits for the next step.
            if (used.Add(pair.A) & (used.Add(pair.B) || pair.A == pair.B))
                chosen.Add(pair);
            if (chosen.Count == count)
                break;
        }
        return chosen;
    }

    /// <summary>A pair of types that may be merged.</summary>
    /// <param name="Types">The pair.</param>
    /// <param name="Share">Bins of the relaxation that it shares.</param>
    /// <param name="Score">How much speaks for merging it.</param>
    private readonly record struct Candidate((int A, int B) Types, double Share, double Score);

    private sealed record Step(ItemTypes Items, List<Pattern> Patterns, List<Candidate> Pairs);
}

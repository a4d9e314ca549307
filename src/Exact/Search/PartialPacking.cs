namespace PackingKit;

/// <summary>A packing under construction: patterns with the number of bins that hold each, and the items that are still outside.</summary>
internal sealed class PartialPacking(ItemTypes items)
{
    private readonly List<(Pattern Pattern, long Bins)> _patterns = [];
    private long _weightOutside = items.TotalWeight;

    /// <summary>How many of each type have no place yet.</summary>
    public long[] Outside { get; } = (long[])items.Demands.Clone();

    public long ItemsOutside { get; private set; } = items.Demands.Sum();

    public long BinCount { get; private set; }

    /// <summary>
    /// What a packing into <paramref name="bins"/> bins may still waste, at most the capacity; below 0 where the rest of the bins cannot
    /// hold the items outside.
    /// </summary>
    public long WasteLeft(long bins) =>
        (long)Int128.Clamp(((Int128)(bins - BinCount) * items.Capacity) - _weightOutside, -1, items.Capacity);

    /// <summary>
    /// Fills up to <paramref name="bins"/> bins by a pattern. Where types have run out, lighter ones take their places, as long as no
    /// residual is above <paramref name="maxResidual"/>.
    /// </summary>
    /// <returns>The number of bins filled.</returns>
    public long Place(Pattern pattern, long bins, long maxResidual)
    {
        var placed = 0L;
        while (placed < bins)
        {
            var content = Fit(pattern);
            if (content.Types.Length == 0 || items.Capacity - content.Load(items.Weights) > maxResidual)
                break;
            var times = bins - placed;
            for (var i = 0; i < content.Types.Length; i++)
                times = Math.Min(times, Outside[content.Types[i]] / content.Copies[i]);
            Put(content, times);
            placed += times;
        }
        return placed;
    }

    /// <summary>The packing with the items outside packed by best-fit decreasing, in types of the root problem.</summary>
    public List<(Pattern Pattern, long Bins)> Complete(ItemTypes root)
    {
        var counts = new long[root.Count];
        for (var i = 0; i < Outside.Length; i++)
            foreach (var member in items.Members[i])
                counts[member] += Outside[i];
        return [.. Expand(items, _patterns), .. BestFit(root, counts)];
    }

    /// <summary>A packing of merged types as one of root types.</summary>
    public static IEnumerable<(Pattern Pattern, long Bins)> Expand(ItemTypes items, IEnumerable<(Pattern Pattern, long Bins)> packing) =>
        packing.Select(entry => (Expand(items, entry.Pattern), entry.Bins));

    /// <summary>The patterns of a plan, with types in place of sizes.</summary>
    public static List<(Pattern Pattern, long Bins)> FromPlan(ReadOnlySpan<long> sizes, IReadOnlyList<PackingPattern> patterns)
    {
        var typeOf = sizes.ToArray().Index().ToDictionary(type => type.Item, type => type.Index);
        return [.. patterns.Select(pattern => (new Pattern(
            [.. pattern.Items.Select(item => typeOf[item.Size])], [.. pattern.Items.Select(item => item.Count)]), pattern.Multiplicity))];
    }


    private static List<(Pattern Pattern, long Bins)> BestFit(ItemTypes root, long[] counts)
    {
        var (histogram, limits) = (SizeHistogram.Present(root.Weights, counts), new BinLimits(root.Capacity, root.MaxItems));
        var plan = OfflineHeuristic.Plan(BestFitBySize.Plan, histogram, limits, CancellationToken.None);
        return FromPlan(root.Weights, plan.Patterns);
    }

    /// <summary>A pattern of merged types as one of root types.</summary>
    private static Pattern Expand(ItemTypes items, Pattern pattern)
    {
        var copies = new SortedDictionary<int, long>();
        for (var i = 0; i < pattern.Types.Length; i++)
            foreach (var member in items.Members[pattern.Types[i]])
                copies[member] = copies.GetValueOrDefault(member) + pattern.Copies[i];
        return new Pattern([.. copies.Keys], [.. copies.Values]);
    }

    /// <summary>What a bin would hold: in each place the heaviest item outside that is no heavier than the place.</summary>
    private Pattern Fit(Pattern pattern)
    {
        if (pattern.IsWithin(Outside))
            return pattern;
        var content = new SortedDictionary<int, long>();
        var next = 0;
        for (var i = 0; i < pattern.Types.Length; i++)
        {
            next = Math.Max(next, pattern.Types[i]);
            for (var places = pattern.Copies[i]; places > 0 && next < Outside.Length;)
            {
                var taken = Math.Min(places, Outside[next] - content.GetValueOrDefault(next));
                if (taken > 0)
                    content[next] = content.GetValueOrDefault(next) + taken;
                places -= taken;
                if (places > 0)
                    next++;
            }
        }
        return new Pattern([.. content.Keys], [.. content.Values]);
    }

    private void Put(Pattern pattern, long bins)
    {
        for (var i = 0; i < pattern.Types.Length; i++)
        {
            Outside[pattern.Types[i]] -= bins * pattern.Copies[i];
            ItemsOutside -= bins * pattern.Copies[i];
        }
        _weightOutside -= bins * pattern.Load(items.Weights);
        BinCount += bins;
        _patterns.Add((pattern, bins));
    }
}

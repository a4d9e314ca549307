namespace PackingKit.Testing;

/// <summary>
/// Packing with resources and rules as the definitions read: what may share a bin is decided from the items of the bin alone, every time
/// anew.
/// </summary>
internal static class NaiveConstrained
{
    private const int NoBin = ConstrainedResult.NoBin;

    /// <summary>The bin of each item by first-fit decreasing, without a look at least loads.</summary>
    public static int[] FirstFit(ConstrainedCase of) =>
        Decreasing(of, (bins, part) => bins.FindIndex(bin => MayShare(of, [.. bin, .. part])));

    /// <summary>The bin of each item by best-fit decreasing, without a look at least loads.</summary>
    public static int[] BestFit(ConstrainedCase of)
    {
        var weights = Weights(of);
        return Decreasing(of, (bins, part) =>
            Enumerable.Range(0, bins.Count).Where(bin => MayShare(of, [.. bins[bin], .. part]))
                .OrderBy(bin => Measure(weights, Room(of, bins[bin]))).ThenBy(bin => Room(of, bins[bin])[0]).ThenBy(bin => bin)
                .DefaultIfEmpty(NoBin).First());
    }

    /// <summary>The bin of each item by the dot-product heuristic, without a look at least loads.</summary>
    public static int[] DotProduct(ConstrainedCase of)
    {
        var (left, weights) = (Parts(of), Weights(of));
        List<List<int>> bins = [];
        while (left.Count > 0)
        {
            bins.Add([]);
            while (left.Where(part => MayShare(of, [.. bins[^1], .. part]))
                .OrderByDescending(part => Product(Load(of, part), Room(of, bins[^1]))).ThenByDescending(part => Load(of, part)[0])
                .ThenBy(part => part[0]).FirstOrDefault() is { } best)
            {
                bins[^1].AddRange(best);
                left.Remove(best);
            }
        }
        return BinOfItem(of, bins);

        double Product(long[] sizes, long[] room)
        {
            double product = 0;
            for (var resource = 0; resource < sizes.Length; resource++)
                product += weights[resource] / of.Capacities[resource] * sizes[resource] * room[resource];
            return product;
        }
    }

    /// <summary>
    /// The fewest bins of any packing, by trying every way to put each part into a bin in use or a new one; <see langword="null"/> where
    /// there is no packing.
    /// </summary>
    public static int? Optimum(ConstrainedCase of)
    {
        if (of.ItemCount > ConstrainedCase.MaxSmallItems)
            throw new ArgumentException($"{of.ItemCount} items are too many to try every packing.", nameof(of));
        return Fewest(of, [.. Parts(of)], 0, []);
    }

    /// <summary>Items that are packed as a whole: alone, as a group, or as a part of a group that no bin takes. By first items.</summary>
    public static List<int[]> Parts(ConstrainedCase of)
    {
        var items = Enumerable.Range(0, of.ItemCount).Where(item => MayShare(of, [item])).ToArray();
        List<int[]> parts = [];
        foreach (var group in items.GroupBy(item => of.Rules.Groups.Count == 0 || of.Rules.Groups[item] == PackingRules.None
            ? (false, item) : (true, of.Rules.Groups[item])))
        {
            List<List<int>> bins = [];
            foreach (var item in InOrder(of, group.Select(item => new[] { item })).Select(alone => alone[0]))
                if (bins.Find(bin => MayShare(of, [.. bin, item])) is { } bin)
                    bin.Add(item);
                else
                    bins.Add([item]);
            parts.AddRange(bins.Select(bin => bin.Order().ToArray()));
        }
        return [.. parts.OrderBy(part => part[0])];
    }

    /// <summary>Whether a bin may hold items, by every rule but least loads.</summary>
    public static bool MayShare(ConstrainedCase of, IReadOnlyCollection<int> items) =>
        Load(of, items).Zip(of.Capacities).All(pair => pair.First <= pair.Second)
        && items.Count <= of.Rules.MaxItems
        && !of.Rules.Conflicts.Any(pair => items.Contains(pair.First) && items.Contains(pair.Second))
        && (of.Rules.MaxClasses is not { } most
            || items.Select(item => of.Rules.Classes[item]).Where(each => each != PackingRules.None).Distinct().Count() <= most);

    /// <summary>Whether bins have their least loads.</summary>
    public static bool HasMinLoads(ConstrainedCase of, IEnumerable<IReadOnlyCollection<int>> bins) =>
        of.Rules.MinLoads.Count == 0 || bins.All(bin => Load(of, bin).Zip(of.Rules.MinLoads).All(pair => pair.First >= pair.Second));

    private static int? Fewest(ConstrainedCase of, int[][] parts, int next, List<int[]> bins)
    {
        if (next == parts.Length)
            return HasMinLoads(of, bins) ? bins.Count : null;
        var best = Fewest(of, parts, next + 1, [.. bins, parts[next]]);
        for (var bin = 0; bin < bins.Count; bin++)
        {
            int[] joined = [.. bins[bin], .. parts[next]];
            if (MayShare(of, joined) && Fewest(of, parts, next + 1, [.. bins[..bin], joined, .. bins[(bin + 1)..]]) is { } fewest)
                best = Math.Min(fewest, best ?? fewest);
        }
        return best;
    }

    private static int[] Decreasing(ConstrainedCase of, Func<List<int[]>, int[], int> find)
    {
        List<int[]> bins = [];
        foreach (var part in InOrder(of, Parts(of)))
            if (find(bins, part) is not NoBin and var bin)
                bins[bin] = [.. bins[bin], .. part];
            else
                bins.Add(part);
        return BinOfItem(of, bins);
    }

    /// <summary>The largest first; with several resources to 1/512 of what an empty bin measures.</summary>
    private static IEnumerable<int[]> InOrder(ConstrainedCase of, IEnumerable<int[]> parts)
    {
        var weights = Weights(of);
        var level = Measure(weights, [.. of.Capacities]) / 512;
        return parts.OrderByDescending(part => of.Capacities.Count == 1 ? Load(of, part)[0]
            : level > 0 ? Math.Floor(Measure(weights, Load(of, part)) / level) : 0).ThenBy(part => part[0]);
    }

    private static int[] BinOfItem(ConstrainedCase of, IEnumerable<IEnumerable<int>> bins)
    {
        var binOfItem = Enumerable.Repeat(NoBin, of.ItemCount).ToArray();
        foreach (var (bin, index) in bins.Select((bin, index) => (bin, index)))
            foreach (var item in bin)
                binOfItem[item] = index;
        return binOfItem;
    }

    private static long[] Load(ConstrainedCase of, IEnumerable<int> items) =>
        [.. of.Capacities.Select((_, resource) => items.Sum(item => of.SizesOf(item)[resource]))];

    private static long[] Room(ConstrainedCase of, IEnumerable<int> items) =>
        [.. of.Capacities.Zip(Load(of, items), (capacity, load) => capacity - load)];

    private static double Measure(double[] weights, long[] amounts)
    {
        double measure = 0;
        for (var resource = 0; resource < amounts.Length; resource++)
            measure += weights[resource] * amounts[resource];
        return measure;
    }

    /// <summary>Bins that all items fill of each resource, as a share of the capacity.</summary>
    private static double[] Weights(ConstrainedCase of)
    {
        var totals = Load(of, Enumerable.Range(0, of.ItemCount)
            .Where(item => Load(of, [item]).Zip(of.Capacities).All(pair => pair.First <= pair.Second)));
        return [.. totals.Zip(of.Capacities, (total, capacity) => (double)total / capacity / capacity)];
    }
}

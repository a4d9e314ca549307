namespace PackingKit.Testing;

/// <summary>
/// The heuristics that fill one bin after the other, as their definitions read: they look at every item, every pair, every set.
/// </summary>
internal static class NaiveFamily
{
    [OracleOf("mffd")]
    public static int[] ModifiedFirstFitDecreasing(PackingCase of) => Dealt(of, ModifiedFirstFit(of, Decreasing(of)));

    [OracleOf("b2f")]
    public static int[] BestTwoFit(PackingCase of) => OneByOne(of, left => BestTwo(of, left));

    [OracleOf("fill2")]
    public static int[] FillTwo(PackingCase of) => OneByOne(of, left => ItemOrPair(of, left));

    /// <summary>Looks at every set: for few items.</summary>
    [OracleOf("mbs")]
    public static int[] MinimumBinSlack(PackingCase of) => OneByOne(of, left => MinSlack(of, left, []));

    /// <summary>Looks at every set: for few items.</summary>
    [OracleOf("mbs-prime")]
    public static int[] MinimumBinSlackPrime(PackingCase of) => OneByOne(of, left => MinSlack(of, left, [left[0]]));

    [OracleOf("harmonic")]
    public static int[] Harmonic(PackingCase of) => Dealt(of, Harmonic(of, classes: 12));

    private static List<long> Decreasing(PackingCase of) => [.. of.Sizes.OrderDescending()];

    /// <summary>Fills bins, each with some of the sizes that are left, until none is.</summary>
    private static int[] OneByOne(PackingCase of, Func<List<long>, List<long>> fill)
    {
        List<List<long>> bins = [];
        for (var left = Decreasing(of); left.Count > 0;)
            bins.Add(fill(left));
        return Dealt(of, bins);
    }

    /// <summary>The bin of each item: items of one size, as they come, take the places of that size in bin order.</summary>
    private static int[] Dealt(PackingCase of, List<List<long>> bins)
    {
        var binOfItem = new int[of.Sizes.Length];
        var left = Enumerable.Range(0, of.Sizes.Length).ToList();
        for (var bin = 0; bin < bins.Count; bin++)
            foreach (var size in bins[bin])
            {
                var item = left.First(item => of.Sizes[item] == size);
                left.Remove(item);
                binOfItem[item] = bin;
            }
        return binOfItem;
    }

    private static List<long> ItemOrPair(PackingCase of, List<long> left)
    {
        List<long> bin = [];
        Move(left, bin, left[0]);
        while (bin.Count < of.Limits.MaxItems)
        {
            var residual = Residual(of, bin);
            if (left.Contains(residual))
                Move(left, bin, residual);
            else if (bin.Count + 1 < of.Limits.MaxItems
                && Pairs(left).Where(pair => pair.Large + pair.Small == residual).ToList() is { Count: > 0 } pairs)
                MovePair(left, bin, pairs.MaxBy(pair => pair.Large));
            else if (left.Any(size => size <= residual))
                Move(left, bin, left.First(size => size <= residual));
            else
                break;
        }
        return bin;
    }

    private static List<long> BestTwo(PackingCase of, List<long> left)
    {
        List<long> bin = [];
        FillUp(of, left, bin);
        var (residual, last) = (Residual(of, bin), bin[^1]);
        if (bin.Count == of.Limits.MaxItems || residual == 0 || bin.Count == 1)
            return bin;
        var pairs = Pairs([.. left.Where(size => size < last)]).Where(pair => pair.Large + pair.Small <= residual + last).ToList();
        var best = pairs.OrderByDescending(pair => pair.Large + pair.Small).ThenByDescending(pair => pair.Large).FirstOrDefault();
        if (best.Large + best.Small <= last)
            return bin;
        MovePair(left, bin, best);
        bin.Remove(last);
        left.Insert(left.TakeWhile(size => size > last).Count(), last);
        return bin;
    }

    /// <summary>
    /// Of all sets, those with a given beginning, the first in lexicographic order of decreasing sizes among those with the least slack.
    /// </summary>
    private static List<long> MinSlack(PackingCase of, List<long> left, List<long> beginning)
    {
        List<long>? best = null;
        Extend(beginning.Count, [.. beginning]);
        best!.ForEach(size => left.Remove(size));
        FillUp(of, left, best);
        return best;

        void Extend(int from, List<long> set)
        {
            if (set.Count > 0 && (best is null || Residual(of, set) < Residual(of, best)))
                best = set;
            for (var i = from; i < left.Count && set.Count < of.Limits.MaxItems; i++)
                if (left[i] <= Residual(of, set))
                    Extend(i + 1, [.. set, left[i]]);
        }
    }

    private static List<List<long>> ModifiedFirstFit(PackingCase of, List<long> left)
    {
        List<List<long>> bins = [.. left.Where(size => size > of.Capacity / 2).Select(size => new List<long> { size })];
        left.RemoveAll(size => size > of.Capacity / 2);
        foreach (var bin in bins.Where(bin => bin.Count < of.Limits.MaxItems))
            foreach (var medium in left.Where(size => size > of.Capacity / 3 && size <= Residual(of, bin)).Take(1).ToList())
                Move(left, bin, medium);
        foreach (var bin in bins.Where(bin => bin.Count == 1 && of.Limits.MaxItems > 2).Reverse())
        {
            var small = left.Where(size => size > of.Capacity / 6 && size <= of.Capacity / 3).ToList();
            if (small.Count > 1 && small[..^1].FirstOrDefault(size => size <= Residual(of, bin) - small[^1], -1) is >= 0 and var large)
                MovePair(left, bin, (large, small[^1]));
        }
        foreach (var bin in bins)
            FillUp(of, left, bin);
        var first = bins.Count;
        foreach (var size in left)
        {
            var bin = bins.Skip(first).FirstOrDefault(bin => bin.Count < of.Limits.MaxItems && Residual(of, bin) >= size);
            if (bin is null)
                bins.Add(bin = []);
            bin.Add(size);
        }
        return bins;
    }

    private static List<List<long>> Harmonic(PackingCase of, int classes)
    {
        List<List<long>> bins = [];
        var open = new Dictionary<long, List<long>>();
        foreach (var size in of.Sizes)
        {
            var fit = size == 0 ? classes : Math.Min(of.Capacity / size, classes);
            var most = fit < classes ? Math.Min(fit, of.Limits.MaxItems) : of.Limits.MaxItems;
            if (!open.TryGetValue(fit, out var bin) || bin.Count == most || Residual(of, bin) < size)
                bins.Add(open[fit] = bin = []);
            bin.Add(size);
        }
        return bins;
    }

    private static void FillUp(PackingCase of, List<long> left, List<long> bin)
    {
        while (bin.Count < of.Limits.MaxItems && left.Any(size => size <= Residual(of, bin)))
            Move(left, bin, left.First(size => size <= Residual(of, bin)));
    }

    private static IEnumerable<(long Large, long Small)> Pairs(List<long> sizes) =>
        sizes.SelectMany(
            (large, i) => sizes.Skip(i + 1).Select(small => (large, small))).Where(pair => pair.large <= long.MaxValue - pair.small);

    private static void MovePair(List<long> left, List<long> bin, (long Large, long Small) pair)
    {
        Move(left, bin, pair.Large);
        Move(left, bin, pair.Small);
    }

    private static void Move(List<long> left, List<long> bin, long size)
    {
        left.Remove(size);
        bin.Add(size);
    }

    private static long Residual(PackingCase of, List<long> bin) => of.Capacity - bin.Sum();
}

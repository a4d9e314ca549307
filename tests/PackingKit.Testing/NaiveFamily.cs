namespace PackingKit.Testing;

/// <summary>
/// The heuristics that fill one bin after the other, as their definitions read: they look at every item, every pair, every set.
/// </summary>
public static class NaiveFamily
{
    public static readonly IReadOnlyList<string> Ids = ["mffd", "b2f", "fill2", "harmonic"];

    /// <summary>Those that look at every set, for few items.</summary>
    public static readonly IReadOnlyList<string> IdsForFew = ["mbs", "mbs-prime"];

    /// <summary>The sizes in each bin, in decreasing order.</summary>
    public static long[][] Bins(string id, PackingCase of)
    {
        var left = of.Sizes.OrderByDescending(size => size).ToList();
        List<List<long>> bins = id switch
        {
            "harmonic" => Harmonic(of, classes: 12),
            "mffd" => ModifiedFirstFit(of, left),
            _ => OneByOne(id, of, left),
        };
        return [.. bins.Select(bin => bin.OrderByDescending(size => size).ToArray())];
    }

    private static List<List<long>> OneByOne(string id, PackingCase of, List<long> left)
    {
        List<List<long>> bins = [];
        while (left.Count > 0)
        {
            bins.Add(id switch
            {
                "fill2" => FillTwo(of, left),
                "b2f" => BestTwo(of, left),
                "mbs" => MinSlack(of, left, []),
                _ => MinSlack(of, left, [left[0]]),
            });
        }
        return bins;
    }

    private static List<long> FillTwo(PackingCase of, List<long> left)
    {
        List<long> bin = [];
        Move(left, bin, left[0]);
        while (bin.Count < of.ItemLimit)
        {
            var room = Room(of, bin);
            if (left.Contains(room))
                Move(left, bin, room);
            else if (bin.Count + 1 < of.ItemLimit
                && Pairs(left).Where(pair => pair.Large + pair.Small == room).ToList() is { Count: > 0 } pairs)
                MovePair(left, bin, pairs.MaxBy(pair => pair.Large));
            else if (left.Any(size => size <= room))
                Move(left, bin, left.First(size => size <= room));
            else
                break;
        }
        return bin;
    }

    private static List<long> BestTwo(PackingCase of, List<long> left)
    {
        List<long> bin = [];
        FillUp(of, left, bin);
        var (room, last) = (Room(of, bin), bin[^1]);
        if (bin.Count == of.ItemLimit || room == 0 || bin.Count == 1)
            return bin;
        var pairs = Pairs([.. left.Where(size => size < last)]).Where(pair => pair.Large + pair.Small <= room + last).ToList();
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
            if (set.Count > 0 && (best is null || Room(of, set) < Room(of, best)))
                best = set;
            for (var i = from; i < left.Count && set.Count < of.ItemLimit; i++)
                if (left[i] <= Room(of, set))
                    Extend(i + 1, [.. set, left[i]]);
        }
    }

    private static List<List<long>> ModifiedFirstFit(PackingCase of, List<long> left)
    {
        List<List<long>> bins = [.. left.Where(size => size > of.Capacity / 2).Select(size => new List<long> { size })];
        left.RemoveAll(size => size > of.Capacity / 2);
        foreach (var bin in bins.Where(bin => bin.Count < of.ItemLimit))
            foreach (var medium in left.Where(size => size > of.Capacity / 3 && size <= Room(of, bin)).Take(1).ToList())
                Move(left, bin, medium);
        foreach (var bin in bins.Where(bin => bin.Count == 1 && of.ItemLimit > 2).Reverse())
        {
            var small = left.Where(size => size > of.Capacity / 6 && size <= of.Capacity / 3).ToList();
            if (small.Count > 1 && small[..^1].FirstOrDefault(size => size <= Room(of, bin) - small[^1], -1) is >= 0 and var large)
                MovePair(left, bin, (large, small[^1]));
        }
        foreach (var bin in bins)
            FillUp(of, left, bin);
        var first = bins.Count;
        foreach (var size in left)
        {
            var bin = bins.Skip(first).FirstOrDefault(bin => bin.Count < of.ItemLimit && Room(of, bin) >= size);
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
            var most = fit < classes ? Math.Min(fit, of.ItemLimit) : of.ItemLimit;
            if (!open.TryGetValue(fit, out var bin) || bin.Count == most || Room(of, bin) < size)
                bins.Add(open[fit] = bin = []);
            bin.Add(size);
        }
        return bins;
    }

    private static void FillUp(PackingCase of, List<long> left, List<long> bin)
    {
        while (bin.Count < of.ItemLimit && left.Any(size => size <= Room(of, bin)))
            Move(left, bin, left.First(size => size <= Room(of, bin)));
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

    private static long Room(PackingCase of, List<long> bin) => of.Capacity - bin.Sum();
}

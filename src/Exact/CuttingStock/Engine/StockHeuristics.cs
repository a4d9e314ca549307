namespace PackingKit;

/// <summary>
/// Plans to begin with: first-fit and best-fit decreasing, and bins filled as full as can be, each with several orders in which kinds of
/// bin are opened.
/// </summary>
internal sealed class StockHeuristics(StockProblem problem, SearchContext context)
{
    private readonly StockKind[] _kinds = [.. problem.Classes.SelectMany(bins => bins.Kinds)];
    private long _entriesLeft = SearchTuning.StockFillEntries;
    private readonly Pricing?[] _pricings = new Pricing?[problem.Classes.Length];

    /// <summary>First-fit and best-fit decreasing by all orders, whatever the time limit where they take next to no time.</summary>
    public IEnumerable<StockPlan> Simple()
    {
        var hearsLimit = problem.Counts.Length > SearchTuning.MaxTypesOfSimplePlans;
        var isFound = false; // once there is a plan, no more are made than there is time for
        foreach (var order in Orders())
            foreach (var tightest in (bool[])[false, true])
            {
                if (context.Cancellation.IsCancellationRequested || (isFound && hearsLimit && context.Stop))
                    yield break;
                if (Fit(order, problem.Counts, new long[problem.Classes.Length], tightest) is { } plan)
                {
                    isFound = true;
                    yield return plan;
                }
            }
    }

    /// <summary>Bins filled as full as can be, by all orders.</summary>
    public IEnumerable<StockPlan> Filled()
    {
        foreach (var order in Orders())
            if (!context.Stop && Fill(order) is { } plan)
                yield return plan;
    }

    /// <summary>The items that are left in what is left of the supplies, by the best of the quick ones.</summary>
    public StockPlan? Complete(IReadOnlyList<(int Class, Pattern Pattern, long Bins)> entries, long[] left, long[] used)
    {
        StockPlan? best = null;
        foreach (var order in Orders().Take(SearchTuning.StockOrdersToComplete))
            if (Fit(order, left, used, tightest: true) is { } rest
                && problem.TryPlan([.. entries, .. rest.Entries]) is { } plan && (best is null || plan.Cost < best.Cost))
                best = plan;
        return best;
    }

    /// <summary>
    /// Orders of the kinds: by cost for what they hold, by size, and where they are few, all orders.
    /// </summary>
    private IEnumerable<StockKind[]> Orders()
    {
        yield return [.. _kinds.OrderBy(kind => (double)kind.Cost / kind.Capacity).ThenByDescending(kind => kind.Capacity)];
        yield return [.. _kinds.OrderByDescending(kind => kind.Capacity).ThenBy(kind => kind.Cost)];
        yield return [.. _kinds.OrderBy(kind => kind.Capacity).ThenBy(kind => kind.Cost)];
        yield return [.. _kinds.OrderBy(kind => kind.Cost).ThenByDescending(kind => kind.Capacity)];
        if (_kinds.Length <= SearchTuning.MaxKindsInAllOrders)
            foreach (var order in Permutations(_kinds))
                yield return order;
        else
            foreach (var first in _kinds)
                yield return [first, .. _kinds.Where(kind => kind != first).OrderBy(kind => (double)kind.Cost / kind.Capacity)];

        static IEnumerable<StockKind[]> Permutations(StockKind[] kinds) => kinds.Length == 0 ? [[]]
            : kinds.SelectMany(
                first => Permutations([.. kinds.Where(kind => kind != first)]), (first, rest) => (StockKind[])[first, .. rest]);
    }

    /// <summary>
    /// Sizes in decreasing order into the first open bin that has room, or the one with the least room; else into a new bin of the first
    /// kind that is large enough. Bins that hold the same are kept together.
    /// </summary>
    private StockPlan? Fit(StockKind[] order, long[] demands, long[] used, bool tightest)
    {
        List<OpenBins> open = [];
        var left = Array.ConvertAll(order, kind => kind.Supply);
        // Of what is used of a class already, the cheapest kinds went first.
        for (var i = 0; i < used.Length; i++)
        {
            var taken = used[i];
            foreach (var kind in problem.Classes[i].Kinds)
            {
                var now = Math.Min(taken, kind.Supply);
                left[Array.IndexOf(order, kind)] -= now;
                taken -= now;
            }
        }
        for (var type = 0; type < demands.Length; type++)
        {
            var (size, outside) = (problem.Demands.Sizes[type], demands[type]);
            while (outside > 0)
            {
                var at = -1;
                for (var i = 0; i < open.Count; i++)
                    if (open[i].Residual >= size && open[i].ItemsLeft > 0 && (at < 0 || (tightest && open[i].Residual < open[at].Residual)))
                        at = i;
                if (at < 0)
                {
                    var first = 0;
                    while (first < order.Length && (order[first].Capacity < size || left[first] == 0))
                        first++;
                    if (first == order.Length)
                        return null;
                    var copies = Math.Min(order[first].Capacity / size, problem.MaxItems);
                    var count = Math.Min(left[first], Integers.CeilingDivide(outside, copies));
                    left[first] -= count;
                    open.Add(new OpenBins(ClassOf(order[first]), count, order[first].Capacity, problem.MaxItems));
                    at = open.Count - 1;
                }
                outside -= Put(open, at, type, size, outside);
            }
        }
        return problem.TryPlan([.. open.Select(bins => Downsized(bins.Class, bins.Pattern(), bins.Count))]);
    }

    /// <summary>Puts as many items into some open bins as go; where they are too few, only some of the bins.</summary>
    private static long Put(List<OpenBins> open, int at, int type, long size, long outside)
    {
        var bins = open[at];
        var copies = Math.Min(bins.Residual / size, bins.ItemsLeft);
        if (outside < copies)
            copies = outside;
        var count = Math.Min(bins.Count, outside / copies);
        if (count < bins.Count)
        {
            open.Insert(at + 1, bins.Copy(bins.Count - count));
            open[at] = bins = bins.Copy(count);
        }
        bins.Add(type, copies, size);
        return copies * count;
    }

    /// <summary>Kind after kind in the order given, each bin as full as can be, until all is packed.</summary>
    private StockPlan? Fill(StockKind[] order)
    {
        var left = (long[])problem.Counts.Clone();
        List<(int Class, Pattern Pattern, long Bins)> entries = [];
        foreach (var kind in order)
        {
            var at = ClassOf(kind);
            var items = problem.Classes[at].Items;
            var pricing = _pricings[at] ??= new Pricing(items, context);
            // What fits is worth its weight, in units that keep sums exact in a double.
            var unit = Integers.CeilingDivide(items.Capacity, Pricing.Scale(1));
            var worth = Array.ConvertAll(items.Weights, weight => weight <= items.Capacity ? weight / unit : 0);
            for (var supply = kind.Supply; supply > 0;)
            {
                _entriesLeft -= left.Length * Math.Min(items.Capacity, SearchTuning.MaxExactUnits);
                if (context.Stop || _entriesLeft < 0)
                    return null;
                List<Pattern> found = [];
                pricing.Prepare(worth, left, items.Capacity);
                pricing.Best(0, 1, found);
                if (found.Count == 0)
                    break; // nothing is left that fits
                var times = supply;
                for (var i = 0; i < found[0].Types.Length; i++)
                    times = Math.Min(times, left[found[0].Types[i]] / found[0].Copies[i]);
                for (var i = 0; i < found[0].Types.Length; i++)
                    left[found[0].Types[i]] -= times * found[0].Copies[i];
                entries.Add(Downsized(at, found[0], times));
                supply -= times;
            }
        }
        return left.All(count => count == 0) ? problem.TryPlan(entries) : null;
    }

    private int ClassOf(StockKind kind) => Array.FindIndex(problem.Classes, bins => bins.Capacity == kind.Capacity);

    /// <summary>The same content in the cheapest bins that hold it, where there is no end of them.</summary>
    private (int Class, Pattern Pattern, long Bins) Downsized(int at, Pattern pattern, long bins)
    {
        Int128 load = 0;
        for (var i = 0; i < pattern.Types.Length; i++)
            load += (Int128)problem.Demands.Sizes[pattern.Types[i]] * pattern.Copies[i];
        for (var other = problem.Classes.Length - 1; other > at; other--)
            if (problem.Classes[other].Capacity >= load && problem.Classes[other].Kinds[0].Supply >= problem.ItemCount
                && problem.Classes[other].Kinds[0].Cost < problem.Classes[at].Kinds[0].Cost)
                return (other, pattern, bins);
        return (at, pattern, bins);
    }

    /// <summary>Bins of one class that hold the same.</summary>
    private sealed class OpenBins(int at, long count, long residual, long itemsLeft)
    {
        private readonly List<int> _types = [];
        private readonly List<long> _copies = [];

        public int Class => at;

        public long Count => count;

        public long Residual { get; private set; } = residual;

        public long ItemsLeft { get; private set; } = itemsLeft;

        public void Add(int type, long copies, long size)
        {
            _types.Add(type);
            _copies.Add(copies);
            Residual -= copies * size;
            ItemsLeft -= copies;
        }

        public OpenBins Copy(long bins)
        {
            var copy = new OpenBins(at, bins, Residual, ItemsLeft);
            copy._types.AddRange(_types);
            copy._copies.AddRange(_copies);
            return copy;
        }

        public Pattern Pattern() => new([.. _types], [.. _copies]);
    }
}

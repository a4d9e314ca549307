namespace PackingKit;

/// <summary>
/// Exact balancing (multiway number partitioning): the least largest load, with its proof. Balancing over k bins is packing into k bins of
/// the least capacity that does, so the exact packing search decides capacities between a bound and the best that is known: by then that is
/// what seeded descents with exchanges of up to two items for two have found.
/// </summary>
/// <remarks>
/// <para>Guarantee: run to its end, no way to spread the items has a smaller largest load. Stopped by the time limit, it is the best
/// found, never worse than <see cref="LargestDifferencing"/> and <see cref="LongestProcessingTime"/>, with the best bound.</para>
/// <para>Complexity: exponential in the worst case. Few items, and many items of few costs, close; many items of very different large
/// costs mostly do, because there are so many ways to spread them.</para>
/// <para>Ties: items of one cost take their places in input order; which of several best ways is found depends on the seed. Deterministic
/// for a seed as long as no time limit cuts in; thread-safe.</para>
/// <para>Reference: R. E. Korf, A complete anytime algorithm for number partitioning, Artificial Intelligence 106, 1998; M. Dell'Amico,
/// S. Martello, INFORMS J. Computing 7, 1995 (the duality with packing).</para>
/// </remarks>
/// <example><code>
/// var result = new ExactBalancing(new SearchOptions { TimeLimit = TimeSpan.FromSeconds(10) }).Balance([8, 7, 6, 5, 4], bins: 2); // 15
/// </code></example>
/// <param name="options">Time limit, workers and seed; <see cref="SearchOptions.Default"/> where none are given.</param>
public sealed class ExactBalancing(SearchOptions? options = null) : IBalancingStrategy
{
    /// <summary>Steps of the plain search: some tenths of a second. It closes what has few items.</summary>
    private const long PlainNodes = 1L << 22;

    /// <summary>Most items times bins of the plain search: each step sorts the bins, and goes as deep as there are items.</summary>
    private const int MaxPlainItems = 200, MaxPlainBins = 64;

    /// <summary>Steps of the descents: some tenths of a second. They bring large costs, which no search closes, near the bound.</summary>
    private const long DescentSteps = 1L << 25;

    /// <summary>Most items that exchanges are tried among: a step looks at all pairs with the fullest bin.</summary>
    private const int MaxExchanged = 2000;

    private readonly SearchOptions _options = options ?? SearchOptions.Default;

    /// <inheritdoc/>
    public string Id => "exact";

    /// <inheritdoc/>
    public BalancingResult Balance(ReadOnlySpan<long> costs, int bins)
    {
        var bound = BalancingBound.Compute(costs, bins); // checks the arguments
        var context = new SearchContext(_options, null, LinearPrograms.Create, CancellationToken.None);
        var best = Start(costs, bins, bound);
        if (best.Gap == 0 || context.Stop)
            return best;

        // Loads are sums of costs: divided by what the costs share, the bound is sharper and the search shorter.
        var divisor = EquivalentSizes.Divisor(costs);
        var items = Enumerable.Range(0, costs.Length).ToArray();
        var divided = costs.ToArray();
        foreach (ref var cost in divided.AsSpan())
            cost /= divisor;
        Array.Sort(items, (a, b) => divided[a] != divided[b] ? divided[b].CompareTo(divided[a]) : a.CompareTo(b));
        var low = BalancingBound.Compute(divided, bins);
        if (costs.Length <= MaxPlainItems && bins <= MaxPlainBins)
        {
            var plain = new CompleteGreedy(
                Array.ConvertAll(items, item => divided[item]), bins, best.LargestLoad / divisor, low, () => context.Stop);
            var isLeast = plain.Run(PlainNodes);
            if (plain.Found is { } found)
                best = Result(costs, bins, item => found[item], items);
            low = isLeast ? best.LargestLoad / divisor : low;
        }
        if (low < best.LargestLoad / divisor && costs.Length <= MaxExchanged && !context.Stop)
        {
            var descent = new BalancingDescent(
                Array.ConvertAll(items, item => divided[item]), bins, best.LargestLoad / divisor, low, () => context.Stop);
            descent.Run(_options.Seed, DescentSteps);
            if (descent.Found is { } found)
                best = Result(costs, bins, item => found[item], items);
        }
        best = Decide(costs, bins, divided, divisor, items, best, ref low, context);
        return best with { LowerBound = low * divisor };
    }

    /// <summary>The best of the quick ways.</summary>
    private BalancingResult Start(ReadOnlySpan<long> costs, int bins, long bound)
    {
        var (longest, differencing) = (new LongestProcessingTime().Balance(costs, bins), new LargestDifferencing().Balance(costs, bins));
        var best = longest.LargestLoad < differencing.LargestLoad ? longest : differencing;
        if (best.LargestLoad > bound && costs.Length <= MaxExchanged)
            best = LoadBalancer.Improve(PackingProblem.Create(costs, long.MaxValue), best.Packing, costs, bins);
        return best with { Strategy = Id };
    }

    /// <summary>
    /// Decides capacities: first the bound, which mostly does, then farther and farther above it until one does, then halves of what is
    /// left.
    /// </summary>
    private BalancingResult Decide(
        ReadOnlySpan<long> costs, int bins, long[] divided, long divisor, int[] items, BalancingResult best, ref long low,
        SearchContext context)
    {
        var positive = SizeHistogram.Of(Array.FindAll(divided, cost => cost > 0));
        var (step, hasFound) = (1L, false);
        for (var high = best.LargestLoad / divisor; low < high && !context.Stop;)
        {
            var capacity = hasFound || step > (high - low) / 2 ? low + ((high - low - 1) / 2) : low + step - 1;
            var fits = PackingDecision.Fits(positive, capacity, bins, context, out var patterns);
            if (fits is null)
                break;
            if (fits == false)
            {
                low = capacity + 1;
                step *= 2;
                continue;
            }
            hasFound = true;
            var binOf = Deal(patterns, divided, items);
            best = Result(costs, bins, item => binOf[item], items);
            high = best.LargestLoad / divisor;
        }
        return best;
    }

    /// <summary>The bin of each item in decreasing cost; items of cost 0 go into the first.</summary>
    private static int[] Deal(IReadOnlyList<PackingPattern> patterns, long[] divided, int[] items)
    {
        var places = new Dictionary<long, Queue<int>>();
        var bin = 0;
        foreach (var pattern in patterns)
            for (var copy = 0L; copy < pattern.Multiplicity; copy++, bin++)
                foreach (var (size, count) in pattern.Items)
                    for (var item = 0L; item < count; item++)
                        (places.TryGetValue(size, out var queue) ? queue : places[size] = []).Enqueue(bin);
        return Array.ConvertAll(items, item => divided[item] == 0 ? 0 : places[divided[item]].Dequeue());
    }

    private BalancingResult Result(ReadOnlySpan<long> costs, int bins, Func<int, int> binOf, int[] items)
    {
        var binOfItem = new int[items.Length];
        for (var at = 0; at < items.Length; at++)
            binOfItem[items[at]] = binOf(at);
        return BalancingResult.Of(costs, bins, binOfItem, Id);
    }
}

namespace PackingKit;

/// <summary>
/// How many bins of each class to take: the mixes that are not ruled out, by the bounds of prices or by a search that found no packing into
/// them. The cheapest of them is a bound on the cost (Benders 1962, with searches in place of a linear program).
/// </summary>
internal sealed class StockMixes(StockProblem problem, IReadOnlyList<StockBound> bounds, Func<bool> stop)
{
    private readonly List<long[]> _refuted = [];
    private int _visits;

    /// <summary>Rules out a mix and all that have no more of any class.</summary>
    public void Refute(long[] mix) => _refuted.Add(mix);

    /// <summary>The cheapest mix that is not ruled out and costs at most so much.</summary>
    /// <param name="maxCost">The most that it may cost.</param>
    /// <param name="isComplete">Whether all were looked at: where there is none then, no plan is that cheap.</param>
    public long[]? Cheapest(BigInteger maxCost, out bool isComplete)
    {
        long[]? best = null;
        isComplete = Visit(() => maxCost, (mix, money) =>
        {
            var last = mix.Length - 1;
            var most = problem.Classes[last].MostFor(money);
            for (mix[last] = Fewest(mix); mix[last] <= most && !stop(); mix[last]++)
                if (IsAllowed(mix))
                {
                    best = (long[])mix.Clone();
                    maxCost = problem.CostOf(mix) - 1;
                    break;
                }
            mix[last] = 0;
        });
        return best;
    }

    /// <summary>Of the mixes that cost at most so much, the one that is worth most beyond the items under some prices.</summary>
    /// <param name="maxCost">The most that it may cost.</param>
    /// <param name="isComplete">Whether all were looked at: where there is none then, no plan is that cheap.</param>
    public long[]? Roomiest(BigInteger maxCost, out bool isComplete)
    {
        long[]? best = null;
        BigInteger bestRoom = 0;
        isComplete = Visit(() => maxCost, (mix, money) =>
        {
            mix[^1] = problem.Classes[^1].MostFor(money);
            var room = bounds.Count == 0 ? 0 : bounds[^1].Room(mix);
            if ((best is null || room > bestRoom) && IsAllowed(mix))
                (best, bestRoom) = ((long[])mix.Clone(), room);
            mix[^1] = 0;
        });
        return best;
    }

    /// <summary>Walks all numbers of all classes but the last, as far as the money goes and as prices let them reach the end.</summary>
    /// <returns>Whether that was done to its end.</returns>
    private bool Visit(Func<BigInteger> maxCost, Action<long[], BigInteger> look)
    {
        _visits = 0;
        return Visit(new long[problem.Classes.Length], 0, maxCost, look) && !stop(); // what looks may have been cut short by it
    }

    private bool Visit(long[] mix, int at, Func<BigInteger> maxCost, Action<long[], BigInteger> look)
    {
        if (++_visits > SearchTuning.MaxMixesVisited || stop())
            return false;
        if (!CanReach(mix, at, maxCost() - problem.CostOf(mix)))
            return true;
        if (at == mix.Length - 1)
        {
            look(mix, maxCost() - problem.CostOf(mix));
            return true;
        }
        for (mix[at] = problem.Classes[at].MostFor(maxCost() - problem.CostOf(mix)); mix[at] >= 0; mix[at]--)
            if (!Visit(mix, at + 1, maxCost, look))
                return false;
        mix[at] = 0;
        return true;
    }

    /// <summary>Whether by the newest prices the classes from one on may reach, for some money, what the items are worth.</summary>
    private bool CanReach(long[] mix, int from, BigInteger money) => money >= 0 && (bounds.Count == 0
        || (bounds[^1].LeastCost(problem, out _, from, -bounds[^1].Room(mix)) is var (numerator, denominator)
            && numerator <= money * denominator));

    /// <summary>The fewest bins of the last class with which prices allow a mix; more than there are where none do.</summary>
    private long Fewest(long[] mix)
    {
        var fewest = 0L;
        foreach (var bound in bounds)
        {
            var room = bound.Room(mix);
            if (room >= 0)
                continue;
            if (bound.Worth[^1] == 0)
                return problem.Classes[^1].Supply + 1;
            fewest = (long)BigInteger.Max(fewest, BigInteger.Min(problem.Classes[^1].Supply + 1, (-room - 1) / bound.Worth[^1] + 1));
        }
        return fewest;
    }

    private bool IsAllowed(long[] mix) => bounds.All(bound => bound.Room(mix) >= 0)
        && !_refuted.Exists(refuted => Enumerable.Range(0, mix.Length).All(at => mix[at] <= refuted[at]));
}

namespace PackingKit;

/// <summary>
/// Cutting stock and variable-sized bin packing: bins of several capacities and costs, in limited or unlimited supply, at minimum total
/// cost.
/// </summary>
/// <remarks>
/// <para>Guarantee: run to its end, the plan is cheapest, or it is proved that there is none within the supplies. Stopped by the time
/// limit, it is the best found: never dearer than first-fit or best-fit decreasing by any order in which it tries the kinds of bin (all
/// orders, up to 4 kinds), whatever the limit where there are at most 1,000 sizes, and with more where it leaves time for these. Plans,
/// costs and bounds are checked in integers, whatever the range of costs; the linear solver's floats only guide.</para>
/// <para>Bins of one capacity are packed by <see cref="ExactPacking"/>'s search. Over several, column generation with one knapsack per
/// capacity gives prices; each price vector says which numbers of bins of each kind may do, and the cheapest of these mixes bounds the
/// cost. Dives, CP-SAT over patterns and a tree for single mixes look for plans.</para>
/// <para>Complexity: exponential in the worst case.</para>
/// <para>Deterministic for a seed and worker count as long as no time limit cuts in; thread-safe. The answer does not depend on the units
/// of lengths and of costs.</para>
/// <para>Reference: P. C. Gilmore, R. E. Gomory, Operations Research 9, 1961; J. F. Benders, Numerische Mathematik 4, 1962.</para>
/// </remarks>
/// <example><code>
/// var demands = SizeHistogram.FromCounts([new(1380, 22), new(1520, 25), new(1560, 12)]);
/// var result = CuttingStock.Solve(demands, [new StockBin(5600, 10), new StockBin(3000, 6, Supply: 4)]);
/// </code></example>
public static class CuttingStock
{
    /// <summary>Plans bins for every item at minimum cost.</summary>
    /// <param name="demands">The items: sizes at least 1 with their counts.</param>
    /// <param name="stock">The kinds of bin, at least one; every size must fit one with a supply above 0.</param>
    /// <param name="rules">What cuts and trims take, and what else is asked of a plan.</param>
    /// <param name="options">Time limit, workers and seed.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <returns>
    /// The plan, where there is one; else a result without plan whose status says whether it is proved that there is none.
    /// </returns>
    /// <exception cref="ArgumentOutOfRangeException">
    /// A capacity, cost or supply is out of its range; a size is 0 or fits no bin that there is; with the cuts, the total size leaves the
    /// range of <see cref="long"/>; or the best plan known costs more than that.
    /// </exception>
    /// <exception cref="OperationCanceledException">The token was cancelled before the work was done.</exception>
    public static CuttingStockResult Solve(
        SizeHistogram demands, IReadOnlyList<StockBin> stock, CuttingRules? rules = null,
        SearchOptions? options = null, CancellationToken cancellationToken = default)
    {
        rules ??= CuttingRules.Default;
        Check(demands, stock, rules);
        cancellationToken.ThrowIfCancellationRequested();
        var context = new SearchContext(options ?? SearchOptions.Default, null, LinearPrograms.Create, cancellationToken);
        if (demands.ItemCount == 0)
            return Result(new CuttingPlan([], 0), 0, CuttingStockStatus.Optimal, context);

        var problem = new StockProblem(demands, stock, rules);
        if (StockBound.OfSizes(problem).CostOf(problem) * problem.CostUnit > long.MaxValue)
            throw TooDear(stock, "Every plan");
        var search = new StockSearch(problem, context);
        search.Run();
        cancellationToken.ThrowIfCancellationRequested();
        // Where even the bound leaves the range, what it can say in 64 bits still is true.
        var bound = (long)BigInteger.Min(long.MaxValue, search.Bound * problem.CostUnit);
        if (search.Plan is not { } plan)
            return Result(null, bound, search.IsInfeasible ? CuttingStockStatus.Infeasible : CuttingStockStatus.Unknown, context);
        if (rules.FewerPatterns && !context.Stop)
            plan = StockPatterns.Fewer(problem, plan, context);
        cancellationToken.ThrowIfCancellationRequested();
        var cost = plan.Cost * problem.CostUnit;
        if (cost > long.MaxValue)
            throw TooDear(stock, $"The plan of {Plural.Of(plan.Bins.Sum(), "bin")}");
        var isCheapest = plan.Cost <= search.Bound;
        return Result(
            new CuttingPlan([.. Patterns(plan, problem, demands, stock, rules)], (long)cost), isCheapest ? (long)cost : bound,
            isCheapest ? CuttingStockStatus.Optimal : CuttingStockStatus.Feasible, context);
    }

    private static CuttingStockResult Result(CuttingPlan? plan, long bound, CuttingStockStatus status, SearchContext context) => new()
    {
        Plan = plan,
        LowerBound = bound,
        Status = status,
        StopReason = status == CuttingStockStatus.Infeasible ? StopReason.Completed
            : context.ReasonToStop(status == CuttingStockStatus.Optimal),
        Elapsed = context.Elapsed,
    };

    /// <summary>
    /// The plan in the caller's sizes and kinds, the largest bins first and of them what is cut most often; of each class the cheapest
    /// bins are taken first.
    /// </summary>
    private static IEnumerable<CutPattern> Patterns(
        StockPlan plan, StockProblem problem, SizeHistogram demands, IReadOnlyList<StockBin> stock, CuttingRules rules)
    {
        var left = problem.Classes.Select(bins => new Queue<StockKind>(bins.Kinds)).ToArray();
        var taken = new long[problem.Classes.Length]; // of the first kind in each queue
        var entries = plan.Entries.GroupBy(entry => (entry.Class, entry.Pattern))
            .Select(alike => (alike.Key.Class, alike.Key.Pattern, Bins: alike.Sum(entry => entry.Bins)))
            .OrderBy(entry => entry.Class).ThenByDescending(entry => entry.Bins);
        foreach (var (at, content, bins) in entries)
            for (var rest = bins; rest > 0;)
            {
                var kind = left[at].Peek();
                var now = Math.Min(rest, kind.Supply - taken[at]);
                if (now == 0)
                {
                    left[at].Dequeue();
                    taken[at] = 0;
                    continue;
                }
                var pattern = new PackingPattern(
                    [.. content.Types.Zip(content.Copies, (type, copies) => new SizeCount(demands.Sizes[type], copies))], now);
                var remnant = rules.RemnantOf(stock[kind.Index], pattern);
                yield return new CutPattern(kind.Index, pattern, remnant, remnant >= rules.MinRemnant ? remnant : 0);
                taken[at] += now;
                rest -= now;
            }
    }

    private static void Check(SizeHistogram demands, IReadOnlyList<StockBin> stock, CuttingRules rules)
    {
        ArgumentNullException.ThrowIfNull(demands);
        ArgumentNullException.ThrowIfNull(stock);
        for (var i = 0; i < stock.Count; i++)
            if (stock[i] is null)
                throw new ArgumentException($"Bin {i} is null.", nameof(stock));
            else if (stock[i].Capacity < 1 || stock[i].Cost < 1 || stock[i].Supply < 0)
                throw new ArgumentOutOfRangeException(
                    nameof(stock), stock[i], $"Bin {i} needs a capacity and a cost of at least 1 and no negative supply: {stock[i]}.");
        if (demands.ItemCount == 0)
            return;
        if (demands.Sizes[^1] == 0)
            throw new ArgumentOutOfRangeException(nameof(demands), 0, "A size is 0.");
        var supplied = stock.Where(bin => bin.Supply is not 0).Select(rules.RoomOf).DefaultIfEmpty().Max();
        if (demands.Sizes[0] > supplied)
            throw new ArgumentOutOfRangeException(
                nameof(demands), demands.Sizes[0],
                $"Size {demands.Sizes[0]} fits no bin{(stock.Any(bin => rules.RoomOf(bin) >= demands.Sizes[0]) ? " with a supply" : "")}; "
                + $"the largest holds {Int128.Max(0, supplied)}{Where(rules)}.");
        if (demands.TotalSize + ((Int128)rules.Kerf * demands.ItemCount) > long.MaxValue)
            throw new ArgumentOutOfRangeException(
                nameof(rules), rules.Kerf, $"{demands.ItemCount} cuts of {rules.Kerf} leave the range of a 64-bit integer.");
    }

    private static ArgumentOutOfRangeException TooDear(IReadOnlyList<StockBin> stock, string what) => new(
        nameof(stock), stock.Max(bin => bin.Cost), $"{what} costs more than the largest 64-bit integer.");

    private static string Where(CuttingRules rules) => rules.TrimStart > 0 || rules.TrimEnd > 0 ? " between its trims" : "";
}

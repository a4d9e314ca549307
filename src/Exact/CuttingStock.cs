namespace PackingKit;

/// <summary>
/// Variable-sized bin packing and cutting stock: bins of several capacities and costs, in limited or unlimited supply, at minimum total
/// cost.
/// </summary>
/// <remarks>
/// <para>Guarantee: the cost and the bound are exact integers; the plan is cheapest where they meet. Column generation with one knapsack
/// per kind of bin bounds the cost. CP-SAT takes the best plan from the patterns met; where the patterns that a cheaper plan could use are
/// few enough to list, it decides over all of them.</para>
/// <para>Deterministic for a seed and worker count as long as no time limit cuts in; thread-safe.</para>
/// <para>Reference: P. C. Gilmore, R. E. Gomory, Operations Research 9, 1961.</para>
/// </remarks>
/// <example><code>
/// var demands = SizeHistogram.FromCounts([new(1380, 22), new(1520, 25), new(1560, 12)]);
/// var plan = CuttingStock.Solve(demands, [new StockBin(5600, 10), new StockBin(3000, 6, Supply: 4)]);
/// </code></example>
public static class CuttingStock
{
    /// <summary>Plans bins for every item at minimum cost.</summary>
    /// <param name="demands">The items: sizes at least 1 with their counts.</param>
    /// <param name="stock">The kinds of bin, at least one; every size must fit one of them.</param>
    /// <param name="maxItems">The most items in one bin, at least 1; <see cref="BinLimits.Unlimited"/> for no limit.</param>
    /// <param name="options">Time limit, workers and seed.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <exception cref="ArgumentOutOfRangeException">
    /// A capacity, cost, supply or limit is out of its range, or a size is 0 or fits no bin.
    /// </exception>
    /// <exception cref="InvalidOperationException">
    /// No plan was found within the supplies; the message says whether it is proved that there is none.
    /// </exception>
    /// <exception cref="OperationCanceledException">The token was cancelled before the work was done.</exception>
    public static CuttingStockResult Solve(
        SizeHistogram demands, IReadOnlyList<StockBin> stock, long maxItems = BinLimits.Unlimited,
        SearchOptions? options = null, CancellationToken cancellationToken = default)
    {
        Check(demands, stock, maxItems);
        cancellationToken.ThrowIfCancellationRequested();
        var context = new SearchContext(options ?? SearchOptions.Default, null, LinearPrograms.Create, cancellationToken);
        if (demands.ItemCount == 0)
            return new CuttingStockResult([], 0, 0, StopReason.BoundReached, context.Elapsed);

        using var relaxation = new CuttingStockRelaxation(demands, stock, maxItems, context);
        relaxation.Run();
        var bound = relaxation.Bound;
        var best = CuttingStockModel.Solve(relaxation.Patterns, demands, stock, long.MaxValue, context, out _);
        var proved = false;
        if (best is null || best.Value.Cost > bound)
        {
            // Only patterns of little reduced cost can be in a cheaper plan: where they can all be listed, CP-SAT decides.
            var maxCost = best is null ? long.MaxValue : best.Value.Cost - 1;
            if (relaxation.PatternsUpTo(maxCost, SearchTuning.MaxStockPatterns) is { } all)
            {
                var cheaper = CuttingStockModel.Solve(all, demands, stock, maxCost, context, out proved);
                best = cheaper is not null && cheaper.Value.Cost <= maxCost ? cheaper : best;
            }
            if (proved && best is not null)
                bound = best.Value.Cost;
        }
        cancellationToken.ThrowIfCancellationRequested();
        if (best is null)
            throw new InvalidOperationException(
                proved ? "There is no plan within the supplies." : "No plan within the supplies was found; there may be one.");
        var (patterns, cost) = best.Value;
        return new CuttingStockResult([.. patterns], cost, bound, context.ReasonToStop(cost == bound), context.Elapsed);
    }

    private static void Check(SizeHistogram demands, IReadOnlyList<StockBin> stock, long maxItems)
    {
        ArgumentNullException.ThrowIfNull(demands);
        ArgumentNullException.ThrowIfNull(stock);
        ArgumentOutOfRangeException.ThrowIfLessThan(maxItems, 1);
        for (var i = 0; i < stock.Count; i++)
            if (stock[i] is null)
                throw new ArgumentException($"Bin {i} is null.", nameof(stock));
            else if (stock[i].Capacity < 1 || stock[i].Cost < 1 || stock[i].Supply < 0)
                throw new ArgumentOutOfRangeException(
                    nameof(stock), stock[i], $"Bin {i} needs a capacity and a cost of at least 1 and no negative supply: {stock[i]}.");
        // A plan has at most one bin for each item.
        var dearest = stock.Select(bin => bin.Cost).DefaultIfEmpty().Max();
        if ((Int128)demands.ItemCount * dearest > long.MaxValue)
            throw new ArgumentOutOfRangeException(
                nameof(stock), dearest, $"{demands.ItemCount} bins of cost {dearest} leave the range of a 64-bit integer.");
        var largest = stock.Where(bin => bin.Supply is not 0).Select(bin => bin.Capacity).DefaultIfEmpty().Max();
        if (demands.DistinctCount > 0 && demands.Sizes[0] > largest)
            throw new ArgumentOutOfRangeException(
                nameof(demands), demands.Sizes[0], $"Size {demands.Sizes[0]} fits no bin; the largest holds {largest}.");
        if (demands.DistinctCount > 0 && demands.Sizes[^1] == 0)
            throw new ArgumentOutOfRangeException(nameof(demands), 0, "A size is 0.");
    }
}

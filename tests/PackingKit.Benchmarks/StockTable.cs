using PackingKit;

/// <summary>
/// `-- stock [--seconds 10] [--only 40] [--seed N]`: cutting stock on seeded lists of 10 to 300 sizes, with one kind of bin, with two, and
/// with as many of both as the plan for two took and 0, 1, 3 or 10 more; beside the best of first-fit and best-fit decreasing over every
/// order of the kinds and of `exact` with each kind alone.
/// </summary>
internal static class StockTable
{
    private static readonly StockBin[] One = [new(6000, 1)], Two = [new(6000, 61), new(4200, 43)];

    public static int Run(string[] args)
    {
        var seconds = double.Parse(Arguments.Option(args, "--seconds") ?? "10");
        var only = Arguments.Option(args, "--only");
        var seeds = Arguments.Option(args, "--seed") is { } seed ? [int.Parse(seed)] : (int[])[1, 2];
        var options = new SearchOptions { TimeLimit = TimeSpan.FromSeconds(seconds) };
        CuttingStock.Solve(SizeHistogram.Of([44, 6, 24, 6, 24, 8, 22, 8, 17, 21]), [new(60, 2), new(50, 1, 2)]); // loads the native solvers
        Console.WriteLine("| sizes | seed | items | stock | cost | best simple | bound | status | s | exact s |");
        Console.WriteLine("|---|---|---|---|---|---|---|---|---|---|");
        var rows = new List<(int Sizes, string Stock, CuttingStockResult Result, long? Simple, TimeSpan? Exact)>();
        foreach (var sizes in (int[])[10, 20, 40, 80, 150, 300])
            foreach (var number in seeds)
            {
                if (only is not null && only != sizes.ToString())
                    continue;
                var demands = Demands(sizes, number);
                Row(demands, sizes, number, "one", One);
                var two = Row(demands, sizes, number, "two", Two);
                foreach (var slack in (int[])[0, 1, 3, 10])
                    Row(demands, sizes, number, $"need + {slack}", [.. Two.Select((bin, kind) => bin with
                    {
                        Supply = slack + two!.Patterns.Where(cut => cut.Bin == kind).Sum(cut => cut.Pattern.Multiplicity),
                    })]);
            }
        Console.WriteLine("\n| sizes | stock | optimal | largest gap % | no plan | below simple | dearer | s | times exact |");
        Console.WriteLine("|---|---|---|---|---|---|---|---|---|");
        foreach (var group in rows.GroupBy(row => (row.Sizes, row.Stock)))
            Console.WriteLine(
                $"| {group.Key.Sizes} | {group.Key.Stock} "
                + $"| {group.Count(row => row.Result.Status == CuttingStockStatus.Optimal)} of {group.Count()} "
                + $"| {group.Max(row => 100.0 * (row.Result.Gap ?? 0) / (row.Result.Plan?.Cost ?? 1)):F3} "
                + $"| {group.Count(row => row.Result.Plan is null)} "
                + $"| {group.Count(row => row.Result.Plan is not null && !(row.Simple <= row.Result.Plan.Cost))} "
                + $"| {group.Count(IsWorse)} | {group.Max(row => row.Result.Elapsed.TotalSeconds):F2} "
                + $"| {(group.Key.Stock == "one" ? $"{group.Max(row => row.Result.Elapsed / row.Exact!.Value):F1}" : "")} |");
        return rows.Any(IsWorse) ? 1 : 0;

        static bool IsWorse((int Sizes, string Stock, CuttingStockResult Result, long? Simple, TimeSpan? Exact) row) =>
            row.Simple is not null && (row.Result.Plan is null || row.Result.Plan.Cost > row.Simple);

        CuttingPlan? Row(SizeHistogram demands, int sizes, int number, string name, StockBin[] stock)
        {
            var (simple, exact) = BestSimple(demands, stock, options);
            var result = Quickest(() => CuttingStock.Solve(demands, stock, options: options), solved => solved.Elapsed);
            rows.Add((sizes, name, result, simple, exact));
            Console.WriteLine(
                $"| {sizes} | {number} | {demands.ItemCount} | {name} "
                + $"| {result.Plan?.Cost.ToString() ?? "none"}{(IsWorse(rows[^1]) ? " DEARER" : "")} "
                + $"| {simple?.ToString() ?? "none"} | {result.LowerBound} | {result.Status} | {result.Elapsed.TotalSeconds:F2} "
                + $"| {(exact is { } elapsed ? $"{elapsed.TotalSeconds:F2}" : "")} |");
            return result.Plan;
        }
    }

    /// <summary>Lengths from 150 to 2,400, mostly short, or with an even seed from 1,200 to 2,700; each wanted 1 to 30 times.</summary>
    private static SizeHistogram Demands(int sizes, int seed)
    {
        var random = new Random((1000 * sizes) + seed);
        var counts = new Dictionary<long, long>();
        while (counts.Count < sizes)
            counts[seed % 2 == 0 ? random.NextInt64(1200, 2701) : 150 + (long)(2250 * Math.Pow(random.NextDouble(), 1.3))] =
                random.NextInt64(1, 31);
        return SizeHistogram.FromCounts(counts.Select(size => new SizeCount(size.Key, size.Value)));
    }

    /// <summary>The quickest of three runs where one is short: else it is told how long the compiler took.</summary>
    private static T Quickest<T>(Func<T> run, Func<T, TimeSpan> elapsed) =>
        run() is var first && elapsed(first) < TimeSpan.FromSeconds(0.5) ? new[] { first, run(), run() }.MinBy(elapsed)! : first;

    private static (long? Cost, TimeSpan? Exact) BestSimple(SizeHistogram demands, StockBin[] stock, SearchOptions options)
    {
        long? best = null;
        TimeSpan? elapsed = null;
        foreach (var bin in stock)
        {
            if (bin.Supply is not null)
                continue;
            var result = Quickest(() => new ExactPacking(options).Plan(demands, bin.Capacity), planned => planned.Elapsed);
            elapsed = (elapsed ?? default) + result.Elapsed;
            best = Math.Min(best ?? long.MaxValue, result.BinCount * bin.Cost);
        }
        foreach (var order in (StockBin[][])[stock, [.. stock.Reverse()]])
            foreach (var tightest in (bool[])[false, true])
                if (Fit(demands, order, tightest) is { } cost)
                    best = Math.Min(best ?? long.MaxValue, cost);
        return (best, elapsed);
    }

    /// <summary>First-fit or best-fit decreasing as it reads; a new bin is the first kind that is large enough and not used up.</summary>
    private static long? Fit(SizeHistogram demands, StockBin[] order, bool tightest)
    {
        var (residuals, used, cost) = (new List<long>(), new long[order.Length], 0L);
        foreach (var size in demands.Pairs().SelectMany(pair => Enumerable.Repeat(pair.Size, (int)pair.Count)))
        {
            var at = -1;
            for (var i = 0; i < residuals.Count; i++)
                if (residuals[i] >= size && (at < 0 || (tightest && residuals[i] < residuals[at])))
                    at = i;
            if (at < 0)
            {
                var kind = Array.FindIndex(
                    [.. Enumerable.Range(0, order.Length)], i => order[i].Capacity >= size && used[i] < (order[i].Supply ?? long.MaxValue));
                if (kind < 0)
                    return null;
                used[kind]++;
                cost += order[kind].Cost;
                residuals.Add(order[kind].Capacity);
                at = residuals.Count - 1;
            }
            residuals[at] -= size;
        }
        return cost;
    }
}

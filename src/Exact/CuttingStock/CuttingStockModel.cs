using Google.OrTools.Sat;

namespace PackingKit;

/// <summary>
/// The integer program over patterns for several kinds of bin: CP-SAT takes the cheapest set that covers every demand within the supplies.
/// </summary>
internal static class CuttingStockModel
{
    /// <summary>The cheapest plan from some patterns.</summary>
    /// <param name="patterns">The patterns that may be used.</param>
    /// <param name="demands">The items.</param>
    /// <param name="stock">The kinds of bin.</param>
    /// <param name="maxCost">The most that the plan may cost.</param>
    /// <param name="context">Time limit, seed, workers and cancellation.</param>
    /// <param name="proved">Whether it is proved that no plan from these patterns is cheaper, or that there is none.</param>
    public static (List<CutPattern> Patterns, long Cost)? Solve(
        IReadOnlyCollection<(int Bin, Pattern Pattern)> patterns, SizeHistogram demands, IReadOnlyList<StockBin> stock, long maxCost,
        SearchContext context, out bool proved)
    {
        var model = new CpModel();
        var rows = Enumerable.Range(0, demands.DistinctCount).Select(_ => LinearExpr.NewBuilder()).ToArray();
        var used = stock.Select(_ => LinearExpr.NewBuilder()).ToArray();
        var counts = new List<(IntVar Count, int Bin, Pattern Pattern)>();
        Int128 dearest = 0;
        foreach (var (bin, pattern) in patterns)
        {
            var enough = 0L;
            for (var i = 0; i < pattern.Types.Length; i++)
                enough = Math.Max(enough, Integers.CeilingDivide(demands.Counts[pattern.Types[i]], pattern.Copies[i]));
            var count = model.NewIntVar(0, Math.Min(enough, stock[bin].Supply ?? enough), "");
            for (var i = 0; i < pattern.Types.Length; i++)
                rows[pattern.Types[i]].AddTerm(count, pattern.Copies[i]);
            used[bin].AddTerm(count, 1);
            counts.Add((count, bin, pattern));
            dearest += (Int128)enough * stock[bin].Cost;
        }
        // CP-SAT's sums must stay in 64 bits. Costs in larger units, rounded down, still refute; they no longer tell what is cheapest.
        var unit = (long)(dearest / (long.MaxValue / 4)) + 1;
        var cost = LinearExpr.NewBuilder();
        foreach (var (count, bin, _) in counts)
            cost.AddTerm(count, stock[bin].Cost / unit);
        for (var type = 0; type < rows.Length; type++)
            model.Add(rows[type] >= demands.Counts[type]);
        for (var bin = 0; bin < stock.Count; bin++)
            if (stock[bin].Supply is { } supply)
                model.Add(used[bin] <= supply);
        if (maxCost < long.MaxValue)
            model.Add(cost <= maxCost / unit);
        model.Minimize(cost);

        using var solver = new CpSolver { StringParameters = CpSatRunner.Parameters(context, SearchTuning.StockEffort) };
        var status = solver.SolveUntil(() => context.Stop, model);
        proved = status is CpSolverStatus.Infeasible || (status is CpSolverStatus.Optimal && unit == 1);
        return status is CpSolverStatus.Optimal or CpSolverStatus.Feasible
            ? Read(counts.Select(entry => (entry.Bin, entry.Pattern, solver.Value(entry.Count))), demands, stock)
            : null;
    }

    /// <summary>The plan without copies beyond the demand: the model may cover more than that.</summary>
    private static (List<CutPattern> Patterns, long Cost) Read(
        IEnumerable<(int Bin, Pattern Pattern, long Times)> taken, SizeHistogram demands, IReadOnlyList<StockBin> stock)
    {
        var left = demands.Counts.ToArray();
        List<CutPattern> plan = [];
        var cost = 0L;
        foreach (var (bin, pattern, times) in taken)
        {
            var rest = times;
            while (rest > 0)
            {
                List<SizeCount> items = [];
                var alike = rest;
                for (var i = 0; i < pattern.Types.Length; i++)
                {
                    var copies = Math.Min(pattern.Copies[i], left[pattern.Types[i]]);
                    if (copies == 0)
                        continue;
                    items.Add(new(demands.Sizes[pattern.Types[i]], copies));
                    alike = Math.Min(alike, left[pattern.Types[i]] / copies);
                }
                if (items.Count == 0)
                    break; // the rest of the bins would be empty
                foreach (var (size, copies) in items)
                    left[demands.IndexOf(size)] -= copies * alike;
                plan.Add(new CutPattern(bin, new PackingPattern([.. items], alike)));
                cost += alike * stock[bin].Cost;
                rest -= alike;
            }
        }
        return (plan, cost);
    }
}

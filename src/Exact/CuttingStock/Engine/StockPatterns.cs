using Google.OrTools.Sat;

namespace PackingKit;

/// <summary>
/// A plan of no greater cost with fewer different patterns, which means fewer changes of the saw: CP-SAT over many patterns that plans of
/// that cost may use.
/// </summary>
internal static class StockPatterns
{
    /// <summary>Looks for such a plan.</summary>
    /// <returns>The best found, or the plan given.</returns>
    public static StockPlan Fewer(StockProblem problem, StockPlan plan, SearchContext context)
    {
        var start = plan.Entries.GroupBy(entry => (entry.Class, entry.Pattern))
            .ToDictionary(alike => alike.Key, alike => alike.Sum(entry => entry.Bins));
        var pool = Pool(problem, plan, start.Keys, context);
        var model = new CpModel();
        var rows = Enumerable.Range(0, problem.Counts.Length).Select(_ => LinearExpr.NewBuilder()).ToArray();
        var filled = problem.Classes.Select(_ => LinearExpr.NewBuilder()).ToArray();
        var counts = new List<IntVar>();
        var used = LinearExpr.NewBuilder();
        foreach (var (at, pattern) in pool)
        {
            var most = problem.Classes[at].Supply;
            for (var i = 0; i < pattern.Types.Length; i++)
                most = Math.Min(most, problem.Counts[pattern.Types[i]] / pattern.Copies[i]);
            var (count, isUsed) = (model.NewIntVar(0, most, ""), model.NewBoolVar(""));
            model.Add(count <= most * isUsed);
            for (var i = 0; i < pattern.Types.Length; i++)
                rows[pattern.Types[i]].AddTerm(count, pattern.Copies[i]);
            filled[at].AddTerm(count, 1);
            used.AddTerm(isUsed, 1);
            counts.Add(count);
            var bins = start.GetValueOrDefault((at, pattern));
            model.AddHint(count, bins);
            model.AddHint(isUsed, bins > 0 ? 1 : 0);
        }
        for (var type = 0; type < rows.Length; type++)
            model.Add(rows[type] == problem.Counts[type]);
        // The same number of bins of each class: the cost stays, whatever its range.
        for (var at = 0; at < filled.Length; at++)
            model.Add(filled[at] <= plan.Bins[at]);
        model.Minimize(used);

        using var solver = new CpSolver { StringParameters = CpSatRunner.Parameters(context, SearchTuning.FewerPatternsEffort) };
        if (solver.SolveUntil(() => context.Stop, model) is not (CpSolverStatus.Optimal or CpSolverStatus.Feasible))
            return plan;
        var fewer = problem.TryPlan([.. pool.Zip(counts, (pattern, count) => (pattern.Class, pattern.Pattern, solver.Value(count)))
            .Where(entry => entry.Item3 > 0)]);
        return fewer is not null && fewer.Entries.Count < start.Count ? fewer : plan;
    }

    private static List<(int Class, Pattern Pattern)> Pool(
        StockProblem problem, StockPlan plan, IEnumerable<(int Class, Pattern Pattern)> used, SearchContext context)
    {
        using var relaxation = new StockRelaxation(problem, plan.Bins.Sum(), context);
        foreach (var (at, pattern) in used)
            relaxation.Add(at, pattern);
        relaxation.Bind(plan.Cost + 1);
        return [.. relaxation.Patterns.Concat(relaxation.SomePatternsUpTo(plan.Cost, SearchTuning.MaxPatternsForFewer)).Distinct()];
    }
}

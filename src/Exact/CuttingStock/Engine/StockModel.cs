using Google.OrTools.Sat;

namespace PackingKit;

/// <summary>
/// The integer program over patterns for several kinds of bin: CP-SAT takes the cheapest set that covers every demand within the supplies.
/// </summary>
internal static class StockModel
{
    /// <summary>The cheapest plan from some patterns, as far as it costs no more than is asked for.</summary>
    /// <param name="problem">What is to be packed.</param>
    /// <param name="patterns">The patterns that may be used.</param>
    /// <param name="maxCost">The most that the plan may cost; <see langword="null"/> where any cost will do.</param>
    /// <param name="context">Time limit, seed, workers and cancellation.</param>
    /// <param name="effort">The most deterministic time, about seconds.</param>
    /// <param name="proved">Whether it is proved that no plan from these patterns is cheaper, or that there is none.</param>
    public static StockPlan? Solve(
        StockProblem problem, IReadOnlyCollection<(int Class, Pattern Pattern)> patterns, BigInteger? maxCost, SearchContext context,
        double effort, out bool proved)
    {
        proved = false;
        var model = new CpModel();
        var rows = Enumerable.Range(0, problem.Counts.Length).Select(_ => LinearExpr.NewBuilder()).ToArray();
        var filled = problem.Classes.Select(_ => LinearExpr.NewBuilder()).ToArray();
        var counts = new List<(IntVar Count, int Class, Pattern Pattern)>();
        foreach (var (at, pattern) in patterns)
        {
            var enough = 0L;
            for (var i = 0; i < pattern.Types.Length; i++)
                enough = Math.Max(enough, Integers.CeilingDivide(problem.Counts[pattern.Types[i]], pattern.Copies[i]));
            var count = model.NewIntVar(0, Math.Min(enough, problem.Classes[at].Supply), "");
            for (var i = 0; i < pattern.Types.Length; i++)
                rows[pattern.Types[i]].AddTerm(count, pattern.Copies[i]);
            filled[at].AddTerm(count, 1);
            counts.Add((count, at, pattern));
        }
        // CP-SAT's sums must stay in 64 bits. Costs in larger units, rounded down, still refute; they no longer tell what is cheapest.
        var kinds = problem.Classes.SelectMany(bins => bins.Kinds).ToArray();
        var dearest = kinds.Aggregate(BigInteger.Zero, (sum, kind) => sum + ((BigInteger)kind.Supply * kind.Cost));
        var unit = (dearest / (long.MaxValue / 4)) + 1;
        var cost = LinearExpr.NewBuilder();
        for (var at = 0; at < filled.Length; at++)
        {
            var taken = LinearExpr.NewBuilder();
            foreach (var kind in problem.Classes[at].Kinds)
            {
                var count = model.NewIntVar(0, kind.Supply, "");
                taken.AddTerm(count, 1);
                cost.AddTerm(count, (long)(kind.Cost / unit));
            }
            model.Add(filled[at] <= taken);
        }
        for (var type = 0; type < rows.Length; type++)
            model.Add(rows[type] >= problem.Counts[type]);
        if (maxCost is { } most && most < dearest)
            model.Add(cost <= (long)(most / unit));
        model.Minimize(cost);

        using var solver = new CpSolver { StringParameters = CpSatRunner.Parameters(context, effort) };
        var status = solver.SolveUntil(() => context.Stop, model);
        proved = status is CpSolverStatus.Infeasible || (status is CpSolverStatus.Optimal && unit.IsOne);
        return status is CpSolverStatus.Optimal or CpSolverStatus.Feasible
            ? Read(problem, counts.Select(entry => (entry.Class, entry.Pattern, solver.Value(entry.Count))))
            : null;
    }

    /// <summary>The plan without copies beyond the demand: the model may cover more than that.</summary>
    private static StockPlan? Read(StockProblem problem, IEnumerable<(int Class, Pattern Pattern, long Times)> taken)
    {
        var left = (long[])problem.Counts.Clone();
        List<(int Class, Pattern Pattern, long Bins)> entries = [];
        foreach (var (at, pattern, times) in taken)
            for (var rest = times; rest > 0;)
            {
                var wanted = Enumerable.Range(0, pattern.Types.Length).Where(i => left[pattern.Types[i]] > 0).ToArray();
                if (wanted.Length == 0)
                    break; // the rest of the bins would be empty
                var content = new Pattern(
                    Array.ConvertAll(wanted, i => pattern.Types[i]),
                    Array.ConvertAll(wanted, i => Math.Min(pattern.Copies[i], left[pattern.Types[i]])));
                var alike = rest;
                for (var i = 0; i < content.Types.Length; i++)
                    alike = Math.Min(alike, left[content.Types[i]] / content.Copies[i]);
                for (var i = 0; i < content.Types.Length; i++)
                    left[content.Types[i]] -= alike * content.Copies[i];
                entries.Add((at, content, alike));
                rest -= alike;
            }
        return problem.TryPlan(entries);
    }
}

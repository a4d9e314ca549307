using Google.OrTools.Sat;

namespace PackingKit;

/// <summary>
/// The integer program over a complete set of patterns: CP-SAT decides, in integers, whether a given number of them packs every item
/// exactly once.
/// </summary>
internal static class SetPartitioningModel
{
    /// <summary>Takes <paramref name="bins"/> of the patterns so that every demand is met exactly.</summary>
    /// <param name="patterns">Every pattern that such a packing may use.</param>
    /// <param name="demands">How many of each type there are.</param>
    /// <param name="bins">The number of bins.</param>
    /// <param name="context">Time limit, seed, workers and cancellation.</param>
    /// <param name="effort">The most deterministic time, about seconds.</param>
    /// <param name="packing">The packing, where there is one.</param>
    /// <returns>Whether there is a packing; <see langword="null"/> where the solver did not finish.</returns>
    public static bool? Solve(
        IReadOnlyList<Pattern> patterns, long[] demands, long bins, SearchContext context, double effort,
        out List<(Pattern Pattern, long Bins)> packing)
    {
        packing = [];
        var model = new CpModel();
        var counts = new IntVar[patterns.Count];
        var rows = Array.ConvertAll(demands, _ => LinearExpr.NewBuilder());
        for (var i = 0; i < counts.Length; i++)
        {
            var maxCount = bins;
            for (var j = 0; j < patterns[i].Types.Length; j++)
                maxCount = Math.Min(maxCount, demands[patterns[i].Types[j]] / patterns[i].Copies[j]);
            counts[i] = model.NewIntVar(0, maxCount, "");
            for (var j = 0; j < patterns[i].Types.Length; j++)
                rows[patterns[i].Types[j]].AddTerm(counts[i], patterns[i].Copies[j]);
        }
        for (var type = 0; type < demands.Length; type++)
            model.Add(rows[type] == demands[type]);
        model.Add(LinearExpr.Sum(counts) == bins);

        using var solver = new CpSolver { StringParameters = CpSatRunner.Parameters(context, effort) };
        var status = solver.SolveUntil(() => context.Stop, model);
        if (status is CpSolverStatus.Optimal or CpSolverStatus.Feasible)
        {
            for (var i = 0; i < counts.Length; i++)
                if (solver.Value(counts[i]) is var value and > 0)
                    packing.Add((patterns[i], value));
            return true;
        }
        return status == CpSolverStatus.Infeasible ? false : null;
    }
}

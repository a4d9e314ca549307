using Google.OrTools.Sat;

namespace PackingKit;

/// <summary>How CP-SAT is run: its parameters, and a request to stop that reaches it.</summary>
internal static class CpSatRunner
{
    /// <summary>
    /// CP-SAT's parameters for a search. Interleaved workers give the same answer at every run. The solver's own handler of Ctrl+C is
    /// switched off: it would end the process in a native exception.
    /// </summary>
    /// <param name="context">Time limit, workers and seed.</param>
    /// <param name="effort">The most deterministic time, about seconds.</param>
    public static string Parameters(SearchContext context, double effort)
    {
        var seconds = Math.Clamp(context.TimeLeft.TotalSeconds, 0.01, 1e6);
        var options = context.Options;
        return $"catch_sigint_signal:false num_workers:{Workers(options)} interleave_search:true random_seed:{options.Seed} " +
            FormattableString.Invariant($"max_time_in_seconds:{seconds} max_deterministic_time:{effort}");
    }

    /// <summary>The number of workers, as far as CP-SAT takes it.</summary>
    public static int Workers(SearchOptions options) => Math.Min(options.Workers, SearchTuning.MaxCpSatWorkers);

    /// <summary>Solves until <paramref name="stop"/> says so.</summary>
    public static CpSolverStatus SolveUntil(this CpSolver solver, Func<bool> stop, CpModel model, SolutionCallback? callback = null) =>
        StopRequests.Send(stop, solver.StopSearch, () => solver.Solve(model, callback));
}

using Google.OrTools.Sat;

namespace PackingKit;

/// <summary>
/// Solving with CP-SAT until somebody wants it to stop: a request that comes before the solver has started is lost, so it is repeated until
/// the solver returns.
/// </summary>
internal static class CpSatStop
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    public static CpSolverStatus SolveUntil(this CpSolver solver, Func<bool> stop, CpModel model, SolutionCallback? callback = null)
    {
        using var done = new ManualResetEvent(false);
        var timer = new Timer(
            _ =>
            {
                if (stop())
                    solver.StopSearch();
            },
            null, Pause, Pause);
        try
        {
            return solver.Solve(model, callback);
        }
        finally
        {
            if (timer.Dispose(done)) // afterwards the solver may be disposed of
                done.WaitOne();
        }
    }
}

using Google.OrTools.Sat;

namespace PackingKit;

/// <summary>
/// Asks CP-SAT to stop for as long as somebody wants it to: a request that comes before the solver has started is lost, so one is not
/// enough.
/// </summary>
internal sealed class CpSatStop : IDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);
    private readonly Timer _timer;

    public CpSatStop(CpSolver solver, Func<bool> wanted) => _timer = new Timer(
        _ =>
        {
            if (wanted())
                solver.StopSearch();
        },
        null, Pause, Pause);

    /// <summary>Ends the asking; afterwards the solver may be disposed of.</summary>
    public void Dispose()
    {
        using var done = new ManualResetEvent(false);
        if (_timer.Dispose(done))
            done.WaitOne();
    }
}

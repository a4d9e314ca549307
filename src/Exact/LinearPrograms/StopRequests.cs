namespace PackingKit;

/// <summary>Requests to stop for native solvers that ask nobody while they run.</summary>
internal static class StopRequests
{
    /// <summary>Time between two requests.</summary>
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(20);

    /// <summary>
    /// Solves, and interrupts the solver when it is time to stop. A request that comes before the solver has started is lost, so it is
    /// repeated until the solver returns.
    /// </summary>
    public static T Send<T>(Func<bool> stop, Action interrupt, Func<T> solve)
    {
        using var done = new ManualResetEvent(false);
        var timer = new Timer(
            _ =>
            {
                if (stop())
                    interrupt();
            },
            null, Interval, Interval);
        try
        {
            return solve();
        }
        finally
        {
            if (timer.Dispose(done)) // afterwards the solver may be disposed of
                done.WaitOne();
        }
    }
}

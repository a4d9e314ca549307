namespace PackingKit;

/// <summary>
/// What all parts of one search share: when to stop, progress, the linear solver, and one block of memory for knapsack tables.
/// </summary>
internal sealed class SearchContext(
    SearchOptions options, IProgress<PackingProgress>? progress, Func<int, ILinearProgram> createProgram,
    CancellationToken cancellationToken, TimeProvider? clock = null)
{
    private readonly TimeProvider _clock = clock ?? TimeProvider.System;
    private readonly long _start = (clock ?? TimeProvider.System).GetTimestamp();

    public SearchOptions Options => options;

    public TimeSpan Elapsed => _clock.GetElapsedTime(_start);

    public CancellationToken Cancellation => cancellationToken;

    public Func<int, ILinearProgram> CreateProgram => createProgram;

    /// <summary>Memory for the table in use: one search works on one table at a time.</summary>
    public double[] TableMemory { get; set; } = [];

    public CancellationTokenSource StartTimer() => options.StartTimer(Elapsed);

    /// <summary>Whether the best so far is to do: the time is up, or a stop was asked for.</summary>
    public bool TimeIsUp =>
        options.Stop.IsCancellationRequested || (options.TimeLimit is { } limit && Elapsed >= limit);

    /// <summary>Time left; <see cref="TimeSpan.MaxValue"/> where there is no limit.</summary>
    public TimeSpan TimeLeft => options.TimeLimit is { } limit ? limit - Elapsed : TimeSpan.MaxValue;

    public bool Stop => cancellationToken.IsCancellationRequested || TimeIsUp;

    public StopReason ReasonToStop(bool isBoundReached) =>
        isBoundReached ? StopReason.BoundReached : TimeIsUp ? options.CutShort : StopReason.WorkLimit;

    public void Report(string phase, long bins, long lowerBound) => progress?.Report(new PackingProgress(phase, bins, lowerBound, Elapsed));
}

namespace PackingKit;

/// <summary>Options of the strategies that search. Heuristics have none.</summary>
public sealed record SearchOptions
{
    /// <summary>The options that a strategy uses where none are given: no time limit, one worker, seed 0.</summary>
    public static SearchOptions Default { get; } = new();

    /// <summary>When to stop with the best packing so far; <see langword="null"/> (the default) for no limit. Above zero.</summary>
    public TimeSpan? TimeLimit
    {
        get;
        init
        {
            if (value is { } limit)
                ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(limit, TimeSpan.Zero, nameof(TimeLimit));
            field = value;
        }
    }

    /// <summary>
    /// When cancelled, the search stops with the best packing so far, as at the end of its time; a cancelled argument of a strategy throws.
    /// </summary>
    public CancellationToken Stop { get; init; }

    /// <summary>Why a search that was cut short by time or by <see cref="Stop"/> stopped.</summary>
    internal StopReason CutShort => Stop.IsCancellationRequested ? StopReason.Stopped : StopReason.TimeLimit;

    /// <summary>A source that is cancelled when the time limit is up or a stop is asked for.</summary>
    /// <param name="elapsed">Time that has passed already.</param>
    internal CancellationTokenSource StartTimer(TimeSpan elapsed = default)
    {
        var source = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        if (TimeLimit is { } limit)
            CancelAfter(source, limit - elapsed);
        return source;
    }

    /// <summary>Cancels a source when a time is up: at once where it is up already, never where no timer can wait that long.</summary>
    internal static void CancelAfter(CancellationTokenSource source, TimeSpan time)
    {
        if (time.TotalMilliseconds < int.MaxValue)
            source.CancelAfter(time > TimeSpan.Zero ? time : TimeSpan.Zero);
    }

    /// <summary>
    /// Number of threads, at least 1 (the default). With one worker and no time limit that cuts in, results repeat for a seed.
    /// </summary>
    public int Workers { get; init => field = Require.AtLeast(value, 1); } = 1;

    /// <summary>Seed of every random choice, not negative; 0 by default.</summary>
    public int Seed { get; init => field = Require.AtLeast(value, 0); }
}

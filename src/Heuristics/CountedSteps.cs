namespace PackingKit;

/// <summary>
/// Hears a token once in a number of counted steps, for loops whose steps are too short to look at it each time and too many to look at it
/// once a bin.
/// </summary>
internal struct CountedSteps(CancellationToken cancellationToken)
{
    /// <summary>Steps of about 100 nanoseconds between two looks.</summary>
    public const int Interval = 4096;

    private int _steps;

    /// <summary>Counts steps, at most about a million at once.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Count(int steps)
    {
        _steps += steps;
        if (_steps >= Interval)
            Look();
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Look()
    {
        _steps = 0;
        cancellationToken.ThrowIfCancellationRequested();
    }
}

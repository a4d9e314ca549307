namespace PackingKit;

/// <summary>How many steps a check may still take; it looks at the request to stop as well.</summary>
internal sealed class StepBudget(long steps, CancellationToken cancellationToken)
{
    /// <summary>What an entry of a set, a list or a sorting takes, in steps of a knapsack.</summary>
    public const int Entry = 32;

    private long _left = steps;

    /// <summary>Takes steps; not where so many are not left.</summary>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public bool TryTake(long count)
    {
        cancellationToken.ThrowIfCancellationRequested();
        _left = _left < count ? -1 : _left - count;
        return _left >= 0;
    }
}

namespace PackingKit;

/// <summary>How many steps a check may still take; it looks at the request to stop as well.</summary>
internal sealed class StepBudget(long steps, CancellationToken cancellationToken)
{
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

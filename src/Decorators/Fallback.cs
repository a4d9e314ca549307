namespace PackingKit;

/// <summary>Runs one strategy, and another one where the first throws or takes too long.</summary>
/// <remarks>
/// The time limit is for strategies that have none of their own: the first strategy is cancelled when it is up, and the second one packs
/// without a limit. The caller's own cancellation is no failure: it goes through. <see cref="PackingResult.Strategy"/> names the strategy
/// that packed. Thread-safe where both are.
/// </remarks>
/// <example><code>var result = new Fallback(new CpSat(), new BestFitDecreasing(), TimeSpan.FromSeconds(1)).Pack(problem);</code></example>
public sealed class Fallback : IPackingStrategy
{
    private readonly IPackingStrategy _first;
    private readonly IPackingStrategy _second;
    private readonly TimeSpan? _timeLimit;

    /// <summary>A strategy and the one that stands in for it.</summary>
    /// <param name="first">Tried first.</param>
    /// <param name="second">Packs where <paramref name="first"/> fails.</param>
    /// <param name="timeLimit">How long <paramref name="first"/> may take, above zero; <see langword="null"/> for no limit.</param>
    public Fallback(IPackingStrategy first, IPackingStrategy second, TimeSpan? timeLimit = null)
    {
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(second);
        if (timeLimit is { } limit)
            ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(limit, TimeSpan.Zero, nameof(timeLimit));
        (_first, _second, _timeLimit) = (first, second, timeLimit);
        Id = $"fallback({first.Id},{second.Id})";
    }

    /// <summary>"fallback(cp-sat,bfd)": the ids of both strategies.</summary>
    public string Id { get; }

    /// <inheritdoc/>
    public PackingResult Pack(
        PackingProblem problem, IProgress<PackingProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(problem);
        var clock = Stopwatch.StartNew();
        using var limited = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        if (_timeLimit is { } limit)
            SearchOptions.CancelAfter(limited, limit);
        try
        {
            return _first.Pack(problem, progress, limited.Token);
        }
#pragma warning disable CA1031 // any failure is what the second strategy is for
        catch (Exception)
#pragma warning restore CA1031
        {
            cancellationToken.ThrowIfCancellationRequested();
            return _second.Pack(problem, progress, cancellationToken) with { Elapsed = clock.Elapsed };
        }
    }
}

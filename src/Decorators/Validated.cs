namespace PackingKit;

/// <summary>
/// Checks every result of a strategy against its problem before anyone sees it. For strategies of one's own, and for tests.
/// </summary>
/// <remarks>Cost: O(n + bins) on top of the strategy. Thread-safe where the strategy is.</remarks>
/// <example><code>var result = new Validated(new MyStrategy()).Pack(problem);</code></example>
public sealed class Validated : IPackingStrategy
{
    private readonly IPackingStrategy _strategy;

    /// <summary>The strategy that is checked.</summary>
    public Validated(IPackingStrategy strategy)
    {
        ArgumentNullException.ThrowIfNull(strategy);
        _strategy = strategy;
    }

    /// <summary>The name of the strategy that is checked: the result is the same.</summary>
    public string Name => _strategy.Name;

    /// <inheritdoc/>
    /// <exception cref="InvalidPackingException">
    /// The packing breaks the problem's rules, or its bound is above its number of bins.
    /// </exception>
    public PackingResult Pack(
        PackingProblem problem, IProgress<PackingProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        var result = _strategy.Pack(problem, progress, cancellationToken);
        var violations = PackingValidator.Validate(problem, result.Packing);
        if (violations.Count > 0)
            throw new InvalidPackingException(Name, violations);
        return result.LowerBound <= result.BinCount ? result : throw new InvalidPackingException(
            Name, [new PackingViolation.WrongFigure("lowerBound", $"{result.LowerBound}", $"at most {result.BinCount}")]);
    }
}

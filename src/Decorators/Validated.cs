namespace PackingKit;

/// <summary>
/// Checks every result of a strategy against its problem before anyone sees it. For strategies of one's own, and for tests.
/// </summary>
/// <remarks>Cost: O(n + bins) on top of the strategy. Thread-safe where the strategy is.</remarks>
/// <example><code>var result = new Validated(new MyStrategy()).Pack(problem);</code></example>
/// <param name="strategy">The strategy that is checked.</param>
public sealed class Validated(IPackingStrategy strategy) : IPackingStrategy
{
    private readonly IPackingStrategy _strategy = strategy ?? throw new ArgumentNullException(nameof(strategy));

    /// <summary>The id of the strategy that is checked: the result is the same.</summary>
    public string Id => _strategy.Id;

    /// <inheritdoc/>
    /// <exception cref="InvalidPackingException">
    /// The packing breaks the problem's rules, is of another problem, or its bound is above its number of bins.
    /// </exception>
    /// <exception cref="InvalidOperationException">There is no result, or no packing in it.</exception>
    public PackingResult Pack(
        PackingProblem problem, IProgress<PackingProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        var result = _strategy.Pack(problem, progress, cancellationToken);
        if (result?.Packing is null)
            throw new InvalidOperationException($"Strategy '{Id}' returned {(result is null ? "null" : "no packing")}.");
        var violations = PackingValidator.Validate(problem, result);
        return violations.Count == 0 ? result : throw new InvalidPackingException(Id, violations);
    }
}

namespace PackingKit;

/// <summary>
/// A way to put prompts that begin alike into passes. Implementations are sealed, immutable, thread-safe and deterministic; options come in
/// through the constructor.
/// </summary>
public interface IPrefixStrategy
{
    /// <summary>Stable short id: "subtrees", "certified".</summary>
    string Id { get; }

    /// <summary>Puts every prompt that is not left out into one pass.</summary>
    /// <param name="problem">The prompts and the budget.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <returns>Passes within the budget, with the lower bound that is known for their number.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="problem"/> is <see langword="null"/>.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled before the work was done.</exception>
    PrefixResult Pack(PrefixProblem problem, CancellationToken cancellationToken = default);
}

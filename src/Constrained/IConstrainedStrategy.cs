namespace PackingKit;

/// <summary>
/// A way to pack items with several resources under rules. Implementations are sealed, immutable, thread-safe and deterministic; options
/// come in through the constructor.
/// </summary>
public interface IConstrainedStrategy
{
    /// <summary>Stable short id: "ffd", "exact".</summary>
    string Id { get; }

    /// <summary>Packs every item that is not left out.</summary>
    /// <param name="problem">What to pack.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <returns>
    /// A packing that keeps every rule, with the lower bound that is known for its bins. Where bins have a least load there may be none:
    /// <see cref="ConstrainedResult.Status"/> tells whether that is proved or only none was found. Without one there always is a packing.
    /// </returns>
    /// <exception cref="ArgumentNullException"><paramref name="problem"/> is <see langword="null"/>.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled before the work was done.</exception>
    ConstrainedResult Pack(ConstrainedProblem problem, CancellationToken cancellationToken = default);
}

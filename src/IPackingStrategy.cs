namespace PackingKit;

/// <summary>
/// A way to pack. Implementations are sealed, immutable, thread-safe and deterministic; options come in through the constructor.
/// </summary>
public interface IPackingStrategy
{
    /// <summary>Stable short id: "ffd", "bfd", "cp-sat".</summary>
    string Id { get; }

    /// <summary>Packs every item.</summary>
    /// <param name="problem">What to pack.</param>
    /// <param name="progress">
    /// Gets new incumbents and bounds of strategies that search; heuristics finish too soon to report. What it throws is passed on.
    /// </param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <returns>A packing that satisfies the problem, with the lower bound that is known for it.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="problem"/> is <see langword="null"/>.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled before the work was done.</exception>
    PackingResult Pack(PackingProblem problem, IProgress<PackingProgress>? progress = null, CancellationToken cancellationToken = default);
}

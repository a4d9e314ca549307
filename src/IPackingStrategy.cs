namespace PackingKit;

/// <summary>
/// A way to pack. Implementations are sealed, immutable, thread-safe and deterministic; options come in through the constructor.
/// </summary>
public interface IPackingStrategy
{
    /// <summary>Stable short id: "ffd", "bfd", "cp-sat".</summary>
    string Name { get; }

    /// <summary>Packs every item.</summary>
    /// <param name="problem">What to pack.</param>
    /// <param name="progress">Told of new incumbents and bounds by strategies that search; heuristics finish too soon to report.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <returns>A packing that satisfies the problem, with the lower bound that is known for it.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="problem"/> is <see langword="null"/>.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled before the work was done.</exception>
    PackingResult Pack(PackingProblem problem, IProgress<PackingProgress>? progress = null, CancellationToken cancellationToken = default);
}

namespace PackingKit;

/// <summary>
/// An offline strategy that needs only the histogram of sizes: it plans patterns with multiplicities, and the items are dealt afterwards.
/// The cost of the plan depends on the number of distinct sizes, not on the number of items.
/// </summary>
public interface IPlanningStrategy : IPackingStrategy
{
    /// <summary>Plans bins for every item of a histogram.</summary>
    /// <param name="histogram">Distinct sizes with counts; sizes at most the capacity.</param>
    /// <param name="limits">What one bin takes.</param>
    /// <param name="progress">Gets new incumbents and bounds of strategies that search.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <exception cref="ArgumentNullException"><paramref name="histogram"/> is <see langword="null"/>.</exception>
    /// <exception cref="ArgumentOutOfRangeException">
    /// A size is above the capacity, or <paramref name="limits"/> is the default value.
    /// </exception>
    /// <exception cref="OperationCanceledException">The token was cancelled before the work was done.</exception>
    PlanningResult Plan(
        SizeHistogram histogram, BinLimits limits,
        IProgress<PackingProgress>? progress = null, CancellationToken cancellationToken = default);
}

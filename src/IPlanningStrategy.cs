namespace PackingKit;

/// <summary>
/// An offline strategy that needs only the histogram of sizes: it plans patterns with multiplicities, and the items are dealt afterwards.
/// The cost of the plan depends on the number of distinct sizes, not on the number of items.
/// </summary>
public interface IPlanningStrategy : IPackingStrategy
{
    /// <summary>Plans bins for every item of a histogram.</summary>
    /// <param name="histogram">Distinct sizes with counts; sizes at most <paramref name="capacity"/>.</param>
    /// <param name="capacity">What one bin holds, at least 1.</param>
    /// <param name="maxItemsPerBin">The most items a bin may hold, at least 1; <see langword="null"/> for no limit.</param>
    /// <param name="progress">Told of new incumbents and bounds by strategies that search.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <exception cref="ArgumentNullException"><paramref name="histogram"/> is <see langword="null"/>.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A limit is below 1, or a size is above the capacity.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled before the work was done.</exception>
    PlanningResult Plan(
        SizeHistogram histogram, long capacity, int? maxItemsPerBin = null,
        IProgress<PackingProgress>? progress = null, CancellationToken cancellationToken = default);
}

namespace PackingKit;

/// <summary>Lower bounds on the number of bins, in integers, from the histogram alone.</summary>
/// <remarks>
/// Every method takes a histogram whose sizes are at most the capacity and throws <see cref="ArgumentOutOfRangeException"/> where one is
/// not, or where the limits are the default value.
/// </remarks>
public static class LowerBounds
{
    /// <summary>
    /// The continuous bound L1: total size over capacity, rounded up; with an item limit also items over limit, rounded up. O(D). At least
    /// half the optimum (Martello and Toth 1990) where there is no item limit.
    /// </summary>
    /// <param name="histogram">The items.</param>
    /// <param name="limits">What one bin takes.</param>
    public static long L1(SizeHistogram histogram, BinLimits limits)
    {
        Check(histogram, limits);
        return Continuous(histogram, limits);
    }

    /// <summary>
    /// The bound L2 of Martello and Toth (Discrete Applied Mathematics 28, 1990): for every threshold, items that fill a bin against all
    /// others above the threshold, then items above half a bin, then what the small ones still need; the best over all thresholds. Never
    /// below L1, and at least two thirds of the optimum where there is no item limit. O(D).
    /// </summary>
    /// <inheritdoc cref="L1"/>
    public static long L2(SizeHistogram histogram, BinLimits limits)
    {
        Check(histogram, limits);
        return MartelloTothBound.Compute(histogram, limits);
    }

    /// <summary>
    /// The bound L3 of Martello and Toth (1990): bins that dominance fixes, then L2 of the rest; again with the smallest
    /// sizes left out. Never below L2. O(D²) per pass over the sizes, with few passes on most inputs. Dominance does not
    /// count items: with an item limit this is L2.
    /// </summary>
    /// <inheritdoc cref="L1"/>
    public static long L3(SizeHistogram histogram, BinLimits limits)
    {
        Check(histogram, limits);
        var l2 = MartelloTothBound.Compute(histogram, limits);
        return limits.HasItemLimit ? l2 : Math.Max(l2, DominanceBound.Compute(histogram, limits.Capacity));
    }

    /// <summary>
    /// The best bound of a family of dual feasible functions: u(k) of Fekete and Schepers (Mathematical Programming 91, 2001), k
    /// up to 20, composed with every threshold, and the function of Carlier, Clautiaux and Moukrim (Computers and Operations
    /// Research 34, 2007) with thresholds at the sizes. O(20 D) and at most 2^16 evaluations more; not tried for capacities
    /// beyond 2^58. An item limit counts as in L1.
    /// </summary>
    /// <inheritdoc cref="L1"/>
    public static long DualFeasible(SizeHistogram histogram, BinLimits limits)
    {
        Check(histogram, limits);
        return Math.Max(DualFeasibleBound.Compute(histogram, limits.Capacity), Continuous(histogram, limits));
    }

    /// <summary>
    /// The best bound that costs one pass, L1 or L2, with its rule. O(D). <see cref="DualFeasible"/> is often higher and costs more.
    /// </summary>
    /// <inheritdoc cref="L1"/>
    public static LowerBound Best(SizeHistogram histogram, BinLimits limits)
    {
        Check(histogram, limits);
        var l1 = Continuous(histogram, limits);
        var l2 = MartelloTothBound.Compute(histogram, limits);
        return l2 > l1 ? new LowerBound(l2, BoundRule.L2) : new LowerBound(l1, BoundRule.L1);
    }

    /// <summary>
    /// The best of the bounds that cost up to a millisecond: <see cref="Best"/>, and where it is higher <see cref="DualFeasible"/>.
    /// </summary>
    /// <param name="histogram">The items.</param>
    /// <param name="limits">What one bin takes.</param>
    public static LowerBound Strong(SizeHistogram histogram, BinLimits limits) =>
        LowerBound.Max(Best(histogram, limits), new LowerBound(DualFeasible(histogram, limits), BoundRule.DualFeasible));

    /// <summary><see cref="L1"/> of arguments that are checked.</summary>
    internal static long Continuous(SizeHistogram histogram, BinLimits limits)
    {
        // Items of size 0 take no capacity, but they need a bin.
        var bins = Math.Max(Integers.CeilingDivide(histogram.TotalSize, limits.Capacity), histogram.ItemCount > 0 ? 1 : 0);
        return limits.HasItemLimit ? Math.Max(bins, Integers.CeilingDivide(histogram.ItemCount, limits.MaxItems)) : bins;
    }

    /// <summary>Refuses arguments that no bound is defined for.</summary>
    internal static void Check(SizeHistogram histogram, BinLimits limits)
    {
        ArgumentNullException.ThrowIfNull(histogram);
        limits.ThrowIfDefault(nameof(limits));
        if (histogram.DistinctCount > 0 && histogram.Sizes[0] > limits.Capacity)
            throw new ArgumentOutOfRangeException(
                nameof(histogram), histogram.Sizes[0], $"Size {histogram.Sizes[0]} is above the capacity {limits.Capacity}.");
    }
}

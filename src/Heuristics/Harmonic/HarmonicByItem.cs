namespace PackingKit;

/// <summary>
/// Harmonic: items above 1/(j + 1) and up to 1/j of a bin share bins of j; the smallest class goes next-fit. One open bin per class, O(n).
/// </summary>
internal static class HarmonicByItem
{
    /// <summary>Classes where none are given: one more would gain less than 0.01 of the asymptotic factor.</summary>
    public const int DefaultClasses = 12;

    /// <summary>With the default number of classes; items are always taken in order of arrival.</summary>
    public static int Assign<T>(
        ReadOnlySpan<T> sizes, ReadOnlySpan<int> order, BinLimits limits, Span<int> binOfItem, CancellationToken cancellationToken)
        where T : struct, IBinaryInteger<T>
    {
        Debug.Assert(order.IsEmpty, "Harmonic has no decreasing form.");
        return Assign(DefaultClasses, sizes, limits, binOfItem);
    }

    public static int Assign<T>(int classes, ReadOnlySpan<T> sizes, BinLimits limits, Span<int> binOfItem)
        where T : struct, IBinaryInteger<T>
    {
        Span<(long Residual, int Bin, int ItemsLeft)> open = stackalloc (long, int, int)[classes];
        open.Clear();
        var bins = 0;
        var whole = limits.Capacity;
        for (var item = 0; item < sizes.Length; item++)
        {
            var size = long.CreateTruncating(sizes[item]);
            // As many of the size as a bin holds, at most the last class.
            var fit = size == 0 ? classes : (int)Math.Min(whole / size, classes);
            ref var bin = ref open[fit - 1];
            if (bin.ItemsLeft == 0 || bin.Residual < size)
                bin = (whole, bins++, fit < classes ? Math.Min(fit, limits.MaxItems32) : limits.MaxItems32);
            binOfItem[item] = bin.Bin;
            bin = (bin.Residual - size, bin.Bin, bin.ItemsLeft - 1);
        }
        return bins;
    }
}

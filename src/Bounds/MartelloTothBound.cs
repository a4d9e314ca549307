namespace PackingKit;

/// <summary>
/// L2. For a threshold t up to half a bin, look at the items of at least t only: those above capacity - t (the large) are alone in a bin,
/// those above half a bin (the middle) have a bin each, and the small ones use the capacity, and the items, that the middle ones leave.
/// </summary>
internal static class MartelloTothBound
{
    public static long Compute(SizeHistogram histogram, BinLimits limits)
    {
        var sizes = histogram.Sizes;
        var counts = histogram.Counts;
        var best = LowerBounds.Continuous(histogram, limits);

        var small = 0; // first size of at most half a bin
        long aboveHalf = 0, middle = 0, middleTotal = 0;
        for (; small < sizes.Length && sizes[small] > limits.Capacity / 2; small++)
            aboveHalf += counts[small];
        best = Math.Max(best, aboveHalf);

        // Falling thresholds: small items come in, and sizes above half a bin turn from large to middle as capacity - t rises.
        long smallCount = 0, smallTotal = 0;
        var firstMiddle = small;
        for (var i = small; i < sizes.Length; i++)
        {
            smallCount += counts[i];
            smallTotal += sizes[i] * counts[i];
            for (; firstMiddle > 0 && sizes[firstMiddle - 1] <= limits.Capacity - sizes[i]; firstMiddle--)
            {
                middle += counts[firstMiddle - 1];
                middleTotal += sizes[firstMiddle - 1] * counts[firstMiddle - 1];
            }
            var residual = ((Int128)middle * limits.Capacity) - middleTotal;
            var more = Integers.CeilingDivide(smallTotal - residual, limits.Capacity);
            if (limits.HasItemLimit)
            {
                var left = smallCount - ((Int128)middle * (limits.MaxItems - 1));
                more = Math.Max(more, Integers.CeilingDivide(left, limits.MaxItems));
            }
            best = Math.Max(best, aboveHalf + more);
        }
        return best;
    }
}

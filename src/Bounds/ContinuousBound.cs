namespace PackingKit;

/// <summary>L1: the bins that the total size, or the number of items, cannot do without.</summary>
internal static class ContinuousBound
{
    public static long Compute(SizeHistogram histogram, BinLimits limits)
    {
        // Items of size 0 take no capacity, but they need a bin.
        var bins = Math.Max(Integers.CeilingDivide(histogram.TotalSize, limits.Capacity), histogram.ItemCount > 0 ? 1 : 0);
        return limits.HasItemLimit ? Math.Max(bins, Integers.CeilingDivide(histogram.ItemCount, limits.MaxItems)) : bins;
    }
}

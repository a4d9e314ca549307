namespace PackingKit;

/// <summary>L1: the bins that the total size, or the number of items, cannot do without.</summary>
internal static class ContinuousBound
{
    public static long Compute(SizeHistogram histogram, long capacity, int? maxItemsPerBin)
    {
        // Items of size 0 take no room, but they need a bin.
        var bins = Math.Max(LowerBounds.CeilingDivide(histogram.TotalSize, capacity), histogram.ItemCount > 0 ? 1 : 0);
        return maxItemsPerBin is { } most ? Math.Max(bins, LowerBounds.CeilingDivide(histogram.ItemCount, most)) : bins;
    }
}

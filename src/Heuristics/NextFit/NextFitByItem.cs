namespace PackingKit;

/// <summary>Only the last bin is open. O(n), a few nanoseconds per item, so that the token is not looked at.</summary>
internal static class NextFitByItem
{
    public static int Assign<T>(
        ReadOnlySpan<T> sizes, ReadOnlySpan<int> order, BinLimits limits, Span<int> binOfItem, CancellationToken cancellationToken)
        where T : struct, IBinaryInteger<T>
    {
        var (capacity, maxItems) = (limits.Capacity, limits.MaxItems32);
        int bins = 0, items = 0;
        var residual = 0L;
        for (var i = 0; i < sizes.Length; i++)
        {
            var item = order.IsEmpty ? i : order[i];
            var size = long.CreateTruncating(sizes[item]);
            if (bins == 0 || size > residual || items == maxItems)
                (bins, residual, items) = (bins + 1, capacity, 0);
            residual -= size;
            items++;
            binOfItem[item] = bins - 1;
        }
        return bins;
    }
}

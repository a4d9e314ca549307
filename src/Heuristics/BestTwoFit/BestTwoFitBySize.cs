namespace PackingKit;

/// <summary>
/// Best two fit: each bin takes the largest item that fits, again and again; then its last item gives way to the two that fill the residual
/// capacity best, if they fill it better.
/// </summary>
internal static class BestTwoFitBySize
{
    public static void Plan(
        ReadOnlySpan<long> sizes, ReadOnlySpan<long> counts, BinLimits limits, ref PooledList<Placement> steps,
        CancellationToken cancellationToken)
    {
        var pool = new ItemPool(sizes, counts);
        var content = new BinContent();
        long bins = 0;
        while (pool.TryLargest(out _))
        {
            cancellationToken.ThrowIfCancellationRequested();
            content.Clear();
            var (residual, itemsLeft) = (limits.Capacity, limits.MaxItems);
            pool.TakeLargest(ref residual, ref itemsLeft, ref content);
            var maxBins = itemsLeft > 0 && residual > 0 ? ReplaceLast(sizes, residual, pool, ref content) : long.MaxValue;
            bins += pool.Repeat(content, bins, maxBins, ref steps);
        }
        ItemPool.Order(ref steps);
        content.Dispose();
        pool.Dispose();
    }

    /// <summary>Lets the last item give way to two, if they fill the bin better.</summary>
    /// <returns>For how many bins the choice stays the same: the last item must be there to give way.</returns>
    private static long ReplaceLast(ReadOnlySpan<long> sizes, long residual, in ItemPool pool, ref BinContent content)
    {
        var (last, copies) = content.Entries[^1];
        if (content.Entries.Length == 1 && copies == 1)
            return long.MaxValue; // a lone item stays
        var (a, b) = BestPair(sizes, pool.Left, last, residual + sizes[last]);
        if (a < 0 || sizes[a] + sizes[b] <= sizes[last])
            return long.MaxValue;
        pool.Left[last]++;
        content.RemoveLast();
        pool.Take(a, 1, ref content);
        pool.Take(b, 1, ref content);
        return copies == 1 ? long.MaxValue : ((pool.Left[last] - 1) / (copies - 1)) + 1;
    }

    /// <summary>Of all pairs of types after one, that with the largest sum up to a limit; two pointers meet.</summary>
    private static (int, int) BestPair(ReadOnlySpan<long> sizes, ReadOnlySpan<long> left, int after, long limit)
    {
        var (best, pair) = (-1L, (-1, -1));
        var (a, b) = (after + 1, sizes.Length - 1);
        while (a <= b)
        {
            if (left[a] == 0 || sizes[a] > limit - sizes[b])
                a++;
            else if (left[b] == 0 || (a == b && left[a] < 2))
                b--;
            else
            {
                var sum = sizes[a] + sizes[b];
                (best, pair) = sum > best ? (sum, (a, b)) : (best, pair);
                b--;
            }
        }
        return pair;
    }
}

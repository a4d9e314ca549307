namespace PackingKit;

/// <summary>
/// Bins one after the other, each begun with the largest item left and then filled by an item of exactly the residual capacity, else by
/// two, else by the largest that fits. The same choice repeats while its sizes last, so the cost depends on the number of distinct sizes.
/// Meets the bound where sizes are many and dense.
/// </summary>
internal static class FillTwoBySize
{
    public static void Plan(
        ReadOnlySpan<long> sizes, ReadOnlySpan<long> counts, BinLimits limits, ref PooledList<Placement> steps,
        CancellationToken cancellationToken)
    {
        var pool = new ItemPool(sizes, counts);
        var content = new BinContent();
        var tries = new CountedSteps(cancellationToken);
        long bins = 0;
        while (pool.TryLargest(out var first))
        {
            tries.Count(1);
            content.Clear();
            pool.Take(first, 1, ref content);
            Fill(sizes, pool, limits.Capacity - sizes[first], limits.MaxItems - 1, ref content, ref tries);
            bins += pool.Repeat(content, bins, long.MaxValue, ref steps);
        }
        ItemPool.Order(ref steps);
        content.Dispose();
        pool.Dispose();
    }

    private static void Fill(
        ReadOnlySpan<long> sizes, in ItemPool pool, long residual, long itemsLeft, ref BinContent content, ref CountedSteps tries)
    {
        var left = pool.Left;
        while (itemsLeft > 0 && residual >= sizes[^1])
        {
            tries.Count(1);
            var heaviest = pool.FirstUpTo(residual);
            long copies = 1;
            if (sizes[heaviest] != residual || left[heaviest] == 0)
            {
                if (itemsLeft >= 2 && Pair(sizes, pool, heaviest, residual, ref tries) is (var a and >= 0, var b))
                {
                    pool.Take(a, 1, ref content);
                    pool.Take(b, 1, ref content);
                    (residual, itemsLeft) = (residual - sizes[a] - sizes[b], itemsLeft - 2);
                    continue;
                }
                heaviest = pool.Present(heaviest);
                if (heaviest == sizes.Length)
                    return;
                // No pair fills more than twice the largest size: until then the choice does not change.
                var again = sizes[heaviest] == 0 ? itemsLeft : (long)(((Int128)residual - sizes[0] - sizes[0]) / sizes[heaviest]);
                copies = Math.Clamp(again, 1, Math.Min(left[heaviest], itemsLeft));
            }
            pool.Take(heaviest, copies, ref content);
            (residual, itemsLeft) = (residual - (copies * sizes[heaviest]), itemsLeft - copies);
        }
    }

    /// <summary>
    /// Of the pairs with a sum, that with the largest item. Where sizes are dense the first tries have it, so each looks its partner up.
    /// </summary>
    private static (int, int) Pair(ReadOnlySpan<long> sizes, in ItemPool pool, int heaviest, long sum, ref CountedSteps tries)
    {
        var left = pool.Left;
        var (pair, tried) = ((-1, -1), 0);
        for (var a = pool.Fitting(sum - sizes[^1], heaviest); a < sizes.Length && sizes[a] >= sum - sizes[a]; a = pool.Present(a + 1))
        {
            tried++;
            var b = pool.FirstUpTo(sum - sizes[a], a);
            if (sizes[b] == sum - sizes[a] && left[b] > (a == b ? 1 : 0))
            {
                pair = (a, b);
                break;
            }
        }
        tries.Count(tried);
        return pair;
    }
}

namespace PackingKit;

/// <summary>What the fullest of a number of bins holds at least.</summary>
public static class BalancingBound
{
    /// <summary>
    /// The largest of: total over bins, rounded up; and for every j the j + 1 smallest of the j·bins + 1 largest items, since some bin
    /// holds that many of those (j = 0: the largest item). O(n log n).
    /// </summary>
    /// <param name="costs">What each item adds to the load of its bin, not negative.</param>
    /// <param name="bins">Number of bins, at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">
    /// There is no bin, a cost is negative (the message names the item), or the total leaves the range of <see cref="long"/>.
    /// </exception>
    public static long Compute(ReadOnlySpan<long> costs, int bins)
    {
        var bound = Integers.CeilingDivide(Check(costs, bins), bins);
        var sorted = costs.ToArray();
        Array.Sort(sorted, (a, b) => b.CompareTo(a));
        // From j to j + 1 the window of j + 1 items ends bins later: sums up to each item give all of them in one pass.
        var before = new long[sorted.Length + 1];
        for (var item = 0; item < sorted.Length; item++)
            before[item + 1] = before[item] + sorted[item];
        for (long j = 0, last = 0; last < sorted.Length; j++, last += bins)
            bound = Math.Max(bound, before[last + 1] - before[last - j]);
        return bound;
    }

    /// <summary>The total of costs that are in order.</summary>
    internal static long Check(ReadOnlySpan<long> costs, int bins)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(bins, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(bins, Array.MaxLength);
        long total = 0;
        for (var item = 0; item < costs.Length; item++)
        {
            if (costs[item] < 0)
                throw new ArgumentOutOfRangeException(
                    nameof(costs), costs[item], $"Item {item} has cost {costs[item]}, which is negative.");
            if (costs[item] > long.MaxValue - total)
                throw new ArgumentOutOfRangeException(
                    nameof(costs), costs[item], $"The total cost leaves the range of a 64-bit integer at item {item}.");
            total += costs[item];
        }
        return total;
    }
}

namespace PackingKit;

/// <summary>
/// Dual feasible functions: weights of sizes such that no bin holds more weight than a whole one has, so total weight over that of a bin,
/// rounded up, is a bound. The family u(k) of Fekete and Schepers (Mathematical Programming 91, 2001) composed with the threshold U, and
/// the function f of Carlier, Clautiaux and Moukrim (2007). All in integers.
/// </summary>
internal static class DualFeasibleBound
{
    private const int MaxParts = 20;

    /// <summary>Evaluations of a weight that are worth their time; thresholds of f beyond them are left out.</summary>
    private const int MaxEvaluations = 1 << 16;

    /// <summary>Beyond it the weights of single items leave 64 bits.</summary>
    private const long MaxCapacity = long.MaxValue / (MaxParts + 2);

    public static long Compute(SizeHistogram histogram, long capacity)
    {
        // Weights step at whole numbers: without what the sizes share, they step alike in whatever unit the sizes came.
        var divisor = EquivalentSizes.Divisor(histogram.Sizes);
        capacity = Math.Max(1, capacity / divisor);
        if (capacity > MaxCapacity)
            return 0;
        ReadOnlySpan<long> sizes = divisor == 1 ? histogram.Sizes : Array.ConvertAll(histogram.Sizes.ToArray(), size => size / divisor);
        var bound = 0L;
        for (var parts = 1; parts <= MaxParts; parts++)
            bound = Math.Max(bound, Rounding(sizes, histogram.Counts, capacity, parts));
        var thresholds = Math.Max(1, MaxEvaluations / Math.Max(1, sizes.Length));
        for (var i = sizes.Length - 1; i >= 0 && thresholds > 0; i--)
        {
            var threshold = sizes[i] <= capacity / 2 ? sizes[i] : capacity - sizes[i] + 1; // where the rounding of a size steps
            if (threshold < 1 || threshold > capacity / 2)
                continue;
            bound = Math.Max(bound, Stepping(sizes, histogram.Counts, capacity, threshold));
            thresholds--;
        }
        return bound;
    }

    /// <summary>
    /// u(k) after U: sizes above capacity - t weigh a whole bin and those below t nothing; between, a size s weighs s where (k + 1) s is a
    /// whole number of bins, else floor((k + 1) s / capacity) / k of a bin. The best over all thresholds t, in one sweep: k times the
    /// capacity is the weight of a bin.
    /// </summary>
    private static long Rounding(ReadOnlySpan<long> sizes, ReadOnlySpan<long> counts, long capacity, int parts)
    {
        var whole = parts * capacity;
        Int128 weight = 0;
        // Sizes above half a bin weigh a whole one at first. As the threshold falls, large sizes turn to their own weight and small ones
        // come in.
        var middle = 0;
        for (; middle < sizes.Length && sizes[middle] > capacity / 2; middle++)
            weight += (Int128)whole * counts[middle];
        var best = Integers.CeilingDivide(weight, whole);
        var large = middle;
        for (var small = middle; small < sizes.Length; small++)
        {
            for (; large > 0 && sizes[large - 1] <= capacity - sizes[small]; large--)
                weight += (Int128)(Weight(sizes[large - 1]) - whole) * counts[large - 1];
            weight += (Int128)Weight(sizes[small]) * counts[small];
            best = Math.Max(best, Integers.CeilingDivide(weight, whole));
        }
        return best;

        long Weight(long size)
        {
            var (bins, rest) = Math.DivRem((parts + 1) * size, capacity);
            return rest == 0 ? size * parts : bins * capacity;
        }
    }

    /// <summary>
    /// f: 2 floor(s / t) below half a bin, floor(capacity / t) at half, and 2 (floor(capacity / t) - floor((capacity - s) / t)) above.
    /// </summary>
    private static long Stepping(ReadOnlySpan<long> sizes, ReadOnlySpan<long> counts, long capacity, long threshold)
    {
        var max = capacity / threshold;
        Int128 weight = 0;
        for (var i = 0; i < sizes.Length; i++)
        {
            var size = sizes[i];
            var twice = size > capacity - size ? 2 * (max - ((capacity - size) / threshold))
                : size == capacity - size ? max
                : 2 * (size / threshold);
            weight += (Int128)twice * counts[i];
        }
        return Integers.CeilingDivide(weight, 2 * (Int128)max);
    }
}

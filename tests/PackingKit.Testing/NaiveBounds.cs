namespace PackingKit.Testing;

/// <summary>
/// L2 as Martello and Toth define it: every threshold on its own, by a pass over all items. Item limits count slots as capacities
/// count sizes.
/// </summary>
internal static class NaiveBounds
{
    public static long L2(PackingCase of)
    {
        Int128 best = of.Sizes.Length > 0 ? 1 : 0;
        foreach (var threshold in of.Sizes.Where(size => size <= of.Capacity / 2).Append(0).Distinct())
        {
            var large = of.Sizes.Where(size => size > of.Capacity - threshold).ToArray();
            var middle = of.Sizes.Where(size => size > of.Capacity / 2 && size <= of.Capacity - threshold).ToArray();
            var small = of.Sizes.Where(size => size >= threshold && size <= of.Capacity / 2).ToArray();
            var residual = middle.Aggregate(Int128.Zero, (sum, size) => sum + of.Capacity - size);
            var slots = (Int128)middle.Length * (of.Limits.MaxItems - 1);
            var more = Int128.Max(
                CeilingDivide(small.Aggregate(Int128.Zero, (sum, size) => sum + size) - residual, of.Capacity),
                CeilingDivide(small.Length - slots, of.Limits.MaxItems));
            best = Int128.Max(best, large.Length + middle.Length + more);
        }
        return (long)best;
    }

    private static Int128 CeilingDivide(Int128 value, Int128 divisor) => value <= 0 ? 0 : (value + divisor - 1) / divisor;
}

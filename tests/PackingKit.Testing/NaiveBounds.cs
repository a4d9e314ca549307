using System.Numerics;

namespace PackingKit.Testing;

/// <summary>Lower bounds as they are defined: every threshold on its own, by a pass over all items, and bins fixed one at a time.</summary>
internal static class NaiveBounds
{
    /// <summary>L2 of Martello and Toth. Item limits count slots as capacities count sizes.</summary>
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

    /// <summary>L3 of Martello and Toth, without an item limit: their reduction, then L2, again without the smallest size.</summary>
    public static long L3(PackingCase of)
    {
        var (best, bins) = (L2(of), 0L);
        var left = of.Sizes.Where(size => size > 0).OrderDescending().ToList();
        while (left.Count > 0)
        {
            bins += Reduce(left, of.Capacity);
            best = Math.Max(best, bins + L2(of with { Sizes = [.. left] }));
            if (left.Count > 0)
                left.RemoveAll(left[^1].Equals);
        }
        return best;
    }

    /// <summary>
    /// The best of u(k) of Fekete and Schepers for k up to 20 and of the function of Carlier, Clautiaux and Moukrim at all thresholds that
    /// are sizes or step at one, without an item limit.
    /// </summary>
    public static long DualFeasible(PackingCase of)
    {
        var divisor = (long)of.Sizes.Aggregate(BigInteger.Zero, (gcd, size) => BigInteger.GreatestCommonDivisor(gcd, size));
        if (divisor == 0)
            return 0;
        var (sizes, capacity) = (of.Sizes.Select(size => size / divisor).ToArray(), of.Capacity / divisor);
        var small = sizes.Where(size => size <= capacity / 2).Append((capacity / 2) + 1).Distinct();
        var best = small.SelectMany(threshold => Enumerable.Range(1, 20).Select(k => Total(k * (Int128)capacity, size =>
            size < threshold ? 0
            : size > capacity - threshold ? k * (Int128)capacity
            : (k + 1) * (Int128)size % capacity == 0 ? k * (Int128)size : (k + 1) * (Int128)size / capacity * capacity))).Max();
        foreach (var threshold in sizes.Select(size => Math.Min(size, capacity - size + 1)).Where(t => t > 0 && t <= capacity / 2))
            best = Math.Max(best, Total(2 * (Int128)(capacity / threshold), size => (2 * (Int128)size).CompareTo(capacity) switch
            {
                > 0 => 2 * (capacity / threshold - (capacity - size) / threshold),
                0 => capacity / threshold,
                < 0 => 2 * (size / threshold),
            }));
        return best;

        long Total(Int128 bin, Func<long, Int128> weight) =>
            (long)CeilingDivide(sizes.Aggregate(Int128.Zero, (sum, size) => sum + weight(size)), bin);
    }

    /// <summary>Fixes bins {j, i} where i fills the bin, or is as large as any pair beside j while no three fit.</summary>
    private static long Reduce(List<long> left, long capacity)
    {
        var bins = 0L;
        for (var changed = true; changed;)
        {
            changed = false;
            foreach (var size in left.Distinct().ToArray())
                while (left.Contains(size) && TryFix(size))
                    changed = true;
        }
        return bins;

        bool TryFix(long size)
        {
            var others = left.ToList();
            others.Remove(size);
            var fitting = others.Where(other => other <= capacity - size).ToArray();
            if (fitting.Length > 0 && fitting[0] != capacity - size && !Dominates(fitting, capacity - size))
                return false;
            left.Remove(size);
            if (fitting.Length > 0)
                left.Remove(fitting[0]);
            bins++;
            return true;
        }
    }

    /// <summary>Whether the largest of some sizes in decreasing order is as large as any two that fit, and no three do.</summary>
    private static bool Dominates(long[] sizes, long room)
    {
        if (sizes.Length >= 3 && sizes[^1] + (Int128)sizes[^2] + sizes[^3] <= room)
            return false;
        for (var i = 0; i < sizes.Length; i++)
            for (var j = i + 1; j < sizes.Length; j++)
                if (sizes[i] + (Int128)sizes[j] is var pair && pair <= room && pair > sizes[0])
                    return false;
        return true;
    }

    private static Int128 CeilingDivide(Int128 value, Int128 divisor) => value <= 0 ? 0 : (value + divisor - 1) / divisor;
}

using MathNet.Numerics;

namespace PackingKit;

/// <summary>
/// Sizes and a capacity that allow the same sets of items in a bin as the given ones, but leave less unused: divided by what the sizes
/// share, the capacity rounded down to what can be filled, and each size raised to what nothing else fits beside (Boschetti and Mingozzi,
/// 4OR 1, 2003). Bounds and searches see the same problem whatever unit it came in.
/// </summary>
/// <param name="Sizes">By type, in strictly decreasing order as before.</param>
/// <param name="Capacity">What they are packed into.</param>
internal readonly record struct EquivalentSizes(long[] Sizes, long Capacity)
{
    /// <summary>Largest capacity whose sums are listed: beyond it sums of many items lie dense anyway.</summary>
    private const long MaxCapacity = 1 << 20;

    /// <summary>Steps for listing sums, each on 64 of them: some ten milliseconds.</summary>
    private const long MaxSteps = 1 << 25;

    /// <summary>Equivalent sizes of some items.</summary>
    /// <param name="sizes">In strictly decreasing order; those above the capacity stay above it.</param>
    /// <param name="counts">How many there are of each.</param>
    /// <param name="limit">Their capacity, at least 1.</param>
    public static EquivalentSizes Of(ReadOnlySpan<long> sizes, ReadOnlySpan<long> counts, long limit)
    {
        var divided = sizes.ToArray();
        if (!Array.Exists(divided, size => size > 0 && size <= limit))
            return new EquivalentSizes(divided, limit);
        var divisor = Divisor(sizes);
        foreach (ref var size in divided.AsSpan())
            size /= divisor;
        var capacity = limit / divisor;
        Int128 items = 0;
        foreach (var count in counts)
            items += count;
        // Raised sizes must not leave 64 bits in total.
        if (capacity > MaxCapacity || items * capacity > long.MaxValue)
            return new EquivalentSizes(divided, capacity);
        var steps = MaxSteps;
        var sums = new SubsetSums(divided, counts, capacity, ref steps);
        if (steps < 0)
            return new EquivalentSizes(divided, capacity);
        capacity = sums.Largest(capacity);
        Raise(divided, counts, capacity, sums, steps);
        return new EquivalentSizes(divided, capacity);
    }

    /// <summary>The greatest common divisor of sizes; 1 where there is none above 0.</summary>
    public static long Divisor(ReadOnlySpan<long> sizes)
    {
        var divisor = 0L;
        for (var i = sizes.Length - 1; i >= 0 && divisor != 1; i--)
            divisor = Euclid.GreatestCommonDivisor(divisor, sizes[i]);
        return Math.Max(1, divisor);
    }

    /// <summary>
    /// Raises sizes as far as the sums beside them allow. Raised sizes have other sums; but no two items above half a bin share one, so the
    /// sums beside them stay.
    /// </summary>
    private static void Raise(Span<long> sizes, ReadOnlySpan<long> counts, long capacity, SubsetSums sums, long steps)
    {
        var haveChanged = false;
        for (var i = 0; i < sizes.Length && sizes[i] > 0; i++)
        {
            if (sizes[i] > capacity || counts[i] == 0)
                continue;
            if (haveChanged && sizes[i] <= capacity / 2)
            {
                sums = new SubsetSums(sizes, counts, capacity, ref steps);
                haveChanged = false;
                if (steps < 0)
                    return;
            }
            var residual = capacity - sizes[i];
            var copies = Math.Min(counts[i], capacity / sizes[i]);
            var raised = sizes[i] + ((residual - sums.Largest(residual)) / copies);
            if (i > 0)
                raised = Math.Min(raised, sizes[i - 1] - 1);
            haveChanged |= raised > sizes[i];
            sizes[i] = Math.Max(sizes[i], raised);
        }
    }

    /// <summary>The sums of items up to a capacity, as a bit set.</summary>
    private readonly struct SubsetSums
    {
        private readonly ulong[] _sums;

        /// <summary>Lists them; where steps fall below 0, not all of them.</summary>
        public SubsetSums(ReadOnlySpan<long> sizes, ReadOnlySpan<long> counts, long capacity, ref long steps)
        {
            _sums = new ulong[(capacity >> 6) + 1];
            _sums[0] = 1;
            for (var i = 0; i < sizes.Length; i++)
            {
                if (sizes[i] == 0 || sizes[i] > capacity)
                    continue;
                // 1, 2, 4, ... copies, which adds up to every number of them.
                var copies = Math.Min(counts[i], capacity / sizes[i]);
                for (long step = 1; copies > 0 && steps >= 0; step *= 2)
                {
                    var more = Math.Min(step, copies);
                    copies -= more;
                    Shift(more * sizes[i]);
                    steps -= _sums.Length;
                }
            }
        }

        /// <summary>The largest sum up to a number.</summary>
        public long Largest(long max)
        {
            var word = (int)(max >> 6);
            var bits = _sums[word] & (ulong.MaxValue >> (63 - (int)(max & 63)));
            while (bits == 0)
                bits = _sums[--word];
            return ((long)word << 6) + BitOperations.Log2(bits);
        }

        /// <summary>Adds the sums with an item more, from the top down, so that each counts it once.</summary>
        private void Shift(long size)
        {
            var (words, bits) = ((int)(size >> 6), (int)(size & 63));
            for (var word = _sums.Length - 1; word >= words; word--)
            {
                var moved = _sums[word - words] << bits;
                if (bits > 0 && word > words)
                    moved |= _sums[word - words - 1] >> (64 - bits);
                _sums[word] |= moved;
            }
        }
    }
}

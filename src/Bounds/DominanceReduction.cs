namespace PackingKit;

/// <summary>
/// Bins that some optimal packing has, after Martello and Toth (1990): {j, i} where i, the largest item that fits beside j, fills the bin,
/// or is at least as large as any pair that fits and no three do. Whatever else stood beside j can change places with i.
/// </summary>
/// <remarks>Under an item limit that binds it does not hold: what changes places may be two items for one.</remarks>
internal static class DominanceReduction
{
    /// <summary>Fixes bins as long as some can be, and takes their items out.</summary>
    /// <param name="sizes">Sizes above 0 in decreasing order.</param>
    /// <param name="left">How many there are of each; what is left afterwards.</param>
    /// <param name="capacity">Capacity of every bin.</param>
    /// <param name="stop">Asked for each size: what is fixed until then stands.</param>
    /// <param name="bins">
    /// Takes the bins: the places of one or two sizes (the second -1 where there is one), and how many such bins.
    /// </param>
    /// <returns>The number of bins fixed.</returns>
    public static long Reduce(
        ReadOnlySpan<long> sizes, Span<long> left, long capacity, Func<bool> stop, List<(int, int, long)>? bins = null)
    {
        long count = 0, before;
        do
        {
            before = count;
            for (var item = 0; item < sizes.Length && !stop(); item++)
                while (left[item] > 0 && TryFix(sizes, left, capacity, item, bins) is > 0 and var more)
                    count += more;
        }
        while (count > before);
        return count;
    }

    /// <summary>Fixes bins that begin with one size, all alike, and tells how many.</summary>
    private static long TryFix(ReadOnlySpan<long> sizes, Span<long> left, long capacity, int item, List<(int, int, long)>? bins)
    {
        left[item]--;
        var residual = capacity - sizes[item];
        var partner = 0; // the largest that fits, larger than the item or not
        while (partner < sizes.Length && (left[partner] == 0 || sizes[partner] > residual))
            partner++;
        if (partner == sizes.Length)
        {
            var alone = left[item] + 1;
            left[item] = 0;
            bins?.Add((item, -1, alone));
            return alone;
        }
        if (sizes[partner] != residual && !Dominates(sizes, left, partner, residual))
        {
            left[item]++;
            return 0;
        }
        // Taking items out makes nothing fit better: the same bin can be fixed again while both sizes last.
        left[partner]--;
        var again = item == partner ? left[item] / 2 : Math.Min(left[item], left[partner]);
        left[item] -= again;
        left[partner] -= again;
        bins?.Add((item, partner, 1 + again));
        return 1 + again;
    }

    /// <summary>Whether no three items fit into the residual capacity and no pair that fits is larger than the partner.</summary>
    private static bool Dominates(ReadOnlySpan<long> sizes, ReadOnlySpan<long> left, int partner, long residual)
    {
        Int128 three = 0;
        var missing = 3L;
        for (var i = sizes.Length - 1; i >= 0 && missing > 0; i--)
        {
            var taken = Math.Min(left[i], missing);
            three += (Int128)taken * sizes[i];
            missing -= taken;
        }
        if (missing == 0 && three <= residual)
            return false;
        var (large, small) = (partner, sizes.Length - 1);
        while (large <= small)
        {
            if (left[large] == 0)
                large++;
            else if (left[small] == 0 || (large == small && left[large] < 2))
                small--;
            else if (sizes[large] > residual - sizes[small])
                large++;
            else if (sizes[large] + sizes[small] > sizes[partner])
                return false;
            else
                small--;
        }
        return true;
    }
}

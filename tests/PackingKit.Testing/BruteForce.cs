namespace PackingKit.Testing;

/// <summary>The optimum by trying every way to put each item into a bin in use or into one new bin.</summary>
public static class BruteForce
{
    public static int Optimum(PackingCase of)
    {
        if (of.Sizes.Length > SmallCase.MaxItems)
            throw new ArgumentException($"{of.Sizes.Length} items are too many to try every packing.", nameof(of));
        return Fewest(of, item: 0, residual: new long[of.Sizes.Length], items: new int[of.Sizes.Length], bins: 0, best: of.Sizes.Length);
    }

    private static int Fewest(PackingCase of, int item, long[] residual, int[] items, int bins, int best)
    {
        if (bins >= best || item == of.Sizes.Length)
            return Math.Min(bins, best);
        var size = of.Sizes[item];
        for (var bin = 0; bin <= bins; bin++)
        {
            var isNew = bin == bins;
            if (isNew)
                (residual[bin], items[bin]) = (of.Capacity, 0);
            if (residual[bin] < size || items[bin] == of.Limits.MaxItems)
                continue;
            residual[bin] -= size;
            items[bin]++;
            best = Fewest(of, item + 1, residual, items, isNew ? bins + 1 : bins, best);
            residual[bin] += size;
            items[bin]--;
        }
        return best;
    }
}

namespace PackingKit.Testing;

/// <summary>Sum-of-squares as its definition reads: the whole sum from scratch for every item and every bin, a new one included.</summary>
public static class NaiveSumOfSquares
{
    /// <summary>The bin of each item.</summary>
    [OracleOf("ss")]
    public static int[] Assign(PackingCase of)
    {
        List<Bin> bins = [];
        var binOfItem = new int[of.Sizes.Length];
        for (var item = 0; item < binOfItem.Length; item++)
        {
            var size = of.Sizes[item];
            Bin[] candidates = [.. bins, new Bin(of.Capacity, Items: 0)];
            var chosen = Enumerable.Range(0, candidates.Length)
                .Where(bin => candidates[bin].Residual >= size && candidates[bin].Items < of.ItemLimit)
                .MinBy(bin => (Sum(With(bins, bin, candidates[bin].Add(size)), of.ItemLimit), candidates[bin].Residual, bin));
            bins = With(bins, chosen, candidates[chosen].Add(size));
            binOfItem[item] = chosen;
        }
        return binOfItem;
    }

    /// <summary>The bins with one of them replaced, or with one more.</summary>
    private static List<Bin> With(List<Bin> bins, int index, Bin bin) => [.. bins.Take(index), bin, .. bins.Skip(index + 1)];

    /// <summary>Open bins have residual capacity and take a further item.</summary>
    private static long Sum(List<Bin> bins, int itemLimit) =>
        bins.Where(bin => bin.Residual > 0 && bin.Items < itemLimit)
            .CountBy(bin => bin.Residual)
            .Sum(group => (long)group.Value * group.Value);

    private sealed record Bin(long Residual, int Items)
    {
        public Bin Add(long size) => new(Residual - size, Items + 1);
    }
}

namespace PackingKit;

/// <summary>
/// Diving with re-pricing: takes the integer parts of the relaxation's solution (or its fullest column) as bins, prices the items that are
/// left, and so on until all are packed. All its bins together may waste no more than a packing into the bins asked for.
/// </summary>
internal sealed class ColumnDive(ItemTypes root, ItemTypes items, ColumnGeneration generation, SearchContext context)
{
    /// <summary>One dive for a packing into <paramref name="bins"/> bins.</summary>
    /// <param name="bins">The number of bins.</param>
    /// <param name="random">Varies the columns taken; <see langword="null"/> for the plain dive.</param>
    /// <returns>A packing; it may need more bins.</returns>
    public List<(Pattern Pattern, long Bins)> Dive(long bins, Random? random)
    {
        var packing = new PartialPacking(items);
        while (packing.ItemsOutside > 0 && !context.Stop)
        {
            var (left, waste) = (bins - packing.BinCount, packing.WasteLeft(bins));
            if (left <= 0 || waste < 0 || generation.Run(packing.Outside, left, waste) != RelaxationOutcome.Reached)
                break;
            var fullest = Fullest(random);
            if (TakeIntegerParts(packing, bins) == 0 && (fullest is null || packing.Place(fullest, 1, waste) == 0))
                break;
        }
        return packing.Complete(root);
    }

    /// <summary>Fills as many bins by each column as the integer part of its value says.</summary>
    /// <returns>The number of bins filled.</returns>
    private long TakeIntegerParts(PartialPacking packing, long bins)
    {
        var taken = 0L;
        foreach (var (pattern, value) in generation.Master.Taken(1 - SearchTuning.Tolerance))
        {
            var times = Math.Min((long)(value + SearchTuning.Tolerance), bins - packing.BinCount);
            taken += packing.Place(pattern, times, packing.WasteLeft(bins));
        }
        return taken;
    }

    /// <summary>The pattern whose column has the largest value, each value times a random factor.</summary>
    private Pattern? Fullest(Random? random) => generation.Master.Taken(SearchTuning.Tolerance)
        .Select(column => (column.Pattern, Value: column.Value * SearchTuning.Noise(SearchTuning.ColumnDiveNoise, random)))
        .DefaultIfEmpty().MaxBy(column => column.Value).Pattern;
}

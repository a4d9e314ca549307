namespace PackingKit;

/// <summary>
/// Diving with re-pricing: takes the whole parts of the relaxation's solution (or its fullest column) as bins, prices what is left again,
/// and so on down.
/// What is left may waste only what the number of bins asked for allows.
/// </summary>
internal sealed class ColumnDive(ItemTypes root, ItemTypes items, ColumnGeneration generation, SearchContext context)
{
    /// <summary>One dive for a packing into so many bins.</summary>
    /// <param name="bins">The number of bins.</param>
    /// <param name="random">Varies the columns taken; <see langword="null"/> for the plain dive.</param>
    /// <returns>A packing; it may need more bins.</returns>
    public List<(Pattern Pattern, long Bins)> Dive(long bins, Random? random)
    {
        var packed = new PartialPacking(items);
        while (packed.ItemsOutside > 0 && !context.Stop)
        {
            var left = bins - packed.BinCount;
            var waste = Waste(left, packed);
            if (left <= 0 || waste < 0 || generation.Run(packed.Outside, left, waste) != RelaxationOutcome.Reached)
                break;
            if (!Take(packed, left, random))
                break;
        }
        return packed.Complete(root);
    }

    private long Waste(long left, PartialPacking packed) =>
        (long)Int128.Clamp(((Int128)left * items.Capacity) - packed.WeightOutside, -1, items.Capacity);

    private bool Take(PartialPacking packed, long left, Random? random)
    {
        var values = generation.Master.Values;
        var columns = generation.Master.Columns;
        var end = packed.BinCount + left;
        var before = packed.BinCount;
        var (best, fullest) = (-1, 0.0);
        for (var column = 0; column < values.Length; column++)
        {
            if (columns[column] is not { } pattern || values[column] < 1e-6)
                continue;
            if (values[column] >= 1 - 1e-6)
                packed.Place(pattern, Math.Min((long)(values[column] + 1e-6), end - packed.BinCount), Waste(end - packed.BinCount, packed));
            var value = values[column] * (random is null ? 1 : 0.5 + random.NextDouble());
            if (value > fullest)
                (best, fullest) = (column, value);
        }
        return packed.BinCount > before || (best >= 0 && packed.Place(columns[best]!, 1, Waste(left, packed)) > 0);
    }
}

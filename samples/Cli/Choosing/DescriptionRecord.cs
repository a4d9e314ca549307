namespace PackingKit.Cli;

/// <summary>What <c>describe --json</c> prints for a file. Sizes and capacity are in units of 10^-<paramref name="Decimals"/>.</summary>
internal sealed record DescriptionRecord(
    string File, long Capacity, long? MaxItems, int Decimals, long Items, int DistinctSizes, long TotalSize, DistributionRecord Sizes,
    long AboveHalf, long AboveThird, SizeRecord? MostFrequent, long Divisor, BoundOf[] Bounds, BoundOf Bound, Finding[] Hints)
{
    public static DescriptionRecord Of(string file, SizeDescription description) => new(
        file, description.Limits.Capacity, description.Limits.HasItemLimit ? description.Limits.MaxItems : null, description.Decimals,
        description.Sizes.Count, description.Histogram.DistinctCount, description.Histogram.TotalSize,
        DistributionRecord.Of(description.Sizes), description.AboveHalf, description.AboveThird,
        description.Sizes.Count == 0 ? null : new SizeRecord(description.MostFrequent.Size, description.MostFrequent.Count),
        description.GreatestCommonDivisor, [.. description.Bounds.Select(BoundOf.Of)], BoundOf.Of(description.Bound),
        [.. description.Hints]);
}

/// <summary>A distribution without its count, which stands beside it.</summary>
internal sealed record DistributionRecord(
    double Mean, double StandardDeviation, long Min, long Percentile1, long Percentile10, long LowerQuartile, long Median,
    long UpperQuartile, long Percentile90, long Percentile99, long Max)
{
    public static DistributionRecord Of(Distribution values) => new(
        values.Mean, values.StandardDeviation, values.Min, values.Percentile1, values.Percentile10, values.LowerQuartile, values.Median,
        values.UpperQuartile, values.Percentile90, values.Percentile99, values.Max);
}

/// <summary>A size with the number of items that have it.</summary>
internal sealed record SizeRecord(long Size, long Items);

/// <summary>A bound with its rule.</summary>
internal sealed record BoundOf(long Bins, string Rule)
{
    public static BoundOf Of(LowerBound bound) => new(bound.Bins, bound.Rule);
}

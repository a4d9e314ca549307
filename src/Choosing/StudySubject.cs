namespace PackingKit;

/// <summary>What is studied: counted sizes, and the items where they are known.</summary>
internal sealed record StudySubject(SizeHistogram Histogram, BinLimits Limits, PackingProblem? Problem)
{
    /// <summary>The share of the room of so many bins that the items fill.</summary>
    public double Fill(long bins, BinLimits limits) => bins == 0 ? 1 : Histogram.TotalSize / (bins * (double)limits.Capacity);

    /// <summary>The first part of the items, or that part of the items of each size, rounded up.</summary>
    public StudySubject Part(int parts, int of)
    {
        if (Problem is null)
            return this with
            {
                Histogram = SizeHistogram.FromCounts(
                    Histogram.Pairs().Select(pair => pair with { Count = Integers.CeilingDivide((Int128)pair.Count * parts, of) })),
            };
        var items = (int)((long)Problem.ItemCount * parts / of);
        var part = Problem.TryGetInt32Sizes(out var sizes) ? PackingProblem.Create(sizes[..items], Limits)
            : PackingProblem.Create(Problem.GetInt64Sizes()[..items], Limits);
        return new StudySubject(part.Histogram, Limits, part);
    }
}

namespace PackingKit.Benchmarks;

/// <summary>The span lanes of the heuristics by id; a portfolio has none.</summary>
internal sealed record SpanLanes(string Id, SpanLanes.AssignLane? Assign, SpanLanes.RowsLane? Rows)
{
    public delegate int AssignLane(ReadOnlySpan<int> sizes, int capacity, Span<int> binOfItem, int maxItemsPerBin = int.MaxValue);

    public delegate int RowsLane(ReadOnlySpan<int> sizes, int capacity, Span<int> binOffsets, Span<int> itemIndices, int maxItemsPerBin = int.MaxValue);

    public static IReadOnlyList<SpanLanes> All { get; } =
    [
        new("ffd", FirstFitDecreasing.Assign, FirstFitDecreasing.AssignRows),
        new("bfd", BestFitDecreasing.Assign, BestFitDecreasing.AssignRows),
        new("wfd", WorstFitDecreasing.Assign, WorstFitDecreasing.AssignRows),
        new("nfd", NextFitDecreasing.Assign, NextFitDecreasing.AssignRows),
        new("ff", FirstFit.Assign, FirstFit.AssignRows),
        new("bf", BestFit.Assign, BestFit.AssignRows),
        new("wf", WorstFit.Assign, WorstFit.AssignRows),
        new("nf", NextFit.Assign, NextFit.AssignRows),
        new("harmonic", HarmonicAssign, HarmonicRows),
        new("mffd", ModifiedFirstFitDecreasing.Assign, ModifiedFirstFitDecreasing.AssignRows),
        new("b2f", BestTwoFit.Assign, BestTwoFit.AssignRows),
        new("fill2", FillTwo.Assign, FillTwo.AssignRows),
        new("mbs", MinimumBinSlack.Assign, MinimumBinSlack.AssignRows),
        new("mbs-prime", MinimumBinSlackPrime.Assign, MinimumBinSlackPrime.AssignRows),
        new("auto", null, null),
    ];

    private static int HarmonicAssign(ReadOnlySpan<int> sizes, int capacity, Span<int> binOfItem, int maxItemsPerBin) =>
        Harmonic.Assign(sizes, capacity, binOfItem, maxItemsPerBin: maxItemsPerBin);

    private static int HarmonicRows(ReadOnlySpan<int> sizes, int capacity, Span<int> binOffsets, Span<int> itemIndices, int maxItemsPerBin) =>
        Harmonic.AssignRows(sizes, capacity, binOffsets, itemIndices, maxItemsPerBin: maxItemsPerBin);
}

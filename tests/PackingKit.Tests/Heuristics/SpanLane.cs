using System.Numerics;

namespace PackingKit.Tests;

/// <summary>The span lanes of a heuristic by its id.</summary>
internal static class SpanLane
{
    public static readonly string[] Ids =
        ["nf", "ff", "bf", "wf", "nfd", "ffd", "bfd", "wfd", "mffd", "b2f", "fill2", "mbs", "mbs-prime", "harmonic"];

    public static int Assign<T>(string id, ReadOnlySpan<T> sizes, T capacity, Span<int> binOfItem, int most = int.MaxValue)
        where T : struct, IBinaryInteger<T> => id switch
        {
            "nf" => NextFit.Assign(sizes, capacity, binOfItem, most),
            "ff" => FirstFit.Assign(sizes, capacity, binOfItem, most),
            "bf" => BestFit.Assign(sizes, capacity, binOfItem, most),
            "wf" => WorstFit.Assign(sizes, capacity, binOfItem, most),
            "nfd" => NextFitDecreasing.Assign(sizes, capacity, binOfItem, most),
            "ffd" => FirstFitDecreasing.Assign(sizes, capacity, binOfItem, most),
            "bfd" => BestFitDecreasing.Assign(sizes, capacity, binOfItem, most),
            "wfd" => WorstFitDecreasing.Assign(sizes, capacity, binOfItem, most),
            "mffd" => ModifiedFirstFitDecreasing.Assign(sizes, capacity, binOfItem, most),
            "b2f" => BestTwoFit.Assign(sizes, capacity, binOfItem, most),
            "fill2" => FillTwo.Assign(sizes, capacity, binOfItem, most),
            "mbs" => MinimumBinSlack.Assign(sizes, capacity, binOfItem, most),
            "mbs-prime" => MinimumBinSlackPrime.Assign(sizes, capacity, binOfItem, most),
            "harmonic" => Harmonic.Assign(sizes, capacity, binOfItem, maxItemsPerBin: most),
            _ => throw new ArgumentException($"'{id}' is not a heuristic.", nameof(id)),
        };

    public static int Rows<T>(string id, ReadOnlySpan<T> sizes, T capacity, Span<int> offsets, Span<int> items, int most = int.MaxValue)
        where T : struct, IBinaryInteger<T> => id switch
        {
            "nf" => NextFit.AssignRows(sizes, capacity, offsets, items, most),
            "ff" => FirstFit.AssignRows(sizes, capacity, offsets, items, most),
            "bf" => BestFit.AssignRows(sizes, capacity, offsets, items, most),
            "wf" => WorstFit.AssignRows(sizes, capacity, offsets, items, most),
            "nfd" => NextFitDecreasing.AssignRows(sizes, capacity, offsets, items, most),
            "ffd" => FirstFitDecreasing.AssignRows(sizes, capacity, offsets, items, most),
            "bfd" => BestFitDecreasing.AssignRows(sizes, capacity, offsets, items, most),
            "wfd" => WorstFitDecreasing.AssignRows(sizes, capacity, offsets, items, most),
            "mffd" => ModifiedFirstFitDecreasing.AssignRows(sizes, capacity, offsets, items, most),
            "b2f" => BestTwoFit.AssignRows(sizes, capacity, offsets, items, most),
            "fill2" => FillTwo.AssignRows(sizes, capacity, offsets, items, most),
            "mbs" => MinimumBinSlack.AssignRows(sizes, capacity, offsets, items, most),
            "mbs-prime" => MinimumBinSlackPrime.AssignRows(sizes, capacity, offsets, items, most),
            "harmonic" => Harmonic.AssignRows(sizes, capacity, offsets, items, maxItemsPerBin: most),
            _ => throw new ArgumentException($"'{id}' is not a heuristic.", nameof(id)),
        };
}

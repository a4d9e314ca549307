using System.Numerics;

namespace PackingKit.Tests;

/// <summary>The span lane of a heuristic by its id.</summary>
internal static class SpanLane
{
    public static int Assign<T>(string id, ReadOnlySpan<T> sizes, T capacity, Span<int> binOfItem, int maxItemsPerBin = int.MaxValue)
        where T : struct, IBinaryInteger<T> => id switch
        {
            "nf" => NextFit.Assign(sizes, capacity, binOfItem, maxItemsPerBin),
            "ff" => FirstFit.Assign(sizes, capacity, binOfItem, maxItemsPerBin),
            "bf" => BestFit.Assign(sizes, capacity, binOfItem, maxItemsPerBin),
            "wf" => WorstFit.Assign(sizes, capacity, binOfItem, maxItemsPerBin),
            "nfd" => NextFitDecreasing.Assign(sizes, capacity, binOfItem, maxItemsPerBin),
            "ffd" => FirstFitDecreasing.Assign(sizes, capacity, binOfItem, maxItemsPerBin),
            "bfd" => BestFitDecreasing.Assign(sizes, capacity, binOfItem, maxItemsPerBin),
            "wfd" => WorstFitDecreasing.Assign(sizes, capacity, binOfItem, maxItemsPerBin),
            _ => throw new ArgumentException($"'{id}' is not a heuristic.", nameof(id)),
        };
}

using System.Diagnostics;

namespace PackingKit.Samples.Training;

/// <summary>Packs while documents arrive, a few of them waiting: neighbours in the input stay neighbours in the output.</summary>
internal static class PooledPacking
{
    public static PackedDocuments Pack(DocumentPieces pieces, int pool, int? maxDocuments)
    {
        var watch = Stopwatch.StartNew();
        var packer = new StreamingPacker(new StreamingOptions
        {
            Capacity = pieces.Rules.Capacity,
            PoolSize = pool,
            MaxItemsPerBin = maxDocuments,
        });
        List<int> offsets = [0], items = [];
        foreach (var bin in packer.Pack(Slots(pieces)))
        {
            items.AddRange(bin.Items.Select(item => (int)item));
            offsets.Add(items.Count);
        }
        var index = new PackIndex(pieces, Packing.FromRows([.. offsets], [.. items]));
        var problem = pieces.ToProblem(maxDocuments ?? BinLimits.Unlimited);
        return new PackedDocuments(index, new LowerBound(LowerBounds.L1(problem.Histogram, problem.Limits), BoundRule.L1), watch.Elapsed);
    }

    private static IEnumerable<long> Slots(DocumentPieces pieces)
    {
        for (var piece = 0; piece < pieces.Count; piece++)
            yield return pieces.Slots[piece];
    }
}

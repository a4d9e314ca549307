namespace PackingKit.Samples.Training;

/// <summary>Three .npy arrays: which pieces of which documents stand in which pack. Tokens stay where they are.</summary>
internal sealed class IndexTarget : OutputTarget
{
    /// <summary>Start of each pack among the items, then the number of items: int64 [packs + 1].</summary>
    public const string Offsets = "bin_offsets.npy";

    /// <summary>Document of each item: int32 [items].</summary>
    public const string Indices = "item_indices.npy";

    /// <summary>First token and number of tokens of each item in its document: int32 [items, 2].</summary>
    public const string Spans = "item_spans.npy";

    public override string Name => "index";

    public override bool WritesTokens => false;

    public override IReadOnlyList<PackedFile> Write(PackedJob job, JobFolder folder, Action<double> report)
    {
        var (packs, pieces) = (job.Index.PackCount, job.Index.Pieces.Count);
        return
        [
            folder.Write(Offsets, stream =>
            {
                ArrayFile.WriteNpy(stream, OffsetsOf(job.Index), packs + 1);
                return (packs, 0);
            }),
            folder.Write(Indices, stream =>
            {
                ArrayFile.WriteNpy(stream, PiecesOf(job.Index).Select(piece => job.Documents.OriginOf(piece.Document)), pieces);
                return (0, 0);
            }),
            folder.Write(Spans, stream =>
            {
                ArrayFile.WriteNpy(stream, PiecesOf(job.Index).SelectMany(piece => (int[])[piece.Start, piece.Length]), pieces, 2);
                return (0, 0);
            }),
        ];
    }

    private static IEnumerable<long> OffsetsOf(PackIndex index)
    {
        for (var pack = 0; pack <= index.PackCount; pack++)
            yield return index.Packing.BinOffsets[pack];
    }

    private static IEnumerable<Piece> PiecesOf(PackIndex index)
    {
        for (var item = 0; item < index.Pieces.Count; item++)
            yield return index.Pieces[index.Packing.ItemIndices[item]];
    }
}

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
        var found = new Piece[ArrayFile.AtOnce];
        return
        [
            folder.Write(Offsets, stream =>
            {
                ArrayFile.WriteNpy<long>(stream, packs + 1, 1, (first, run) =>
                {
                    var offsets = job.Index.Packing.BinOffsets[first..];
                    for (var i = 0; i < run.Length; i++)
                        run[i] = offsets[i];
                });
                return (packs, 0);
            }),
            folder.Write(Indices, stream =>
            {
                ArrayFile.WriteNpy<int>(stream, pieces, 1, (first, run) =>
                {
                    job.Index.Pieces.CopyTo(job.Index.Packing.ItemIndices.Slice(first, run.Length), found);
                    for (var i = 0; i < run.Length; i++)
                        run[i] = job.Documents.OriginOf(found[i].Document);
                });
                return (0, 0);
            }),
            folder.Write(Spans, stream =>
            {
                ArrayFile.WriteNpy<int>(stream, pieces, 2, (first, run) =>
                {
                    job.Index.Pieces.CopyTo(job.Index.Packing.ItemIndices.Slice(first, run.Length / 2), found);
                    for (var i = 0; i < run.Length; i += 2)
                        (_, run[i], run[i + 1]) = found[i / 2];
                });
                return (0, 0);
            }),
        ];
    }
}

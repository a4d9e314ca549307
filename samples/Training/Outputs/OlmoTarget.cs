namespace PackingKit.Samples.Training;

/// <summary>
/// OLMo-core's packing index: three arrays of uint64 without a header, despite their name, that it uses instead of packing itself. Tokens
/// are counted through all inputs in their order. Reference: data/composable/packing_instance_source.py of allenai/OLMo-core.
/// </summary>
internal sealed class OlmoTarget : OutputTarget
{
    public override string Name => "olmo";

    public override bool WritesTokens => false;

    public override string? Refusal(PackSettings settings) =>
        settings.Bos is not null || settings.Eos is not null ? "OLMo-core reads tokens from its own files, where --bos and --eos are not."
        : settings is { Align: 1, PackAlign: 1 } ? null
        : "OLMo-core lays documents without padding: --align and --pack-align go with arrow.";

    public override IReadOnlyList<PackedFile> Write(PackedJob job, JobFolder folder, Action<double> report)
    {
        var (index, pieces) = (job.Index, job.Index.Pieces);
        // Documents by decreasing length; of equal ones the first comes first.
        var order = Enumerable.Range(0, pieces.Count).ToArray();
        Array.Sort(order, (a, b) => (pieces[b].Length, a).CompareTo((pieces[a].Length, b)));
        var rank = new int[order.Length];
        for (var i = 0; i < order.Length; i++)
            rank[order[i]] = i;
        var starts = StartsOf(job.Documents);
        return
        [
            Save("document-indices", order.SelectMany(i => Span(pieces[i])), 0),
            Save("instance-offsets", Enumerable.Range(0, index.PackCount).SelectMany(Instance), index.PackCount),
            Save("documents-by-instance", Enumerable.Range(0, pieces.Count).Select(i => (ulong)rank[index.Packing.ItemIndices[i]]), 0),
        ];

        PackedFile Save(string kind, IEnumerable<ulong> elements, int packs) => folder.Write(
            $"{kind}{(job.Settings.Id is { } id ? $"-{id}" : "")}.npy", stream =>
            {
                ArrayFile.Write(stream, elements);
                return (packs, 0);
            });

        ulong[] Span(Piece piece)
        {
            var start = (ulong)(starts[job.Documents.OriginOf(piece.Document)] + piece.Start);
            return [start, start + (ulong)piece.Length];
        }

        ulong[] Instance(int pack) => [(ulong)index.Packing.BinOffsets[pack], (ulong)index.Packing.BinOffsets[pack + 1]];
    }

    private static long[] StartsOf(DocumentSet documents)
    {
        if (documents.Origins is not null)
            throw new BadInputException("--weight: OLMo-core blends sources itself.");
        var starts = new long[documents.Lengths.Length];
        for (var document = 1; document < starts.Length; document++)
            starts[document] = starts[document - 1] + documents.Lengths.Span[document - 1];
        return starts;
    }
}

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
            Save("document-indices", pieces.Count, 2, 0, (first, run) =>
            {
                for (var i = 0; i < run.Length; i += 2)
                {
                    var piece = pieces[order[first + (i / 2)]];
                    run[i] = (ulong)(starts[piece.Document] + piece.Start);
                    run[i + 1] = run[i] + (ulong)piece.Length;
                }
            }),
            Save("instance-offsets", index.PackCount, 2, index.PackCount, (first, run) =>
            {
                for (var i = 0; i < run.Length; i++)
                    run[i] = (ulong)index.Packing.BinOffsets[first + ((i + 1) / 2)];
            }),
            Save("documents-by-instance", pieces.Count, 1, 0, (first, run) =>
            {
                for (var i = 0; i < run.Length; i++)
                    run[i] = (ulong)rank[index.Packing.ItemIndices[first + i]];
            }),
        ];

        PackedFile Save(string kind, int count, int width, int packs, ArrayFile.Filler<ulong> fill) => folder.Write(
            $"{kind}{(job.Settings.Id is { } id ? $"-{id}" : "")}.npy", stream =>
            {
                ArrayFile.Write(stream, count, width, fill);
                return (packs, 0);
            });
    }

    private static long[] StartsOf(DocumentSet documents)
    {
        var starts = new long[documents.Lengths.Length];
        for (var document = 1; document < starts.Length; document++)
            starts[document] = starts[document - 1] + documents.Lengths.Span[document - 1];
        return starts;
    }
}

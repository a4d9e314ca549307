using System.Text.Json;
using Apache.Arrow;

namespace PackingKit.Samples.Training;

/// <summary>Parquet for Megatron-Bridge (NeMo), see <see cref="MegatronColumns"/>; and metadata that its fixed cu_seqlens need.</summary>
internal sealed class MegatronBridgeTarget : RowTarget
{
    private const string MetadataName = "packed_metadata.json";

    public override string Name => "megatron-bridge";

    public override int Lookahead => 1;

    public override string? Refusal(PackSettings settings) =>
        settings.Columns.Count > 0 ? "Megatron-Bridge reads its own columns: --columns goes with trl and arrow."
        : settings.PackAlign > 1 ? "Megatron-Bridge pads rows itself: --pack-align goes with arrow."
        : settings is { Align: > 1, Eos: null, Padding: null }
            ? "Megatron-Bridge strips padding by its token: --align needs --eos or --pad."
        : settings.AllowEmpty ? "Megatron-Bridge has no rows without a sequence: --allow-empty goes with trl and arrow."
        : settings is { LossWeights: not LossWeighting.Token } ? "Megatron-Bridge takes a mask, no weights: --loss-weights goes with arrow."
        : null;

    protected override IReadOnlyList<PackColumn> ColumnsOf(PackSettings settings) => MegatronColumns.All;

    protected override string FileName(int file, int files) => $"part-{file:D5}.idx.parquet";

    protected override IRowWriter Open(Stream stream, Schema schema) => new ParquetRows(stream, schema);

    protected override IEnumerable<PackedFile> WriteMore(PackedJob job, JobFolder folder, IReadOnlyList<PackedFile> rows)
    {
        var (longest, most, least, total) = (0, 0, long.MaxValue, 0L);
        for (var pack = 0; pack < job.Index.PackCount; pack++)
        {
            long load = 0;
            foreach (var piece in job.Index[pack])
            {
                var length = job.Index.Pieces.Slots[piece];
                (longest, load) = (Math.Max(longest, length), load + length);
            }
            (most, least, total) = (Math.Max(most, job.Index[pack].Length), Math.Min(least, load), total + load);
        }
        var packs = Math.Max(1, job.Index.PackCount);
        object[] metadata =
        [
            new Dictionary<string, object>
            {
                ["dataset_max_seqlen"] = longest,
                ["max_samples_per_bin"] = most,
                ["packing_factor"] = Math.Round(job.Index.Pieces.Count / (double)packs, 2),
                ["packing_efficiency"] = Math.Round(100.0 * total / packs / job.Settings.Capacity, 2),
                ["pack_size"] = job.Settings.Capacity,
                ["min_packed_seqlen"] = job.Index.PackCount == 0 ? 0 : least,
            },
        ];
        yield return folder.Write(MetadataName, stream =>
        {
            JsonSerializer.Serialize(stream, metadata);
            return (0, 0);
        });
    }

    public override (int Packs, long Slots)? Recount(string path) => Path.GetFileName(path) == MetadataName ? null : base.Recount(path);
}

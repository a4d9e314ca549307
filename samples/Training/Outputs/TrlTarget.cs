using Apache.Arrow;

namespace PackingKit.Samples.Training;

/// <summary>
/// Parquet for TRL's SFTTrainer with <c>packing=False, padding_free=True</c>: its collator makes positions of <c>seq_lengths</c> and shifts
/// labels itself.
/// </summary>
internal sealed class TrlTarget : RowTarget
{
    public override string Name => "trl";

    public override string? Refusal(PackSettings settings) => settings is { Align: 1, PackAlign: 1 } ? null
        : "TRL's rows have no padding: --align and --pack-align go with arrow and megatron-bridge.";

    protected override IReadOnlyList<PackColumn> ColumnsOf(PackSettings settings) => settings.Columns.Count > 0
        ? [.. settings.Columns.Select(PackColumns.Named)]
        : [PackColumns.Named("input_ids"), PackColumns.Named("labels"), PackColumns.Named("seq_lengths")];

    protected override string FileName(int file, int files) => $"part-{file:D5}.parquet";

    protected override IRowWriter Open(Stream stream, Schema schema) => new ParquetRows(stream, schema);
}

using System.Text.Json;
using Apache.Arrow;

namespace PackingKit.Samples.Training;

/// <summary>A folder as <c>datasets.load_from_disk</c> reads it: for TRL, axolotl and LLaMA-Factory, mapped into memory.</summary>
internal sealed class ArrowTarget : RowTarget
{
    public override string Name => "arrow";

    protected override IReadOnlyList<PackColumn> ColumnsOf(PackSettings settings) => settings.Columns.Count > 0
        ? [.. settings.Columns.Select(PackColumns.Named)]
        : [.. ((string[])["input_ids", "labels", "position_ids", "seq_lengths"]).Select(PackColumns.Named)];

    protected override string FileName(int file, int files) => $"data-{file:D5}-of-{files:D5}.arrow";

    protected override IRowWriter Open(Stream stream, Schema schema) => new ArrowRows(stream, schema);

    protected override IEnumerable<PackedFile> WriteMore(PackedJob job, JobFolder folder, IReadOnlyList<PackedFile> rows)
    {
        var state = new Dictionary<string, object?>
        {
            ["_data_files"] = rows.Select(file => new { filename = file.Name }).ToArray(),
            ["_fingerprint"] = rows[0].Blocks is [var first, ..] ? first : "0",
            ["_format_columns"] = null,
            ["_format_kwargs"] = new { },
            ["_format_type"] = null,
            ["_output_all_columns"] = false,
            ["_split"] = null,
        };
        var info = new Dictionary<string, object>
        {
            ["citation"] = "",
            ["description"] = "",
            ["features"] = ColumnsOf(job.Settings).ToDictionary(column => column.Name, column => new Dictionary<string, object>
            {
                ["feature"] = new Dictionary<string, object>
                {
                    ["dtype"] = column.ElementName == "float" ? "float32" : column.ElementName,
                    ["_type"] = "Value",
                },
                ["_type"] = "List",
            }),
            ["homepage"] = "",
            ["license"] = "",
        };
        return [Save("state.json", state), Save("dataset_info.json", info)];

        PackedFile Save(string name, object content) => folder.Write(name, stream =>
        {
            JsonSerializer.Serialize(stream, content);
            return (0, 0);
        });
    }

    public override (int Packs, long Slots)? Recount(string path) =>
        path.EndsWith(".arrow", StringComparison.Ordinal) ? base.Recount(path) : null;
}

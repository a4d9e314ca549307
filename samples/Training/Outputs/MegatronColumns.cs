using Apache.Arrow.Types;

namespace PackingKit.Samples.Training;

/// <summary>
/// The columns of Megatron-Bridge's packed Parquet: each stored sequence has one token more than it trains on, and the mask marks the
/// positions whose next token counts. Reference: data/packing/parquet.py and gpt_sft.py of NVIDIA-NeMo/Megatron-Bridge.
/// </summary>
internal static class MegatronColumns
{
    public static IReadOnlyList<PackColumn> All { get; } =
    [
        new PackColumn<int>("input_ids", Int32Type.Default, Stored, WriteTokens),
        new PackColumn<sbyte>("loss_mask", Int8Type.Default, Stored, WriteMask),
        new PackColumn<int>("seq_start_id", Int32Type.Default, row => row.Lengths.Length, WriteStarts),
    ];

    /// <summary>Tokens of a sequence as it is stored: aligned, and one more.</summary>
    private static int Stored(PackRow row, int document) =>
        row.Settings.Rules.SlotsOf(row.Lengths[document]) + row.Settings.Rules.Lookahead;

    private static int Stored(PackRow row)
    {
        var count = 0;
        for (var document = 0; document < row.Lengths.Length; document++)
            count += Stored(row, document);
        return count;
    }

    private static void WriteTokens(PackRow row, Span<int> ids)
    {
        ids.Fill(row.Settings.Padding);
        for (var (document, slot, token) = (0, 0, 0); document < row.Lengths.Length; document++)
        {
            row.Tokens.Slice(token, row.Lengths[document]).CopyTo(ids[slot..]);
            token += row.Lengths[document];
            slot += Stored(row, document);
        }
    }

    private static void WriteMask(PackRow row, Span<sbyte> mask)
    {
        mask.Clear();
        for (var (document, slot, token) = (0, 0, 0); document < row.Lengths.Length; document++)
        {
            for (var next = 1; next < row.Lengths[document]; next++)
                mask[slot + next - 1] = (sbyte)(row.Weights.IsEmpty || row.Weights[token + next] != 0 ? 1 : 0);
            token += row.Lengths[document];
            slot += Stored(row, document);
        }
    }

    private static void WriteStarts(PackRow row, Span<int> starts)
    {
        for (var (document, slot) = (0, 0); document < row.Lengths.Length; document++)
        {
            starts[document] = slot;
            slot += Stored(row, document);
        }
    }
}

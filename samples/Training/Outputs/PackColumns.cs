using System.Buffers;
using Apache.Arrow.Types;

namespace PackingKit.Samples.Training;

/// <summary>The columns that rows may have: what TRL, transformers and LLaMA-Factory read, by <see cref="PackLayout"/>.</summary>
internal static class PackColumns
{
    public const string LossWeights = "loss_weights";

    private static readonly PackColumn[] All =
    [
        Slots("input_ids", (row, ids) => row.Layout.WriteTokens(row.Tokens, ids, row.Settings.Padding)),
        Slots("labels", WriteSameLabels),
        Slots("shift_labels", WriteNextLabels),
        Slots("position_ids", (row, positions) => row.Layout.WritePositionIds(positions)),
        Slots("segment_ids", (row, segments) => row.Layout.WriteSegmentIds(segments)),
        Slots("attention_mask", (row, segments) => row.Layout.WriteSegmentIds(segments)), // the name under which LLaMA-Factory wants them
        new PackColumn<float>(LossWeights, FloatType.Default, row => row.Layout.SlotCount, WriteLossWeights),
        Documents("seq_lengths", row => row.Lengths.Length, (row, lengths) => row.Lengths.CopyTo(lengths)),
        Documents("documents", row => row.Lengths.Length, (row, documents) => row.Documents.CopyTo(documents)),
        Documents("cu_seqlens", CuCount, (row, offsets) => row.Layout.WriteCuSeqLens(offsets)),
        Documents("cu_seqlens_padded", CuCount, (row, offsets) => row.Layout.WritePaddedCuSeqLens(offsets)),
    ];

    public static IReadOnlyList<string> Names { get; } = [.. All.Select(column => column.Name)];

    public static PackColumn Named(string name) => All.First(column => column.Name == name);

    private static PackColumn<int> Slots(string name, PackColumn<int>.Writer write) =>
        new(name, Int32Type.Default, row => row.Layout.SlotCount, write);

    private static PackColumn<int> Documents(string name, PackColumn<int>.Counter count, PackColumn<int>.Writer write) =>
        new(name, Int32Type.Default, count, write);

    private static int CuCount(PackRow row)
    {
        var count = row.Settings.CuCount ?? row.Lengths.Length + 1;
        return count > row.Lengths.Length ? count
            : throw new BadInputException($"--cu-count {count}: a pack has {row.Lengths.Length} documents; see --max-documents.");
    }

    /// <summary>transformers shift labels themselves: each token is its own label, but the first, and those of weight 0.</summary>
    private static void WriteSameLabels(PackRow row, Span<int> labels)
    {
        row.Layout.WriteTokens(row.Tokens, labels, PackLayout.IgnoredLabel);
        for (var (document, slot, token) = (0, 0, 0); document < row.Lengths.Length; document++)
        {
            var length = row.Lengths[document];
            labels[slot] = PackLayout.IgnoredLabel;
            for (var i = 0; i < (row.Weights.IsEmpty ? 0 : length); i++)
                if (row.Weights[token + i] == 0)
                    labels[slot + i] = PackLayout.IgnoredLabel;
            token += length;
            slot += (length + row.Layout.Alignment - 1) / row.Layout.Alignment * row.Layout.Alignment;
        }
    }

    private static void WriteNextLabels(PackRow row, Span<int> labels)
    {
        var same = ArrayPool<int>.Shared.Rent(labels.Length);
        WriteSameLabels(row, same.AsSpan(0, labels.Length));
        row.Layout.WriteLabels(same.AsSpan(0, labels.Length), labels);
        ArrayPool<int>.Shared.Return(same);
    }

    private static void WriteLossWeights(PackRow row, Span<float> weights)
    {
        if (row.Weights.IsEmpty)
            row.Layout.WriteLabelMask(weights);
        else
        {
            var slots = ArrayPool<float>.Shared.Rent(weights.Length);
            row.Layout.WriteTokens(row.Weights, slots.AsSpan(0, weights.Length), 0);
            row.Layout.WriteLossWeights(slots.AsSpan(0, weights.Length), weights);
            ArrayPool<float>.Shared.Return(slots);
        }
        if (row.Settings.Weighting != LossWeighting.Token)
            row.Layout.NormalizeLossWeights(weights, row.Settings.DocumentScale);
    }
}

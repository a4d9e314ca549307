using TorchSharp;
using static TorchSharp.torch;

namespace PackingKit.Attention;

/// <summary>Hidden states of packed sequences into one row each, by one operation whatever their number.</summary>
internal static class Pooling
{
    /// <param name="batch">One row without padding.</param>
    /// <param name="sequences">The sequences of the batch.</param>
    /// <param name="hidden">[tokens, dim], float32.</param>
    /// <param name="pooling">How.</param>
    /// <returns>[sequences, dim]; in the current dispose scope.</returns>
    public static Tensor Pool(PackedBatch batch, TextSequence[] sequences, Tensor hidden, EmbeddingPooling pooling) => pooling switch
    {
        EmbeddingPooling.Mean => Mean(batch, sequences, hidden),
        EmbeddingPooling.Last => batch.LastTokens(hidden),
        _ => hidden.index_select(0, batch.CuSeqLens[..^1]), // starts of the segments
    };

    private static Tensor Mean(PackedBatch batch, TextSequence[] sequences, Tensor hidden)
    {
        // Segments are numbered from 1: row 0 takes what is not pooled.
        var rows = batch.SegmentIds.flatten().to(ScalarType.Int64);
        if (Unpooled(batch.Layout, sequences) is { Length: > 0 } unpooled)
            rows = rows.index_fill(0, tensor(unpooled, device: batch.Device), 0);
        var sums = zeros([sequences.Length + 1, hidden.shape[1]], hidden.dtype, hidden.device);
        sums.index_add_(0, rows, hidden, 1);
        var counts = tensor(Array.ConvertAll(sequences, sequence => (float)sequence.Pooled), device: batch.Device);
        return sums.narrow(0, 1, sequences.Length).div_(counts.unsqueeze(1));
    }

    private static long[] Unpooled(PackedLayout layout, TextSequence[] sequences) =>
        [.. sequences.SelectMany((sequence, i) =>
            Enumerable.Range(layout.SegmentOf(i).Start, sequence.Unpooled).Select(slot => (long)slot))];
}

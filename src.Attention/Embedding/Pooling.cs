using TorchSharp;
using static TorchSharp.torch;

namespace PackingKit.Attention;

/// <summary>Hidden states of packed texts into one row per text, by one operation whatever the number of texts.</summary>
internal static class Pooling
{
    /// <param name="batch">One row without padding.</param>
    /// <param name="hidden">[tokens, dim], float32.</param>
    /// <param name="pooling">How.</param>
    /// <returns>[texts, dim]; in the current dispose scope.</returns>
    public static Tensor Pool(PackedBatch batch, Tensor hidden, EmbeddingPooling pooling) => pooling switch
    {
        EmbeddingPooling.Mean => Mean(batch, hidden),
        EmbeddingPooling.Last => batch.LastTokens(hidden),
        _ => hidden.index_select(0, batch.CuSeqLens[..^1]), // starts of the segments
    };

    private static Tensor Mean(PackedBatch batch, Tensor hidden)
    {
        var sums = zeros([batch.Layout.PromptCount, hidden.shape[1]], hidden.dtype, hidden.device);
        sums.index_add_(0, batch.SegmentIds.flatten().to(ScalarType.Int64).sub(1), hidden, 1); // segments are numbered from 1
        return sums.div_(batch.CuSeqLens.diff().unsqueeze(1));
    }
}

using TorchSharp;
using static TorchSharp.torch;

namespace PackingKit.Attention;

/// <summary>
/// libtorch's flash kernel for the CPU, called through its dispatcher for what <c>scaled_dot_product_attention</c> keeps to itself: the
/// log-sum-exp of every query's scores, by which results over different keys are merged.
/// </summary>
internal static class CpuFlash
{
    /// <summary>Attends.</summary>
    /// <param name="query">[batch, queries, heads, head size].</param>
    /// <param name="key">[batch, keys, heads, head size].</param>
    /// <param name="value">Like <paramref name="key"/>.</param>
    /// <param name="mask">Added to the scores, or none.</param>
    /// <param name="causal">Whether query i sees the keys up to i.</param>
    /// <param name="scale">The factor on scores.</param>
    /// <returns>
    /// [batch, queries, heads, head size], and [batch, queries, heads] in float32 or float64: minus infinity where all scores are that.
    /// </returns>
    public static (Tensor Attended, Tensor LogSumExp) Attend(
        Tensor query, Tensor key, Tensor value, Tensor? mask, bool causal, double scale)
    {
        var (attended, sums) = Call(query, key, value, mask, causal, scale);
        // Where all scores are minus infinity the kernel says 0, which others can have too: there the weights of the keys add up to 1.
        if (sums.count_nonzero().item<long>() < sums.numel())
        {
            var (weights, _) = Call(query, key, ones_like(value), mask, causal, scale);
            sums = sums.masked_fill(sums.eq(0).logical_and_(weights.select(-1, 0).eq(0)), double.NegativeInfinity);
        }
        return (attended, sums);
    }

    private static (Tensor Attended, Tensor LogSumExp) Call(
        Tensor query, Tensor key, Tensor value, Tensor? mask, bool causal, double scale)
    {
        Span<ulong> stack = stackalloc ulong[Dispatcher.StackSize];
        stack.Clear();
        ReadOnlySpan<ulong> arguments =
        [
            Dispatcher.Of(query.transpose(1, 2)), Dispatcher.Of(key.transpose(1, 2)), Dispatcher.Of(value.transpose(1, 2)),
            Dispatcher.Of(0.0), Dispatcher.Of(causal), mask is null ? Dispatcher.None : Dispatcher.Some(Dispatcher.Of(mask)),
            Dispatcher.Some(Dispatcher.Of(scale)),
        ];
        arguments.CopyTo(stack);
        var (attended, sums) = Dispatcher.CallForTwo("aten::_scaled_dot_product_flash_attention_for_cpu"u8, stack);
        return (attended.transpose(1, 2), sums.transpose(1, 2));
    }
}

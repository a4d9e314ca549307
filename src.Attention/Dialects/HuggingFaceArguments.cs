namespace PackingKit.Attention;

/// <summary>
/// What Hugging Face transformers' models take for padding-free input, all of it explicit: nothing is left to be guessed from positions,
/// which fails without a word where a mask, a cache or three-dimensional positions are passed along.
/// </summary>
/// <param name="PositionIds"><c>position_ids</c>, of [1, tokens].</param>
/// <param name="CuSeqLensQ"><c>cu_seq_lens_q</c>, int32.</param>
/// <param name="CuSeqLensK"><c>cu_seq_lens_k</c>, int32.</param>
/// <param name="MaxLengthQ"><c>max_length_q</c>.</param>
/// <param name="MaxLengthK"><c>max_length_k</c>.</param>
public sealed record HuggingFaceArguments(
    ValueList<long> PositionIds, ValueList<int> CuSeqLensQ, ValueList<int> CuSeqLensK, int MaxLengthQ, int MaxLengthK)
{
    /// <summary>From a layout in token order.</summary>
    /// <exception cref="NotSupportedException">The layout has padding, rows or another order.</exception>
    public static HuggingFaceArguments From(PackedLayout layout)
    {
        DialectChecks.Concatenated(layout, "Hugging Face's padding-free input");
        var (cuSeqLensQ, cuSeqLensK, maxLengthQ, maxLengthK) = FlashAttentionArguments.From(layout);
        return new HuggingFaceArguments(ValueList.Create(layout.PositionIds), cuSeqLensQ, cuSeqLensK, maxLengthQ, maxLengthK);
    }

    /// <summary>Back to a layout. The cumulative lengths say where prompts are; the positions must agree with them.</summary>
    /// <exception cref="ArgumentException">An array is missing, or the numbers contradict each other; the message names where.</exception>
    public PackedLayout ToLayout()
    {
        ArgumentNullException.ThrowIfNull(PositionIds);
        var layout = new FlashAttentionArguments(CuSeqLensQ, CuSeqLensK, MaxLengthQ, MaxLengthK).ToLayout();
        if (PositionIds.Count != layout.TokenCount)
            throw new ArgumentException($"There are {layout.TokenCount} tokens, but {PositionIds.Count} positions.");
        var expected = layout.PositionIds;
        for (var token = 0; token < PositionIds.Count; token++)
            if (PositionIds[token] != expected[token])
                throw new ArgumentException(
                    $"Token {token} has position {PositionIds[token]}, but the cumulative lengths put it at {expected[token]}.");
        return layout;
    }
}

namespace PackingKit.Attention;

/// <summary>
/// What ONNX Runtime's <c>PackedAttention</c> and <c>PackedMultiHeadAttention</c> (com.microsoft, bidirectional encoders) take beside
/// tokens without padding, on the host and without libtorch.
/// </summary>
/// <param name="MaxLength">Tokens of the longest prompt: the width of <paramref name="TokenOffset"/>.</param>
/// <param name="TokenOffset">
/// <c>token_offset</c>, int32 of [prompts, longest prompt]: the places that tokens have in the padded batch, prompt * width + position,
/// then the places of padding.
/// </param>
/// <param name="CumulativeSequenceLength"><c>cumulative_sequence_length</c>, int32 of [prompts + 1].</param>
public sealed record OnnxRuntimePacking(int MaxLength, ValueList<int> TokenOffset, ValueList<int> CumulativeSequenceLength)
{
    /// <summary>From a layout in token order. O(prompts * longest prompt).</summary>
    /// <exception cref="NotSupportedException">
    /// The layout has padding, rows or another order, its prompts go on from earlier tokens, or the padded batch is larger than an array.
    /// </exception>
    public static OnnxRuntimePacking From(PackedLayout layout)
    {
        const string dialect = "ONNX Runtime's packing";
        DialectChecks.Concatenated(layout, dialect);
        DialectChecks.NoPast(layout, dialect);
        var (width, places) = (layout.MaxSeqLen, (long)layout.PromptCount * layout.MaxSeqLen);
        if (places > Array.MaxLength)
            throw new NotSupportedException($"{dialect} numbers the {places} places of a padded batch, more than an array holds.");
        var (offsets, token, padding) = (new int[places], 0, layout.TokenCount);
        for (var prompt = 0; prompt < layout.PromptCount; prompt++)
            for (var position = 0; position < width; position++)
                offsets[position < layout.Lengths[prompt] ? token++ : padding++] = prompt * width + position;
        return new OnnxRuntimePacking(width, ValueList.Create<int>(offsets), ValueList.Create(layout.CuSeqLens));
    }

    /// <summary>Back to a layout.</summary>
    /// <exception cref="ArgumentException">An array is missing, or the numbers contradict each other; the message names where.</exception>
    public PackedLayout ToLayout()
    {
        ArgumentNullException.ThrowIfNull(TokenOffset);
        var layout = PackedLayout.Flat(DialectChecks.Lengths(CumulativeSequenceLength, nameof(CumulativeSequenceLength)));
        if (MaxLength != layout.MaxSeqLen || TokenOffset.Count != (long)layout.PromptCount * layout.MaxSeqLen)
            throw new ArgumentException(
                $"{layout.PromptCount} prompts of up to {layout.MaxSeqLen} tokens do not have {TokenOffset.Count} offsets of {MaxLength}.");
        var expected = From(layout);
        for (var i = 0; i < TokenOffset.Count; i++)
            if (TokenOffset[i] != expected.TokenOffset[i])
                throw new ArgumentException(
                    $"Offset {i} is {TokenOffset[i]}, but the cumulative lengths make it {expected.TokenOffset[i]}.");
        return layout;
    }
}

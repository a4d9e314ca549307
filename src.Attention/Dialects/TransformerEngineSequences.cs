namespace PackingKit.Attention;

/// <summary>
/// Transformer Engine's <c>qkv_format="thd"</c>: real and padded cumulative lengths, so that each sequence can be followed by padding of
/// its own.
/// </summary>
/// <param name="CuSeqLens"><c>cu_seqlens_q</c>: real tokens before each sequence, int32, sequences + 1.</param>
/// <param name="CuSeqLensPadded"><c>cu_seqlens_q_padded</c>: slots before each sequence, int32, sequences + 1.</param>
/// <param name="MaxSeqLen"><c>max_seqlen_q</c>.</param>
/// <param name="Alignment">What every sequence's slots are a multiple of; 1 for no padding.</param>
public sealed record TransformerEngineSequences(int[] CuSeqLens, int[] CuSeqLensPadded, int MaxSeqLen, int Alignment)
{
    /// <summary>From a flat layout in given order, aligned or not.</summary>
    /// <param name="layout">One row.</param>
    /// <param name="alignment">The alignment that it was made with.</param>
    /// <exception cref="NotSupportedException">
    /// The layout has several rows or another order, or prompts go on from earlier tokens.
    /// </exception>
    /// <exception cref="ArgumentException">The layout was made with another alignment.</exception>
    public static TransformerEngineSequences From(PackedLayout layout, int alignment = 1)
    {
        ArgumentNullException.ThrowIfNull(layout);
        DialectChecks.NoPast(layout, "Transformer Engine's thd format");
        for (var segment = 0; segment < layout.PromptCount; segment++)
            if (layout.RowCount != 1 || layout.Segments[segment].Prompt != segment)
                throw new NotSupportedException("Transformer Engine's thd format has no place for rows or another order than the given.");
        var sequences =
            new TransformerEngineSequences(layout.CuSeqLens.ToArray(), layout.CuSeqLensPadded.ToArray(), layout.MaxSeqLen, alignment);
        sequences.ToLayout();
        return sequences;
    }

    /// <summary>Back to a layout.</summary>
    /// <exception cref="ArgumentException">The numbers contradict each other; the message names where.</exception>
    public PackedLayout ToLayout()
    {
        var layout = PackedLayout.Flat(DialectChecks.Lengths(CuSeqLens, nameof(CuSeqLens)), alignment: Alignment);
        var expected = layout.CuSeqLensPadded;
        if (CuSeqLensPadded.Length != expected.Length)
            throw new ArgumentException($"There are {CuSeqLens.Length} real cumulative lengths, but {CuSeqLensPadded.Length} padded.");
        for (var i = 0; i < expected.Length; i++)
            if (CuSeqLensPadded[i] != expected[i])
                throw new ArgumentException(
                    $"Padded cumulative length {i} is {CuSeqLensPadded[i]}, but an alignment of {Alignment} makes it {expected[i]}.");
        if (MaxSeqLen < layout.MaxSeqLen)
            throw new ArgumentException($"The longest sequence has {layout.MaxSeqLen} tokens, above {MaxSeqLen}.");
        return layout;
    }
}

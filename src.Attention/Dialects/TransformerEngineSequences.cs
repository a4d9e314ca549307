namespace PackingKit.Attention;

/// <summary>
/// Transformer Engine's <c>qkv_format="thd"</c>: real and padded cumulative lengths, so that each sequence can be followed by padding of
/// its own.
/// </summary>
/// <param name="CuSeqLens"><c>cu_seqlens_q</c>: real tokens before each sequence, int32, sequences + 1.</param>
/// <param name="CuSeqLensPadded"><c>cu_seqlens_q_padded</c>: slots before each sequence, and at last all, int32, sequences + 1.</param>
/// <param name="MaxSeqLen"><c>max_seqlen_q</c>.</param>
public sealed record TransformerEngineSequences(ValueList<int> CuSeqLens, ValueList<int> CuSeqLensPadded, int MaxSeqLen)
{
    /// <summary>From one row in the given order, with padding behind each prompt or not.</summary>
    /// <exception cref="ArgumentNullException"><paramref name="layout"/> is <see langword="null"/>.</exception>
    /// <exception cref="NotSupportedException">
    /// The layout has several rows, another order or padding before the first prompt, or prompts go on from earlier tokens.
    /// </exception>
    public static TransformerEngineSequences From(PackedLayout layout)
    {
        ArgumentNullException.ThrowIfNull(layout);
        DialectChecks.NoPast(layout, "Transformer Engine's thd format");
        if (layout.RowCount != 1 || layout.CuSeqLensPadded[0] > 0 || !InGivenOrder(layout.Segments))
            throw new NotSupportedException(
                "Transformer Engine's thd format has no place for rows, for another order than the given, or for padding at the start.");
        return new TransformerEngineSequences(
            ValueList.Create(layout.CuSeqLens), ValueList.Create(layout.CuSeqLensPadded), layout.MaxSeqLen);
    }

    /// <summary>Back to a layout.</summary>
    /// <exception cref="ArgumentException">An array is missing, or the numbers contradict each other; the message names where.</exception>
    public PackedLayout ToLayout()
    {
        var lengths = DialectChecks.Lengths(CuSeqLens, nameof(CuSeqLens));
        ArgumentNullException.ThrowIfNull(CuSeqLensPadded);
        if (CuSeqLensPadded.Count != CuSeqLens.Count)
            throw new ArgumentException(
                $"There are {CuSeqLens.Count} real cumulative lengths, but {CuSeqLensPadded.Count} padded.", nameof(CuSeqLensPadded));
        if (CuSeqLensPadded[0] != 0)
            throw new ArgumentException("Cumulative lengths start with 0.", nameof(CuSeqLensPadded));
        for (var i = 0; i < lengths.Length; i++)
            if ((long)CuSeqLensPadded[i + 1] - CuSeqLensPadded[i] < lengths[i])
                throw new ArgumentException(
                    $"Padded cumulative length {i + 1} is {CuSeqLensPadded[i + 1]}: sequence {i} of {lengths[i]} tokens starts at " +
                    $"{CuSeqLensPadded[i]}.", nameof(CuSeqLensPadded));
        var layout = PackedLayout.FromStarts(lengths, CuSeqLensPadded.AsSpan()[..^1], CuSeqLensPadded[^1]);
        if (MaxSeqLen < layout.MaxSeqLen)
            throw new ArgumentException($"The longest sequence has {layout.MaxSeqLen} tokens, above {MaxSeqLen}.");
        return layout;
    }

    private static bool InGivenOrder(ReadOnlySpan<PackedSegment> segments)
    {
        for (var segment = 0; segment < segments.Length; segment++)
            if (segments[segment].Prompt != segment)
                return false;
        return true;
    }
}

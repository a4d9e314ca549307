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
/// <param name="SeqIdx">
/// <c>seq_idx</c>, int32 of [1, tokens]: the number of each token's prompt, −1 in padding. Models with linear attention or state spaces
/// mix prompts where it is missing.
/// </param>
public sealed record HuggingFaceArguments(
    ValueList<long> PositionIds, ValueList<int> CuSeqLensQ, ValueList<int> CuSeqLensK, int MaxLengthQ, int MaxLengthK,
    ValueList<int> SeqIdx)
{
    /// <summary>From a layout in token order.</summary>
    /// <exception cref="NotSupportedException">The layout has padding, rows or another order.</exception>
    public static HuggingFaceArguments From(PackedLayout layout)
    {
        DialectChecks.Concatenated(layout, "Hugging Face's padding-free input");
        return Of(layout, FlashAttentionArguments.From(layout));
    }

    /// <summary>From a row of fixed width with offsets for a fixed number of sequences: those that no prompt takes are empty.</summary>
    /// <param name="layout">Prompts in the given order in one row, with padding at most behind the last.</param>
    /// <param name="sequences">How many sequences there is room for, at least as many as prompts.</param>
    /// <exception cref="ArgumentOutOfRangeException">There are more prompts than sequences.</exception>
    /// <exception cref="NotSupportedException">The layout has rows, padding between prompts or another order.</exception>
    public static HuggingFaceArguments From(PackedLayout layout, int sequences)
    {
        DialectChecks.ConcatenatedIn(layout, sequences, "Hugging Face's padding-free input");
        return Of(layout, FlashAttentionArguments.From(layout, sequences));
    }

    /// <summary>Back to a layout. The cumulative lengths say where prompts are; the positions must agree with them.</summary>
    /// <exception cref="ArgumentException">An array is missing, or the numbers contradict each other; the message names where.</exception>
    public PackedLayout ToLayout()
    {
        ArgumentNullException.ThrowIfNull(PositionIds);
        ArgumentNullException.ThrowIfNull(SeqIdx);
        var layout = new FlashAttentionArguments(CuSeqLensQ, CuSeqLensK, MaxLengthQ, MaxLengthK).ToLayout();
        if (PositionIds.Count < layout.TokenCount)
            throw new ArgumentException($"There are {layout.TokenCount} tokens, but {PositionIds.Count} positions.");
        if (SeqIdx.Count != PositionIds.Count)
            throw new ArgumentException($"There are {PositionIds.Count} positions, but {SeqIdx.Count} numbers of prompts.");
        if (PositionIds.Count > layout.TokenCount)
            layout = PackedLayout.Flat(layout.Lengths, width: PositionIds.Count).WithPast(layout.PastLengths);
        var positions = layout.PositionIds;
        var indices = Indices(layout);
        for (var token = 0; token < PositionIds.Count; token++)
        {
            if (PositionIds[token] != positions[token])
                throw new ArgumentException(
                    $"Token {token} has position {PositionIds[token]}, but the cumulative lengths put it at {positions[token]}.");
            if (SeqIdx[token] != indices[token])
                throw new ArgumentException(
                    $"Token {token} is of prompt {SeqIdx[token]}, but the cumulative lengths put it in {indices[token]}.");
        }
        return layout;
    }

    private static HuggingFaceArguments Of(PackedLayout layout, FlashAttentionArguments lengths) =>
        new(
            ValueList.Create(layout.PositionIds), lengths.CuSeqLensQ, lengths.CuSeqLensK, lengths.MaxSeqLenQ, lengths.MaxSeqLenK,
            ValueList.Create<int>(Indices(layout)));

    private static int[] Indices(PackedLayout layout)
    {
        var indices = new int[layout.SlotCount];
        Array.Fill(indices, -1);
        foreach (var segment in layout.Segments)
            indices.AsSpan(segment.Start, segment.Length).Fill(segment.Prompt);
        return indices;
    }
}

namespace PackingKit.Attention;

/// <summary>
/// The length arguments of flash-attn's <c>flash_attn_varlen_func</c> (and of PyTorch's <c>varlen_attn</c>): int32 cumulative lengths, host
/// integers for the longest.
/// </summary>
/// <param name="CuSeqLensQ"><c>cu_seqlens_q</c>: where each prompt's queries start, prompts + 1.</param>
/// <param name="CuSeqLensK"><c>cu_seqlens_k</c>: where each prompt's keys start, prompts + 1.</param>
/// <param name="MaxSeqLenQ"><c>max_seqlen_q</c>.</param>
/// <param name="MaxSeqLenK"><c>max_seqlen_k</c>.</param>
public sealed record FlashAttentionArguments(ValueList<int> CuSeqLensQ, ValueList<int> CuSeqLensK, int MaxSeqLenQ, int MaxSeqLenK)
{
    /// <summary>From a layout in token order.</summary>
    /// <exception cref="NotSupportedException">The layout has padding, rows or another order.</exception>
    public static FlashAttentionArguments From(PackedLayout layout)
    {
        DialectChecks.Concatenated(layout, "flash-attn");
        return new FlashAttentionArguments(
            ValueList.Create(layout.CuSeqLens), DialectChecks.Cumulate(DialectChecks.KeyLengths(layout)),
            layout.MaxSeqLen, layout.PositionEnd);
    }

    /// <summary>
    /// From a row of fixed width with offsets for a fixed number of sequences, as CUDA graphs and compiled models want them: those that no
    /// prompt takes are empty, at the end. Kernels leave what lies behind the last prompt as they find it.
    /// </summary>
    /// <param name="layout">Prompts in the given order in one row, with padding at most behind the last.</param>
    /// <param name="sequences">How many sequences there is room for, at least as many as prompts.</param>
    /// <exception cref="ArgumentOutOfRangeException">There are more prompts than sequences.</exception>
    /// <exception cref="NotSupportedException">The layout has rows, padding between prompts or another order.</exception>
    public static FlashAttentionArguments From(PackedLayout layout, int sequences)
    {
        DialectChecks.ConcatenatedIn(layout, sequences, "flash-attn");
        return new FlashAttentionArguments(
            DialectChecks.Padded(layout.CuSeqLens, sequences),
            DialectChecks.Padded(DialectChecks.Cumulate(DialectChecks.KeyLengths(layout)).AsSpan(), sequences),
            layout.MaxSeqLen, layout.PositionEnd);
    }

    /// <summary>Back to a layout, without empty sequences at the end and without padding.</summary>
    /// <exception cref="ArgumentException">An array is missing, or the numbers contradict each other; the message names where.</exception>
    public PackedLayout ToLayout()
    {
        var (lengths, past) = DialectChecks.Past(
            Lengths(CuSeqLensQ, nameof(CuSeqLensQ)), Lengths(CuSeqLensK, nameof(CuSeqLensK)), nameof(CuSeqLensK));
        var layout = PackedLayout.Flat(lengths).WithPast(past);
        // The kernels take an upper bound: a larger maximum is fine, a smaller one reads past a prompt's end.
        if (MaxSeqLenQ < layout.MaxSeqLen || MaxSeqLenK < layout.PositionEnd)
            throw new ArgumentException(
                $"The longest prompt has {layout.MaxSeqLen} queries and {layout.PositionEnd} keys, above {MaxSeqLenQ} and {MaxSeqLenK}.");
        return layout;
    }

    private static int[] Lengths(ValueList<int> cumulative, string name) =>
        DialectChecks.Lengths(DialectChecks.WithoutEmptyEnd(cumulative, name), name);
}

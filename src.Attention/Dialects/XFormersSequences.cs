namespace PackingKit.Attention;

/// <summary>What xFormers' block-diagonal biases keep of their sequences (<c>_SeqLenInfo</c>).</summary>
/// <param name="SeqStart"><c>seqstart</c>: where each starts, int32, sequences + 1.</param>
/// <param name="MaxSeqLen"><c>max_seqlen</c>.</param>
/// <param name="MinSeqLen"><c>min_seqlen</c>.</param>
public sealed record XFormersSequences(ValueList<int> SeqStart, int MaxSeqLen, int MinSeqLen)
{
    /// <summary>From a layout in token order.</summary>
    /// <exception cref="NotSupportedException">
    /// The layout has padding, rows or another order, or prompts go on from earlier tokens.
    /// </exception>
    public static XFormersSequences From(PackedLayout layout)
    {
        DialectChecks.Concatenated(layout, "xFormers");
        DialectChecks.NoPast(layout, "xFormers' sequence info");
        return new XFormersSequences(ValueList.Create(layout.CuSeqLens), layout.MaxSeqLen, Shortest(layout));
    }

    /// <summary>Back to a layout.</summary>
    /// <exception cref="ArgumentException">An array is missing, or the numbers contradict each other; the message names where.</exception>
    public PackedLayout ToLayout()
    {
        var layout = PackedLayout.Flat(DialectChecks.Lengths(SeqStart, nameof(SeqStart)));
        if (MaxSeqLen != layout.MaxSeqLen || MinSeqLen != Shortest(layout))
            throw new ArgumentException($"Lengths are from {Shortest(layout)} to {layout.MaxSeqLen}, not from {MinSeqLen} to {MaxSeqLen}.");
        return layout;
    }

    private static int Shortest(PackedLayout layout) => layout.Lengths.ToArray().DefaultIfEmpty().Min();
}

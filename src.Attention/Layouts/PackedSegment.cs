namespace PackingKit.Attention;

/// <summary>Where one prompt lies in a <see cref="PackedLayout"/>.</summary>
/// <param name="Prompt">Number of the prompt, in the order in which the lengths were given.</param>
/// <param name="Row">Row that holds it.</param>
/// <param name="Start">Slot of its first token, counted through all rows: row * width + column.</param>
/// <param name="Length">Number of tokens, at least 1.</param>
public readonly record struct PackedSegment(int Prompt, int Row, int Start, int Length)
{
    /// <summary>The slot after the last token.</summary>
    public int End => Start + Length;
}

namespace PackingKit.Attention;

/// <summary>Slots side by side.</summary>
/// <param name="Start">The first.</param>
/// <param name="Length">Their number, at least 0.</param>
public readonly record struct SlotRange(int Start, int Length)
{
    /// <summary>The slot after the last.</summary>
    public int End => Start + Length;
}

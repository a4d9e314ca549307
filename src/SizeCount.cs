namespace PackingKit;

/// <summary>A size and a number of items of that size: what histograms, patterns and plans are written in.</summary>
/// <param name="Size">Size of each of the items.</param>
/// <param name="Count">How many items.</param>
public readonly record struct SizeCount(long Size, long Count)
{
    /// <summary>"3 x 512".</summary>
    public override string ToString() => $"{Count} x {Size}";
}

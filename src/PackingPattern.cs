namespace PackingKit;

/// <summary>What one bin holds, by size, and how many neighbouring bins of a plan hold just that.</summary>
/// <param name="FirstBin">The first of the bins.</param>
/// <param name="Multiplicity">How many bins, at least 1.</param>
/// <param name="Items">Size and number of copies, in decreasing size.</param>
public sealed record PackingPattern(long FirstBin, long Multiplicity, IReadOnlyList<KeyValuePair<long, long>> Items)
{
    /// <summary>The sum of the sizes in one bin.</summary>
    public long Load => Items.Sum(item => item.Key * item.Value);

    /// <summary>Number of items in one bin.</summary>
    public long ItemCount => Items.Sum(item => item.Value);
}

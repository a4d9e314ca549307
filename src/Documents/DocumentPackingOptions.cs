namespace PackingKit;

/// <summary>How documents are packed beside the rules by which they are cut.</summary>
public sealed record DocumentPackingOptions
{
    /// <summary>The most pieces of a pack, at least 1; <see cref="BinLimits.Unlimited"/>, the default, for no limit.</summary>
    public long MaxPieces { get; init; } = BinLimits.Unlimited;

    /// <summary>
    /// The first document of each group, rising from 0; empty, the default, for one group. No pack has documents of two groups: sources
    /// that are kept apart, or windows of as many documents as are known at a time.
    /// </summary>
    public ValueList<int> Groups { get; init; } = [];

    /// <summary>
    /// Where given, documents of equal length change places at random, so that each <see cref="Epoch"/> has new packs of the same tightness
    /// (a strategy that goes by the order of arrival sees another order altogether).
    /// </summary>
    public long? Seed { get; init; }

    /// <summary>Number of the pass over the data, from 0. Without <see cref="Seed"/> it has no effect.</summary>
    public int Epoch { get; init; }
}

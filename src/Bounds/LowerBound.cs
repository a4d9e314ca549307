namespace PackingKit;

/// <summary>A number of bins that no packing can go below, and the rule that proves it.</summary>
/// <param name="Bins">The bound.</param>
/// <param name="Rule">Short name of the rule: "L1", "L2", "DFF".</param>
public readonly record struct LowerBound(long Bins, string Rule);

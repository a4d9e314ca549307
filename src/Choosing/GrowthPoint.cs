namespace PackingKit;

/// <summary>How long so many items took.</summary>
/// <param name="Items">Their number.</param>
/// <param name="Milliseconds">The time.</param>
public readonly record struct GrowthPoint(long Items, double Milliseconds);

namespace PackingKit;

/// <summary>How far a search has come.</summary>
/// <param name="Phase">What the strategy is doing, in a word or two: "bounds", "cp-sat".</param>
/// <param name="Bins">Number of bins of the best packing found so far.</param>
/// <param name="LowerBound">The best lower bound proved so far.</param>
/// <param name="Elapsed">Time since the strategy was started.</param>
public readonly record struct PackingProgress(string Phase, long Bins, long LowerBound, TimeSpan Elapsed);

namespace PackingKit;

/// <summary>The same items under other limits, planned by one strategy.</summary>
/// <param name="Limits">What one bin would take.</param>
/// <param name="Bins">Number of bins.</param>
/// <param name="Bound">No packing has fewer.</param>
/// <param name="Padding">Share of the capacity that no item fills, from 0 to 1.</param>
public sealed record WhatIf(BinLimits Limits, long Bins, LowerBound Bound, double Padding);

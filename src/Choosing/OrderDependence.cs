namespace PackingKit;

/// <summary>Bins of a strategy that takes items as they come, over several orders of the same items.</summary>
/// <param name="Fewest">In the best of them.</param>
/// <param name="Most">In the worst of them.</param>
/// <param name="Orders">How many there were: as given, increasing, decreasing, and random ones.</param>
public readonly record struct OrderDependence(long Fewest, long Most, int Orders);

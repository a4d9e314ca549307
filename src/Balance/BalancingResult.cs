namespace PackingKit;

/// <summary>Items spread over a fixed number of bins.</summary>
/// <param name="Packing">Which items are in which bin; bins may be empty.</param>
/// <param name="LargestLoad">The largest sum of costs in a bin; 0 without items.</param>
/// <param name="LowerBound">No way to spread the items has a smaller largest load.</param>
/// <param name="Strategy">Name of the strategy.</param>
public sealed record BalancingResult(Packing Packing, long LargestLoad, long LowerBound, string Strategy)
{
    /// <summary>Load beyond the lower bound; 0 proves that it cannot be more even.</summary>
    public long Gap => LargestLoad - LowerBound;

    internal static BalancingResult Of(ReadOnlySpan<long> costs, int bins, int[] binOfItem, string strategy)
    {
        var loads = new long[bins];
        for (var item = 0; item < costs.Length; item++)
            loads[binOfItem[item]] += costs[item];
        return new BalancingResult(Packing.FromAssignment(binOfItem, bins), loads.Max(), BalancingBound.Compute(costs, bins), strategy);
    }
}

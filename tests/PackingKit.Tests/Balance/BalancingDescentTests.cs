using Xunit;

namespace PackingKit.Tests;

public class BalancingDescentTests
{
    [Fact]
    public void Comes_near_the_bound_where_costs_are_large()
    {
        var random = new Random(60);
        long[] costs = [.. Enumerable.Range(0, 60).Select(_ => random.NextInt64(100_000_000_000_000, 1_000_000_000_000_000))];
        var bound = BalancingBound.Compute(costs, 7);
        var simple = new LargestDifferencing().Balance(costs, 7).LargestLoad;
        var descent = Run(costs, 7, simple);
        Assert.InRange(descent.Best - bound, 0, (simple - bound) / 100);
        Assert.Equal(descent.Found, Run(costs, 7, simple).Found); // the same every time
        var loads = new long[7];
        for (var item = 0; item < costs.Length; item++)
            loads[descent.Found![item]] += costs[item];
        Assert.Equal(descent.Best, loads.Max());
    }

    [Fact]
    public void Finds_nothing_where_the_least_is_known()
    {
        Assert.Null(Run([8, 7, 6, 5, 4], 2, best: 15).Found);
        Assert.Equal(15, Run([8, 7, 6, 5, 4], 2, best: 17).Best);
        var stopped = new BalancingDescent([8, 7, 6, 5, 4], 2, best: 17, enough: 0, () => true);
        stopped.Run(seed: 0, steps: 1000);
        Assert.Null(stopped.Found);
    }

    private static BalancingDescent Run(long[] costs, int bins, long best)
    {
        var descent = new BalancingDescent(costs, bins, best, BalancingBound.Compute(costs, bins), () => false);
        descent.Run(seed: 0, steps: 1 << 22);
        return descent;
    }
}

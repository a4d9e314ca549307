using FsCheck.Xunit;
using PackingKit.Testing;
using Xunit;

namespace PackingKit.Tests;

[Properties(Arbitrary = [typeof(Arbitraries)], MaxTest = 300)]
public class DecreasingOrderTests
{
    [Property]
    public void Orders_by_rank_by_keys_by_digits_and_by_counts_are_the_stable_order(PackingCase input)
    {
        var expected = NaiveHeuristics.Order("ffd", input);
        var order = new int[expected.Length];
        DecreasingOrder.ByDigits<long>(input.Sizes, order);
        Assert.Equal(expected, order);
        DecreasingOrder.Fill<long>(input.Sizes, order);
        Assert.Equal(expected, order);
        if (input.Capacity >> 53 == 0 && order.Length <= SmallBatch.MaxItems)
        {
            DecreasingOrder.ByKeys<long>(input.Sizes, input.Sizes.DefaultIfEmpty().Max(), order);
            Assert.Equal(expected, order);
        }
        if (input.Capacity < 1 << 20)
        {
            var histogram = input.ToHistogram();
            DecreasingOrder.ByCounts<long>(input.Sizes, histogram.Sizes, histogram.Counts, default, order);
            Assert.Equal(expected, order);
            if (order.Length <= 256)
            {
                DecreasingOrder.ByRank<long>(input.Sizes, order);
                Assert.Equal(expected, order);
            }
        }
    }
}

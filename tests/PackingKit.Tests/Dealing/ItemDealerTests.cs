using FsCheck.Xunit;
using PackingKit.Testing;
using Xunit;

namespace PackingKit.Tests;

[Properties(Arbitrary = [typeof(Arbitraries)], MaxTest = 300)]
public class ItemDealerTests
{
    [Property]
    public void Shards_count_and_deal_what_one_pass_does(PackingCase input)
    {
        if (input.Capacity >= 1 << 20)
            return;
        foreach (var id in (string[])["ffd", "bfd", "wfd"])
        {
            var plan = ((IPlanningStrategy)PackingStrategies.Create(id)).Plan(
                input.ToHistogram(), input.Limits).Plan;
            var packing = plan.Deal(input.ToProblem());
            Assert.Equal(NaiveStrategies.Assign(id, input), packing.BinOfItem);
            for (var shards = 1; shards <= 5; shards++)
                AssertShards(plan, packing, input.Sizes, (int)input.Capacity, shards);
        }
    }

    private static void AssertShards(PackingPlan plan, Packing expected, long[] sizes, int most, int shards)
    {
        var distinct = new PooledList<long>(16);
        var counts = new PooledList<long>(16);
        using var counted = SizeCounts.Of<long>(sizes, most, shards);
        counted.Sum(ref distinct, ref counts);
        Assert.False(counted.HasOutlier);
        Assert.Equal(plan.Histogram.Sizes, distinct.Items);
        Assert.Equal(plan.Histogram.Counts, counts.Items);

        var binOfItem = new int[sizes.Length];
        ItemDealer.Assignment<long>(sizes, distinct.Items, counted, plan.Placements, binOfItem);
        Assert.Equal(expected.BinOfItem, binOfItem);

        var (offsets, items) = (new int[plan.BinCount + 1], new int[sizes.Length]);
        ItemDealer.Rows<long>(sizes, distinct.Items, counts.Items, counted, plan.Placements, (int)plan.BinCount, offsets, items);
        Assert.Equal(expected.BinOffsets, offsets);
        Assert.Equal(expected.ItemIndices, items);
        distinct.Dispose();
        counts.Dispose();
    }

    /// <summary>Sizes too far apart for a table, several of each; and so many items that threads share them.</summary>
    [Fact]
    public void The_span_overload_deals_as_the_packing_where_sizes_are_sparse_and_where_items_are_many()
    {
        var random = new Random(2);
        long[] sparse = [.. Enumerable.Range(0, 1_500).Select(_ => 1_000_000_000_000L + random.Next(5))];
        long[] many = [.. Enumerable.Range(0, 400_000).Select(_ => (long)random.Next(1, 1000))];
        foreach (var id in SpanOverload.Ids)
            AssertAssigned(id, sparse, 3_500_000_000_000L);
        AssertAssigned("bfd", many, 5_000);
    }

    private static void AssertAssigned(string id, long[] sizes, long capacity)
    {
        var packing = PackingStrategies.Create(id).Pack(PackingProblem.Create(sizes, capacity)).Packing;
        var bins = new int[sizes.Length];
        Assert.Equal(packing.BinCount, SpanOverload.Assign<long>(id, sizes, capacity, bins));
        Assert.Equal(packing.BinOfItem, bins);
        var (offsets, items) = (new int[sizes.Length + 1], new int[sizes.Length]);
        SpanOverload.Rows<long>(id, sizes, capacity, offsets, items);
        Assert.Equal(packing.ItemIndices, items);
    }
}

using FsCheck.Xunit;
using PackingKit.Testing;
using Xunit;

namespace PackingKit.Tests;

[Properties(Arbitrary = [typeof(Arbitraries)], MaxTest = 300)]
public class ShardDealingTests
{
    [Property]
    public void Any_number_of_shards_is_dealt_as_one(PackingCase of, byte shards, int seed)
    {
        var parts = Shards.Cut(of.Sizes, 1 + (shards % 20), seed);
        var before = ShardDealing.RankOffsets(parts.Select(part => HistogramJson.Read(HistogramJson.Write(SizeHistogram.Of(part)))));
        Assert.Equal(of.ToHistogram(), before[^1]);

        var plan = PlanJson.Read(PlanJson.Write(new BestFitDecreasing().Plan(before[^1], of.Limits).Plan));
        var expected = new BestFitDecreasing().Pack(of.ToProblem()).Packing.BinOfItem.ToArray();
        var bins = parts.Select((part, shard) =>
        {
            var binOfItem = new long[part.Length];
            plan.DealShard(part, before[shard], binOfItem);
            return binOfItem;
        });
        Assert.Equal(expected.Select(bin => (long)bin), bins.SelectMany(bin => bin));
    }

    [Fact]
    public void Another_shard_than_the_counted_one_is_refused_even_where_the_plan_has_room()
    {
        int[][] shards = [[3, 4, 1], [4, 3]];
        var before = ShardDealing.RankOffsets(shards.Select(shard => SizeHistogram.Of(shard)));
        var plan = new BestFitDecreasing().Plan(before[^1], 4).Plan;
        var bins = new long[] { -1, -1, -1 };
        plan.DealShard(shards[0], before[0], before[1], bins);
        Assert.DoesNotContain(-1, bins);
        foreach (var (sizes, reason) in new[] { (new[] { 3, 4 }, "0 items of size 1; 1"), ([3, 4, 4], "2 items of size 4; 1") })
        {
            var ints = Assert.Throws<ArgumentException>(() => plan.DealShard(sizes, before[0], before[1], bins));
            Assert.Contains(reason, ints.Message, StringComparison.Ordinal);
            var longs = Array.ConvertAll(sizes, size => (long)size);
            Assert.Equal(
                ints.Message, Assert.Throws<ArgumentException>(() => plan.DealShard(longs, before[0], before[1], bins)).Message);
        }
    }

    [Property]
    public void Int_sizes_are_dealt_as_long_ones(PackingCase of, int seed)
    {
        var sizes = of.Sizes.Select(size => (int)(size % 100_000)).ToArray();
        var parts = Shards.Cut(sizes, 3, seed);
        var before = ShardDealing.RankOffsets(parts.Select(part => SizeHistogram.Of(part)));
        var plan = new FirstFitDecreasing().Plan(before[^1], 100_000).Plan;
        foreach (var (part, shard) in parts.Select((part, shard) => (part, shard)))
        {
            var (ofInts, ofLongs) = (new long[part.Length], new long[part.Length]);
            plan.DealShard(part, before[shard], ofInts);
            plan.DealShard(Array.ConvertAll(part, size => (long)size), before[shard], ofLongs);
            Assert.Equal(ofLongs, ofInts);
        }
    }

    [Property]
    public void Runs_say_where_every_rank_goes(PackingCase of)
    {
        var plan = new WorstFitDecreasing().Plan(of.ToHistogram(), of.Limits).Plan;
        var runs = plan.Runs().ToArray();
        var expected = plan.Deal(of.ToProblem()).BinOfItem;
        var ranks = new Dictionary<long, long>();
        for (var item = 0; item < of.Sizes.Length; item++)
        {
            var (size, rank) = (of.Sizes[item], ranks.GetValueOrDefault(of.Sizes[item]));
            var run = Assert.Single(runs, run => run.Size == size && run.FirstRank <= rank && rank < run.EndRank);
            Assert.Equal(expected[item], run.BinOf(rank));
            ranks[size] = rank + 1;
        }
        Assert.Equal(of.Sizes.Length, runs.Sum(run => run.EndRank - run.FirstRank));
    }

    [Fact]
    public void A_histogram_as_JSON_is_short_whatever_it_counts()
    {
        var histogram = SizeHistogram.FromCounts([new SizeCount(7, 1_000_000_000_000L), new SizeCount(3, 2)]);
        Assert.Equal(
            """{"format":"packingkit-histogram","version":1,"histogram":[[7,1000000000000],[3,2]]}""", HistogramJson.Write(histogram));
        Assert.Equal(histogram, HistogramJson.Read(HistogramJson.Write(histogram)));
        Assert.Equal(SizeHistogram.Empty, HistogramJson.Read(HistogramJson.Write(SizeHistogram.Empty)));
    }

    [Theory]
    [InlineData("", "does not contain any JSON")]
    [InlineData("null", "null")]
    [InlineData("""{"format":"packingkit-plan","version":1,"histogram":[]}""", "Expected format packingkit-histogram")]
    [InlineData("""{"format":"packingkit-histogram","version":1,"histogram":[[7]]}""", "Entry 0 of histogram must be an array of 2")]
    [InlineData("""{"format":"packingkit-histogram","version":1,"histogram":[[3,1],[7,1]]}""", "Entry 1 of histogram has size 7")]
    [InlineData("""{"format":"packingkit-histogram","version":1,"histogram":[[7,-1]]}""", "count -1")]
    public void A_text_that_is_no_histogram_is_refused(string json, string reason) =>
        Assert.Contains(reason, Assert.Throws<FormatException>(() => HistogramJson.Read(json)).Message, StringComparison.Ordinal);

    /// <summary>Lists cut at random places.</summary>
    internal static class Shards
    {
        public static T[][] Cut<T>(T[] items, int shards, int seed)
        {
            var random = new Random(seed);
            int[] cuts = [0, .. Enumerable.Range(1, shards - 1).Select(_ => random.Next(items.Length + 1)).Order(), items.Length];
            return [.. cuts.Zip(cuts.Skip(1), (first, end) => items[first..end])];
        }
    }
}

using FsCheck.Xunit;
using PackingKit.Testing;
using Xunit;

namespace PackingKit.Tests;

[Properties(Arbitrary = [typeof(Arbitraries)], MaxTest = 300)]
public class StreamingPackerTests
{
    [Property]
    public void Every_item_is_in_one_bin_and_every_bin_within_its_limits(PackingCase of, byte pool, byte age)
    {
        var bins = new StreamingPacker(Options(of, pool % 20, age % 3 == 0 ? null : age % 30)).Pack(of.Sizes).ToArray();
        Assert.Equal(Enumerable.Range(0, of.Sizes.Length).Select(item => (long)item), bins.SelectMany(bin => bin.Items).Order());
        foreach (var bin in bins)
        {
            Assert.Equal(bin.Items.Sum(item => of.Sizes[item]), bin.Load);
            Assert.InRange(bin.Load, 0, of.Capacity);
            Assert.InRange(bin.Items.Count, 1, of.Limits.MaxItems);
        }
    }

    [Property]
    public void Without_a_pool_it_is_next_fit(PackingCase of)
    {
        var bins = new StreamingPacker(Options(of, poolSize: 0)).Pack(of.Sizes).ToArray();
        Assert.Equal(NaiveStrategies.Assign("nf", of), BinOfItem(of, bins));
    }

    [Property]
    public void With_everything_in_the_pool_it_is_first_fit_decreasing(PackingCase of)
    {
        var bins = new StreamingPacker(Options(of, of.Sizes.Length)).Pack(of.Sizes).ToArray();
        Assert.Equal(NaiveStrategies.Assign("ffd", of), BinOfItem(of, bins));
    }

    [Property]
    public void The_bins_are_those_of_the_definition(PackingCase of, byte pool, byte age)
    {
        var options = Options(of, pool % 20, age % 3 == 0 ? null : age % 30);
        Assert.Equal(
            Defined(of.Sizes, options), new StreamingPacker(options).Pack(of.Sizes).Select(bin => string.Join(' ', bin.Items)));
    }

    [Property]
    public void At_most_twice_the_optimum_less_one(PlantedCase planted, byte pool, byte age)
    {
        var bins = new StreamingPacker(Options(planted.Case, pool % 20, age % 30)).Pack(planted.Case.Sizes).Count();
        Assert.InRange(bins, planted.Optimum, (2 * planted.Optimum) - 1);
    }

    [Property]
    public void The_pool_keeps_its_size_and_no_item_waits_beyond_its_age(PackingCase of, byte pool, byte age)
    {
        var packer = new StreamingPacker(Options(of, pool % 20, age % 30));
        foreach (var size in of.Sizes)
        {
            packer.Add(size);
            Assert.InRange(packer.Waiting, 0, pool % 20);
            Assert.All(packer.Save().Waiting, item => Assert.InRange(packer.Arrived - 1 - item.Number, 0, age % 30));
        }
    }

    [Property]
    public void A_packer_resumed_from_JSON_goes_on_as_if_nothing_had_happened(PackingCase of, byte pool, byte age, byte stop)
    {
        var options = Options(of, pool % 20, age % 2 == 0 ? null : age % 30);
        var whole = new StreamingPacker(options).Pack(of.Sizes).ToArray();

        var first = new StreamingPacker(options);
        var before = of.Sizes.Take(stop).Select(first.Add).OfType<StreamedBin>().ToArray();
        var second = StreamingPacker.Resume(StreamingStateJson.Read(StreamingStateJson.Write(first.Save())));
        var after = second.Pack(of.Sizes.Skip(stop));
        Assert.Equal(
            whole.Select(bin => (bin.Load, string.Join(' ', bin.Items))), before.Concat(
                after).Select(bin => (bin.Load, string.Join(' ', bin.Items))));
    }

    [Fact]
    public void A_larger_pool_wastes_less_on_document_lengths()
    {
        var sizes = RandomSizes.LogNormal(
            20_000, median: 400, sigma: 1, minSize: 1, maxSize: 2048, seed: 1).Select(size => (long)size).ToArray();
        var bins = new[] { 0, 16, 256 }.Select(
            pool => new StreamingPacker(new() { Capacity = 2048, PoolSize = pool }).Pack(sizes).Count()).ToArray();
        Assert.True(bins[0] > 1.15 * bins[2], $"{bins[0]} bins without a pool, {bins[2]} with 256 waiting");
        Assert.InRange(bins[2], sizes.Sum() / 2048, bins[1]);
    }

    [Fact]
    public void Bins_come_out_while_the_stream_is_still_being_read()
    {
        var read = 0;
        IEnumerable<long> Endless()
        {
            while (true)
            {
                read++;
                yield return 3;
            }
        }
        var packer = new StreamingPacker(new() { Capacity = 10, PoolSize = 4 });
        Assert.Equal([0L, 1, 2], packer.Pack(Endless()).First().Items);
        Assert.Equal(8, read); // four wait, three are out, one is in the next bin
    }

    [Fact]
    public void A_bad_size_is_named_and_changes_nothing()
    {
        var packer = new StreamingPacker(new() { Capacity = 10, PoolSize = 4 });
        packer.Add(7);
        foreach (var size in (long[])[-1, 11, long.MaxValue, long.MinValue])
            Assert.Contains(
                $"Item 1 has size {size}", Assert.Throws<ArgumentOutOfRangeException>(
                    () => packer.Add(size)).Message, StringComparison.Ordinal);
        packer.Add(3);
        Assert.Equal([0L, 1], Assert.Single(packer.Flush()).Items);
        Assert.Empty(packer.Flush());
    }

    [Fact]
    public void Options_out_of_range_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new StreamingOptions { Capacity = 0 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new StreamingOptions { Capacity = 1, MaxItemsPerBin = 0 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new StreamingOptions { Capacity = 1, PoolSize = -1 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new StreamingOptions { Capacity = 1, MaxAge = -1 });
    }

    [Theory]
    [InlineData("a size over the capacity", "size 11")]
    [InlineData("an item twice", "Item 1 stands twice")]
    [InlineData("an item that has not arrived", "Item 2 stands")]
    [InlineData("fewer than no items", "-1 items have arrived")]
    [InlineData("more items than can be counted", "9223372036854775807 items have arrived")]
    [InlineData("too many waiting", "2 items wait")]
    [InlineData("an overfull bin", "does not fit into the open bin")]
    public void A_state_that_no_packer_can_be_in_is_refused(string flaw, string reason)
    {
        var options = new StreamingOptions { Capacity = 10, PoolSize = 1 };
        StreamingState state = flaw switch
        {
            "a size over the capacity" => new(options, 2, [new(0, 11)], []),
            "an item twice" => new(options, 2, [new(1, 3)], [new(1, 3)]),
            "an item that has not arrived" => new(options, 2, [new(2, 3)], []),
            "fewer than no items" => new(options, -1, [], []),
            "more items than can be counted" => new(options, long.MaxValue, [], []),
            "too many waiting" => new(options, 2, [new(0, 3), new(1, 3)], []),
            _ => new(options, 2, [], [new(0, 6), new(1, 6)]),
        };
        Assert.Contains(reason, Assert.Throws<ArgumentException>(() => StreamingPacker.Resume(state)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("""{"options":{"capacity":0},"arrived":0,"waiting":[],"open":[]}""")]
    [InlineData("""{"options":{"capacity":5},"arrived":0,"waiting":[]}""")]
    public void A_text_that_is_no_state_is_a_FormatException(string json) =>
        Assert.Throws<FormatException>(() => StreamingStateJson.Read(json));

    /// <summary>The rule as it reads, with a list that is searched from end to end.</summary>
    private static List<string> Defined(long[] sizes, StreamingOptions options)
    {
        List<int> waiting = [], open = [];
        List<string> bins = [];
        for (var arrived = 0; arrived < sizes.Length; arrived++)
        {
            waiting.Add(arrived);
            if (waiting.Count > options.PoolSize || arrived - waiting[0] > options.MaxAge)
                Take(arrived);
        }
        while (waiting.Count > 0)
            Take(sizes.Length - 1);
        if (open.Count > 0)
            bins.Add(string.Join(' ', open));
        return bins;

        void Take(int last)
        {
            var residual = open.Count == options.MaxItemsPerBin ? -1 : options.Capacity - open.Sum(item => sizes[item]);
            var fitting = waiting.Where(item => sizes[item] <= residual).ToArray();
            var next = last - waiting[0] > options.MaxAge ? waiting[0]
                : (fitting.Length > 0 ? fitting : [.. waiting]).OrderByDescending(item => sizes[item]).First();
            if (sizes[next] > residual)
            {
                bins.Add(string.Join(' ', open));
                open.Clear();
            }
            waiting.Remove(next);
            open.Add(next);
        }
    }

    private static StreamingOptions Options(PackingCase of, int poolSize, long? maxAge = null) =>
        new()
        {
            Capacity = of.Capacity,
            MaxItemsPerBin = of.Limits.HasItemLimit ? (int)of.Limits.MaxItems : null,
            PoolSize = poolSize,
            MaxAge = maxAge,
        };

    private static int[] BinOfItem(PackingCase of, StreamedBin[] bins)
    {
        var binOfItem = new int[of.Sizes.Length];
        for (var bin = 0; bin < bins.Length; bin++)
            foreach (var item in bins[bin].Items)
                binOfItem[item] = bin;
        return binOfItem;
    }
}

using FsCheck.Xunit;
using PackingKit.Testing;
using Xunit;

namespace PackingKit.Tests;

[Properties(Arbitrary = [typeof(Arbitraries)])]
public class SizeHistogramTests
{
    [Property]
    public void A_histogram_counts_what_grouping_counts(PackingCase input)
    {
        var expected = input.Sizes.GroupBy(size => size).OrderByDescending(group => group.Key)
            .Select(group => new SizeCount(group.Key, group.LongCount())).ToArray();
        var histogram = SizeHistogram.Of(input.Sizes);
        Assert.Equal(expected, histogram.Pairs());
        Assert.Equal(expected.Select(pair => pair.Size), histogram.Sizes.ToArray());
        Assert.Equal(expected.Select(pair => pair.Count), histogram.Counts.ToArray());
        Assert.Equal((expected.Length, input.Sizes.Length), (histogram.DistinctCount, histogram.ItemCount));
        Assert.Equal(input.TotalSize, histogram.TotalSize);
        if (input.Sizes.All(size => size <= int.MaxValue))
            AssertEqual(histogram, SizeHistogram.Of(Array.ConvertAll(input.Sizes, size => (int)size)));
    }

    [Property]
    public void Sizes_are_found_by_value(PackingCase input)
    {
        var histogram = SizeHistogram.Of(input.Sizes);
        for (var i = 0; i < histogram.DistinctCount; i++)
            Assert.Equal((i, histogram.Counts[i]), (histogram.IndexOf(histogram.Sizes[i]), histogram.CountOf(histogram.Sizes[i])));
        foreach (var size in new[] { -1, input.Capacity }.Except(input.Sizes))
            Assert.Equal((0L, true), (histogram.CountOf(size), histogram.IndexOf(size) < 0));
    }

    [Property]
    public void The_histograms_of_two_shards_add_up_to_that_of_the_whole(PackingCase input, byte cut)
    {
        var first = input.Sizes.Length * cut / 255;
        var sum = SizeHistogram.Of(input.Sizes.AsSpan(0, first)) + SizeHistogram.Of(input.Sizes.AsSpan(first));
        AssertEqual(SizeHistogram.Of(input.Sizes), sum);
    }

    [Property]
    public void Pairs_in_any_order_and_split_make_the_same_histogram(PackingCase input, int seed)
    {
        var pairs = input.Sizes.Select(size => new SizeCount(size, 1L)).Append(new(12345, 0)).ToArray();
        new Random(seed).Shuffle(pairs);
        AssertEqual(SizeHistogram.Of(input.Sizes), SizeHistogram.FromCounts(pairs));
    }

    [Fact]
    public void The_empty_histogram_adds_nothing()
    {
        var one = SizeHistogram.Of([3, 3, 1]);
        AssertEqual(one, one + SizeHistogram.Empty);
        Assert.Equal((0, 0L, 0L), (SizeHistogram.Empty.DistinctCount, SizeHistogram.Empty.ItemCount, SizeHistogram.Empty.TotalSize));
    }

    [Fact]
    public void A_negative_size_is_named()
    {
        Refused.OutOfRange("sizes", () => SizeHistogram.Of([4, -5]), "Item 1 has size -5, which is negative.");
    }

    [Fact]
    public void A_negative_entry_is_named()
    {
        foreach (var bad in new SizeCount[] { new(-1, 2), new(1, -2) })
            Refused.OutOfRange(
                "counts", () => SizeHistogram.FromCounts([new(5, 1), bad]), $"Entry 1 has size {bad.Size} and count {bad.Count}");
    }

    [Fact]
    public void Totals_beyond_64_bits_are_refused()
    {
        const string message = "The total size or the number of items leaves the range of a 64-bit integer.";
        Refused.OutOfRange("sizes", () => SizeHistogram.Of([long.MaxValue, 1]), message);
        Refused.OutOfRange("counts", () => SizeHistogram.FromCounts([new(long.MaxValue, 2)]), message);
        Refused.OutOfRange("counts", () => SizeHistogram.FromCounts([new(0, long.MaxValue), new(0, 1)]), message);
        Refused.OutOfRange("counts", () => SizeHistogram.FromCounts([new(0, long.MaxValue), new(1, 1)]), message);
        var most = SizeHistogram.FromCounts([new(1, long.MaxValue)]);
        Refused.OutOfRange("counts", () => most + most, message);
    }

    [Fact]
    public void Missing_arguments_are_named()
    {
        Refused.Null("counts", () => SizeHistogram.FromCounts(null!));
        Refused.Null("left", () => null! + SizeHistogram.Empty);
        Refused.Null("right", () => SizeHistogram.Empty + null!);
    }

    private static void AssertEqual(SizeHistogram expected, SizeHistogram actual)
    {
        Assert.Equal(expected.Pairs(), actual.Pairs());
        Assert.Equal((expected.ItemCount, expected.TotalSize), (actual.ItemCount, actual.TotalSize));
    }
}

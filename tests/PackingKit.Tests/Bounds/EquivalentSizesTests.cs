using FsCheck.Xunit;
using PackingKit.Testing;
using Xunit;

namespace PackingKit.Tests;

[Properties(Arbitrary = [typeof(Arbitraries)], MaxTest = 1000)]
public class EquivalentSizesTests
{
    [Property]
    public void The_same_sets_of_items_fit(SmallCase small)
    {
        var histogram = small.Case.ToHistogram();
        var equivalent = EquivalentSizes.Of(histogram.Sizes, histogram.Counts, small.Case.Capacity);
        long[] Each(long[] sizes) =>
            [.. sizes.Zip(histogram.Counts.ToArray()).SelectMany(type => Enumerable.Repeat(type.First, (int)type.Second))];
        AssertSameSetsFit(Each(histogram.Sizes.ToArray()), small.Case.Capacity, Each(equivalent.Sizes), equivalent.Capacity);
        for (var i = 1; i < equivalent.Sizes.Length; i++)
            Assert.True(equivalent.Sizes[i] < equivalent.Sizes[i - 1]);
    }

    [Property]
    public void Sizes_above_the_capacity_stay_above_it(SmallCase small)
    {
        var sizes = small.Case.Sizes.Distinct().OrderDescending().ToArray();
        var limit = Math.Max(1, small.Case.Capacity / 3);
        var equivalent = EquivalentSizes.Of(sizes, Array.ConvertAll(sizes, _ => 1L), limit);
        AssertSameSetsFit(sizes, limit, equivalent.Sizes, equivalent.Capacity);
    }

    [Property]
    public void The_unit_does_not_matter(SmallCase small)
    {
        var histogram = small.Case.ToHistogram();
        var (sizes, capacity) = EquivalentSizes.Of(histogram.Sizes, histogram.Counts, small.Case.Capacity);
        if (histogram.TotalSize == 0 || small.Case.Capacity > long.MaxValue / 2000 || histogram.TotalSize > long.MaxValue / 2000)
            return;
        foreach (var unit in (int[])[10, 100, 1000])
        {
            var times = Array.ConvertAll(histogram.Sizes.ToArray(), size => size * unit);
            var scaled = EquivalentSizes.Of(times, histogram.Counts, (small.Case.Capacity * unit) + unit - 1);
            Assert.Equal([.. sizes, capacity], (long[])[.. scaled.Sizes, scaled.Capacity]);
        }
    }

    [Fact]
    public void Capacity_falls_to_what_can_be_filled_and_sizes_rise_to_what_nothing_fits_beside()
    {
        // In units of 10: 6 and 5 into 10. Beside 6 nothing fits, two 5 fill the bin.
        var (sizes, capacity) = EquivalentSizes.Of([60, 50], [3, 3], 109);
        Assert.Equal([10, 5], sizes);
        Assert.Equal(10, capacity);

        // 60 + 30 is the most: then 30 may be half of what 60 leaves at most.
        (sizes, capacity) = EquivalentSizes.Of([60, 30, 7], [1, 1, 1], 99);
        Assert.Equal(97, capacity);
        Assert.Equal([60, 30, 7], sizes);
    }

    [Fact]
    public void Nothing_is_raised_where_totals_could_leave_64_bits_or_sums_are_too_many()
    {
        const long most = long.MaxValue / 7; // without rest
        Assert.Equal(5, EquivalentSizes.Of([5, 4], [most - 1, 1], 7).Capacity);
        Assert.Equal(7, EquivalentSizes.Of([5, 4], [most, 1], 7).Capacity);
        Assert.Equal(700_000, EquivalentSizes.Of([700_000, 699_999], [1, 1], 1 << 20).Capacity);
        Assert.Equal((1 << 20) + 1, EquivalentSizes.Of([700_000, 699_999], [1, 1], (1 << 20) + 1).Capacity);
    }

    /// <summary>Sums are listed as bits, 64 in a word: sizes of whole words are among them.</summary>
    [Fact]
    public void The_capacity_is_the_largest_sum_that_fits()
    {
        var random = new Random(5);
        for (var round = 0; round < 2000; round++)
        {
            long[] sizes = [.. Enumerable.Range(0, 6).Select(_ => random.Next(3) == 0 ? 64L * random.Next(1, 4) : random.Next(1, 200))
                .Append(1 + (2 * random.Next(40))).Distinct().OrderDescending()];
            var capacity = sizes[0] + random.Next(400);
            var sums = Enumerable.Range(0, 1 << sizes.Length).Select(set => sizes.Where((_, i) => (set >> i & 1) != 0).Sum());
            if (EquivalentSizes.Divisor(sizes) == 1)
                Assert.Equal(
                    sums.Where(sum => sum <= capacity).Max(),
                    EquivalentSizes.Of(sizes, Array.ConvertAll(sizes, _ => 1L), capacity).Capacity);
        }
    }

    private static void AssertSameSetsFit(long[] sizes, long capacity, long[] equivalent, long equivalentCapacity)
    {
        for (var set = 0; set < 1 << sizes.Length; set++)
        {
            Int128 sum = 0, equivalentSum = 0;
            for (var i = 0; i < sizes.Length; i++)
                if ((set >> i & 1) != 0)
                    (sum, equivalentSum) = (sum + sizes[i], equivalentSum + equivalent[i]);
            Assert.Equal(sum <= capacity, equivalentSum <= equivalentCapacity);
        }
    }
}

using FsCheck.Xunit;
using PackingKit.Testing;
using Xunit;

namespace PackingKit.Tests;

[Properties(Arbitrary = [typeof(Arbitraries)], MaxTest = 300)]
public class ExactCoverTests
{
    [Property]
    public void Over_all_patterns_it_decides_what_trying_every_packing_decides(SmallCase small)
    {
        var of = new PackingCase([.. small.Case.Sizes.Where(size => size > 0)], small.Case.Capacity);
        if (of.Sizes.Length == 0)
            return;
        var items = ItemTypes.Of(of.ToHistogram(), of.Capacity);
        var (all, optimum) = (AllPatterns(items).ToList(), BruteForce.Optimum(of));
        for (var bins = Math.Max(1, optimum - 1); bins <= optimum + 1; bins++)
        {
            var cover = new ExactCover(all, items.Demands, bins, Context());
            Assert.Equal(bins >= optimum, cover.Run(1000));
            if (cover.Found is not { } packing)
                continue;
            Assert.InRange(packing.Sum(entry => entry.Bins), 1, bins);
            var packed = Enumerable.Range(0, items.Count).Select(type => packing.Sum(entry => entry.Bins * entry.Pattern.CopiesOf(type)));
            Assert.Equal(items.Demands, packed);
        }
    }

    [Fact]
    public void Where_types_have_no_pattern_left_there_is_no_packing()
    {
        Pattern[] patterns = [new([0, 1], [1, 1]), new([1, 2], [1, 1]), new([0, 2], [1, 1])];
        Assert.Equal(false, new ExactCover(patterns, [1, 1, 1], 2, Context()).Run(1));
        Assert.Equal(true, new ExactCover(patterns, [2, 2, 2], 3, Context()).Run(1));
    }

    [Fact]
    public void Without_time_there_is_no_answer()
    {
        var stopped = new SearchContext(
            new SearchOptions { Stop = new CancellationToken(canceled: true) }, null, LinearPrograms.Create, CancellationToken.None);
        Assert.Null(new ExactCover([new([0], [1])], [1], 1, stopped).Run(1));
    }

    [Fact]
    public void Triplets_without_waste_are_found_and_the_same_ones_again()
    {
        var (sizes, capacity) = HardInstances.PlantedTriplets(new Random(1), 30, 10_000);
        var problem = PackingProblem.Create(sizes, capacity);
        var (result, again) = (new ExactPacking().Pack(problem), new ExactPacking().Pack(problem));
        Assert.Equal((30, PackingStatus.Optimal), (result.BinCount, result.Status));
        Assert.True(result.Packing.BinOfItem.SequenceEqual(again.Packing.BinOfItem));
    }

    /// <summary>Every pattern that fits, by trying all numbers of copies.</summary>
    internal static IEnumerable<Pattern> AllPatterns(ItemTypes items)
    {
        return From(0, items.Capacity, []).Where(copies => copies.Any(count => count > 0)).Select(copies =>
        {
            int[] types = [.. Enumerable.Range(0, items.Count).Where(type => copies[type] > 0)];
            return new Pattern(types, Array.ConvertAll(types, type => copies[type]));
        });

        IEnumerable<long[]> From(int type, long residual, long[] copies)
        {
            if (type == items.Count)
                return [copies];
            return Enumerable.Range(0, (int)Math.Min(items.Demands[type], residual / items.Weights[type]) + 1)
                .SelectMany(count => From(type + 1, residual - (count * items.Weights[type]), [.. copies, count]));
        }
    }

    private static SearchContext Context() => new(SearchOptions.Default, null, LinearPrograms.Create, CancellationToken.None);
}

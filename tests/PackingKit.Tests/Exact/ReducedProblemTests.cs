using FsCheck.Xunit;
using PackingKit.Testing;
using Xunit;

namespace PackingKit.Tests;

[Properties(Arbitrary = [typeof(Arbitraries)], MaxTest = 1000)]
public class ReducedProblemTests
{
    [Property]
    public void Bins_fixed_and_an_optimal_packing_of_the_rest_are_an_optimal_packing(SmallCase small)
    {
        var of = new PackingCase([.. small.Case.Sizes.Where(size => size > 0)], small.Case.Capacity);
        if (of.Sizes.Length == 0)
            return;
        var items = ItemTypes.Of(of.ToHistogram(), of.Capacity);
        var reduced = new ReducedProblem(items, () => false);
        var rest = Enumerable.Range(0, items.Count)
            .SelectMany(type => Enumerable.Repeat(items.Weights[type], (int)reduced.Items.Demands[type])).ToArray();
        Assert.Equal(BruteForce.Optimum(of), reduced.BinCount + BruteForce.Optimum(new PackingCase(rest, items.Capacity)));

        var counts = new long[items.Count];
        foreach (var (pattern, bins) in reduced.Complete([]))
        {
            Assert.InRange(pattern.Load(items.Weights), 1, items.Capacity);
            for (var i = 0; i < pattern.Types.Length; i++)
                counts[pattern.Types[i]] += bins * pattern.Copies[i];
        }
        Assert.Equal(items.Demands, counts.Zip(reduced.Items.Demands, (placed, left) => placed + left));
        Assert.Equal(reduced.BinCount, reduced.Complete([]).Sum(entry => entry.Bins));
    }

    [Fact]
    public void An_exact_partner_and_what_fits_nowhere_else_are_fixed()
    {
        // 60 and 40 fill a bin, 95 fits with nothing; of 3 x 30 nothing is sure.
        var items = ItemTypes.Of(SizeHistogram.Of([60, 40, 95, 30, 30, 30]), 100);
        var reduced = new ReducedProblem(items, () => false);
        Assert.Equal((2L, 3L), (reduced.BinCount, reduced.Items.Demands.Sum()));
    }

    [Fact]
    public void An_item_limit_that_binds_is_left_alone()
    {
        var items = ItemTypes.Of(SizeHistogram.Of([60, 40, 20, 20, 20, 20]), new BinLimits(100, 2));
        Assert.Equal(0, new ReducedProblem(items, () => false).BinCount);
    }
}

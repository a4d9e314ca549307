using FsCheck.Xunit;
using PackingKit.Testing;
using Xunit;

namespace PackingKit.Tests;

[Properties(Arbitrary = [typeof(Arbitraries)], MaxTest = 500)]
public class PeelingTests
{
    [Property]
    public void Pairs_are_forced_where_every_pattern_that_fills_a_bin_holds_both(SmallCase small, byte waste)
    {
        if (Items(small.Case) is not { } items || items.Capacity > 1_000_000) // it would take too long to find them
            return;
        var allowed = ExactCoverTests.AllPatterns(items)
            .Where(pattern => items.Capacity - pattern.Load(items.Weights) <= waste).ToList();
        var expected =
            from heavy in Enumerable.Range(0, items.Count)
            from light in Enumerable.Range(0, items.Count)
            where 2 * items.Weights[heavy] > items.Capacity && 2 * items.Weights[light] <= items.Capacity
                && allowed.TrueForAll(pattern => pattern.CopiesOf(heavy) == 0 || pattern.CopiesOf(light) > 0)
            select (heavy, light);
        var forced = ForcedPairs.Of(items, waste, () => false);
        var isStuck = Enumerable.Range(0, items.Count).Any(
            type => 2 * items.Weights[type] > items.Capacity && allowed.TrueForAll(pattern => pattern.CopiesOf(type) == 0));
        Assert.Equal(isStuck, forced.Stuck is not null);
        if (!isStuck)
            Assert.Equal(expected, forced.Pairs.Order());
    }

    [Property]
    public void What_is_left_fits_into_as_many_bins_as_before_or_as_few(SmallCase small)
    {
        if (Items(small.Case) is not { } items)
            return;
        var optimum = BruteForce.Optimum(CaseOf(items));
        for (var bins = Math.Max(1, optimum - 1); bins <= optimum; bins++)
        {
            if (items.Waste(bins) is not (>= 0 and var waste))
                continue;
            var peeling = new Peeling(items, [], waste, new ProofTree.Node(), () => false);
            Assert.Equal(items.TotalWeight, peeling.Items.TotalWeight);
            Assert.Equal(optimum <= bins, peeling.Stuck is null && BruteForce.Optimum(CaseOf(peeling.Items)) <= bins);
        }
    }

    [Fact]
    public void Where_sums_would_take_too_long_nothing_is_forced()
    {
        var items = ItemTypes.Of(SizeHistogram.Of([600_000_000_001, 399_999_999_998]), 1_000_000_000_000);
        Assert.Empty(ForcedPairs.Of(items, 1, () => false).Pairs);
        Assert.Empty(ForcedPairs.Of(ItemTypes.Of(SizeHistogram.Of([600_000_000_001]), 1_000_000_000_000), 1, () => false).Pairs);
    }

    [Fact]
    public void Under_an_item_limit_nothing_is_peeled()
    {
        var items = ItemTypes.Of(SizeHistogram.Of([60, 30, 10, 50, 50, 20, 20, 20, 20, 20]), new BinLimits(100, 4));
        Assert.Same(items, new Peeling(items, [], 0, new ProofTree.Node(), () => false).Items);
    }

    [Fact]
    public void A_core_is_what_is_left_of_its_triplets()
    {
        var (sizes, capacity) = HardInstances.AugmentedNonIrup(new Random(1), 62, 2);
        var reduced = new ReducedProblem(ItemTypes.Of(SizeHistogram.Of(sizes), capacity), () => false);
        var peeled = new Peeling(reduced.Items, [], 0, new ProofTree.Node(), () => false).Items;
        Assert.InRange(peeled.Weights.Zip(peeled.Demands).Where(type => type.First < peeled.Capacity).Sum(type => type.Second), 1, 15);
    }

    private static ItemTypes? Items(PackingCase of)
    {
        var sizes = of.Sizes.Where(size => size > 0).ToArray();
        return sizes.Length == 0 ? null : ItemTypes.Of(SizeHistogram.Of(sizes), of.Capacity);
    }

    private static PackingCase CaseOf(ItemTypes items) => new(
        [.. Enumerable.Range(0, items.Count).SelectMany(type => Enumerable.Repeat(items.Weights[type], (int)items.Demands[type]))],
        items.Capacity);
}

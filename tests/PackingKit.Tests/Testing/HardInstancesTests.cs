using FsCheck.Xunit;
using PackingKit.Testing;
using Xunit;

namespace PackingKit.Tests;

public class HardInstancesTests
{
    [Property(Arbitrary = [typeof(Arbitraries)])]
    public void Sizes_fill_bins_where_the_best_packing_wastes_nothing(SmallCase small)
    {
        var (sizes, capacity) = (small.Case.Sizes.Where(size => size > 0).ToArray(), small.Case.Capacity);
        if (sizes.Length > 0)
            Assert.Equal(
                sizes.Sum() == BruteForce.Optimum(new PackingCase(sizes, capacity)) * capacity, HardInstances.FillsBins(sizes, capacity));
    }

    [Fact]
    public void A_core_adds_up_to_three_bins_needs_four_and_half_bins_would_do()
    {
        for (var seed = 0; seed < 10; seed++)
        {
            var (sizes, capacity) = HardInstances.Core(new Random(seed));
            Assert.Equal((15, 3 * capacity), (sizes.Length, sizes.Sum()));
            Assert.False(HardInstances.FillsBins(sizes, capacity));
            var result = new ExactPacking().Pack(PackingProblem.Create(sizes, capacity));
            Assert.Equal((4, 4L), (result.BinCount, result.Bound.Bins));
            Assert.Equal(3, Relaxation(sizes, capacity), 1e-6);
        }
    }

    [Theory]
    [InlineData(2, 1)]
    [InlineData(3, 2)]
    public void Triplets_around_a_core_leave_it_without_a_packing_and_around_a_cut_one_with_one(int triplets, int stages)
    {
        for (var seed = 0; seed < 5; seed++)
        {
            var (short_, capacity) = HardInstances.AugmentedNonIrup(new Random(seed), triplets, stages);
            Assert.Equal((15 + (3 * triplets), (3 + triplets) * capacity), (short_.Length, short_.Sum()));
            Assert.False(HardInstances.FillsBins(short_, capacity));
            (var exact, capacity) = HardInstances.AugmentedIrup(new Random(seed), triplets, stages);
            Assert.Equal((16 + (3 * triplets), (3 + triplets) * capacity), (exact.Length, exact.Sum()));
            Assert.True(HardInstances.FillsBins(exact, capacity));
        }
    }

    [Fact]
    public void Classes_have_their_numbers_of_items_and_waste_nothing()
    {
        var (sizes, capacity) = HardInstances.AugmentedNonIrup(new Random(1), 62, 2);
        Assert.Equal((201, 65 * capacity), (sizes.Length, sizes.Sum()));
        Assert.InRange(capacity, 4 * 480, 4 * 620);
        // In the files of this class in the sample: 165 to 181 distinct, 63 or 64 above half a bin, 74 to 78 below a tenth.
        Assert.InRange(sizes.Distinct().Count(), 155, 190);
        Assert.InRange(sizes.Count(size => 2 * size > capacity), 62, 65);
        Assert.InRange(sizes.Count(size => 10 * size < capacity), 65, 90);
        (sizes, capacity) = HardInstances.PlantedTriplets(new Random(1), 72, 10_000);
        Assert.Equal((216, 720_000), (sizes.Length, sizes.Sum()));
        Assert.All(sizes, size => Assert.InRange(size, 2500, 5000));
        (sizes, _) = HardInstances.ManyOfEach(new Random(1), 125, 66_667, 500_000);
        Assert.InRange(sizes.Distinct().Count(), 120, 125);
        Assert.All(sizes, size => Assert.InRange(size, 66_667, 333_333));
    }

    private static double Relaxation(long[] sizes, long capacity)
    {
        var items = ItemTypes.Of(SizeHistogram.Of(sizes), capacity);
        var context = new SearchContext(SearchOptions.Default, null, LinearPrograms.Create, CancellationToken.None);
        using var generation = new ColumnGeneration(items, context, [], exchanges: false);
        generation.Run(items.Demands, 3, items.Capacity, toTheEnd: true);
        return generation.Master.Objective;
    }
}

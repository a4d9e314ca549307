using FsCheck.Xunit;
using PackingKit.Testing;
using Xunit;

namespace PackingKit.Tests;

[Properties(Arbitrary = [typeof(Arbitraries)])]
public class PackingProblemTests
{
    [Property]
    public void A_problem_holds_what_it_was_made_of(PackingCase input)
    {
        var problem = input.ToProblem();
        Assert.Equal(
            (input.Sizes.Length, input.Limits),
            (problem.ItemCount, problem.Limits));
        Assert.Equal(input.TotalSize, problem.TotalSize);
        Assert.Equal(input.Sizes, Enumerable.Range(0, problem.ItemCount).Select(item => problem[item]));
        Assert.Equal(input.Sizes.Order().Reverse().Distinct(), problem.Histogram.Sizes.ToArray());
    }

    [Fact]
    public void Create_copies_and_Borrow_does_not()
    {
        int[] sizes = [1, 2, 3];
        var (copy, view) = (PackingProblem.Create(sizes, 10), PackingProblem.Borrow(sizes, 10));
        sizes[0] = 9;
        Assert.Equal((1, 9), (copy[0], view[0]));
    }

    [Fact]
    public void Int_sizes_stay_int_and_long_sizes_stay_long()
    {
        var ints = PackingProblem.Create([1, 2], 10);
        Assert.True(ints.TryGetInt32Sizes(out var sizes));
        Assert.Equal([1, 2], sizes.ToArray());
        Assert.True(ints.GetInt64Sizes().IsEmpty);

        var longs = PackingProblem.Create([1L, 2L], 10);
        Assert.False(longs.TryGetInt32Sizes(out _));
        Assert.Equal([1L, 2L], longs.GetInt64Sizes().ToArray());
    }

    [Fact]
    public void The_histogram_is_built_once()
    {
        var problem = PackingProblem.Create([1, 2, 2], 10);
        Assert.Same(problem.Histogram, problem.Histogram);
    }

    [Fact]
    public void A_size_above_the_capacity_is_named_with_its_index()
    {
        const string message = "Item 2 has size 11, which is above the capacity 10.";
        Refused.OutOfRange("sizes", () => PackingProblem.Create([1, 2, 11], 10), message);
        Refused.OutOfRange("sizes", () => PackingProblem.Create([1L, 2L, 11L], 10), message);
        Refused.OutOfRange("sizes", () => PackingProblem.Borrow(new[] { 1, 2, 11 }, 10), message);
    }

    [Fact]
    public void A_negative_size_is_named_with_its_index()
    {
        Refused.OutOfRange("sizes", () => PackingProblem.Create([1, -2], 10), "Item 1 has size -2, which is negative.");
    }

    [Fact]
    public void A_total_beyond_64_bits_is_refused_at_the_item_that_crosses()
    {
        Refused.OutOfRange("sizes", () => PackingProblem.Create([long.MaxValue, 0, 1], long.MaxValue), "at item 2");
    }

    [Fact]
    public void Limits_below_one_are_refused()
    {
        Refused.OutOfRange("capacity", () => PackingProblem.Create([0], 0));
        Refused.OutOfRange("capacity", () => PackingProblem.Create(Array.Empty<long>(), -1));
        Refused.OutOfRange("maxItems", () => PackingProblem.Create([0], new BinLimits(1, 0)));
    }

    [Fact]
    public void Counting_takes_memory_for_the_sizes_and_not_for_the_capacity()
    {
        // A table up to the capacity would be 67 million counts, twice.
        var sizes = new int[8_400_000];
        Array.Fill(sizes, 3);
        var binOfItem = new int[sizes.Length];
        var before = GC.GetAllocatedBytesForCurrentThread();
        var problem = PackingProblem.Borrow(sizes, 1 << 26);
        Assert.Equal((1, 3L * sizes.Length), (problem.Histogram.DistinctCount, problem.TotalSize));
        BestFitDecreasing.Assign<int>(sizes, 1 << 26, binOfItem);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 16 << 20);
    }
}

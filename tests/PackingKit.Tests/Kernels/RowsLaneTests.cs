using FsCheck.Xunit;
using PackingKit.Testing;
using Xunit;

namespace PackingKit.Tests;

/// <summary>The span lanes give what the strategies give, and those for rows allocate nothing.</summary>
[Properties(Arbitrary = [typeof(Arbitraries)])]
public class RowsLaneTests
{
    public static readonly TheoryData<string> Ids = [.. SpanLane.Ids];

    [Property]
    public void Rows_and_assignment_are_those_of_the_packing(PackingCase input)
    {
        foreach (var id in SpanLane.Ids)
            AssertRows(id, input);
    }

    [Theory, MemberData(nameof(Ids))]
    public void Rows_of_many_items_are_those_of_the_packing(string id)
    {
        AssertRows(id, CaseShapes.LogNormal(new Random(1), 5_000));
        AssertRows(id, CaseShapes.Limited(new Random(2), CaseShapes.LogNormal(new Random(2), 5_000)));
        AssertRows(id, CaseShapes.SparseInts(new Random(3), 3_000)); // no table of counts
    }

    [Theory, MemberData(nameof(Ids))]
    public void The_lane_for_rows_allocates_nothing_once_warm(string id)
    {
        foreach (var count in (int[])[64, 4_000])
        {
            var sizes = Array.ConvertAll(CaseShapes.LogNormal(new Random(5), count).Sizes, size => (int)size);
            var (offsets, items) = (new int[count + 1], new int[count]);
            var least = long.MaxValue;
            for (var run = 0; run < 10; run++)
            {
                var before = GC.GetAllocatedBytesForCurrentThread();
                SpanLane.Rows<int>(id, sizes, 2048, offsets, items);
                least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
            }
            Assert.Equal(0, least);
        }
    }

    [Fact]
    public void Destinations_that_are_too_short_are_named()
    {
        Assert.Equal(
            "binOffsets", Assert.Throws<ArgumentException>(
                () => BestFitDecreasing.AssignRows<int>([1, 1], 2, new int[2], new int[2])).ParamName);
        Assert.Equal(
            "itemIndices", Assert.Throws<ArgumentException>(() => FirstFit.AssignRows<int>([1, 1], 2, new int[3], new int[1])).ParamName);
        Assert.Equal(
            "sizes", Assert.Throws<ArgumentOutOfRangeException>(
                () => FirstFit.AssignRows<int>([1, 3], 2, new int[3], new int[2])).ParamName);
    }

    private static void AssertRows(string id, PackingCase input)
    {
        var packing = PackingStrategies.Create(id).Pack(input.ToProblem()).Packing;
        var (offsets, items) = (new int[input.Sizes.Length + 1], new int[input.Sizes.Length]);
        var bins = SpanLane.Rows<long>(id, input.Sizes, input.Limits, offsets, items);
        Assert.Equal(packing.BinOffsets, offsets.AsSpan(0, bins + 1));
        Assert.Equal(packing.ItemIndices, items);

        var binOfItem = new int[items.Length];
        Assert.Equal(bins, SpanLane.Assign<long>(id, input.Sizes, input.Limits, binOfItem));
        Assert.Equal(packing.BinOfItem, binOfItem);
    }
}

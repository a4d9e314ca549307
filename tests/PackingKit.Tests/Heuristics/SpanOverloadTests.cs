using FsCheck.Xunit;
using PackingKit.Testing;
using Xunit;

namespace PackingKit.Tests;

/// <summary>The span overloads give what the strategies give, name bad arguments, and those for rows allocate nothing.</summary>
[Properties(Arbitrary = [typeof(Arbitraries)])]
public class SpanOverloadTests
{
    public static readonly TheoryData<string> Ids = [.. SpanOverload.Ids];

    [Property]
    public void Rows_and_assignment_are_those_of_the_packing(PackingCase input)
    {
        foreach (var id in SpanOverload.Ids)
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
    public void The_overload_for_rows_allocates_nothing_once_warm(string id)
    {
        foreach (var count in (int[])[64, 4_000])
        {
            var sizes = Array.ConvertAll(CaseShapes.LogNormal(new Random(5), count).Sizes, size => (int)size);
            var (offsets, items) = (new int[count + 1], new int[count]);
            var least = long.MaxValue;
            for (var run = 0; run < 10; run++)
            {
                var before = GC.GetAllocatedBytesForCurrentThread();
                SpanOverload.Rows<int>(id, sizes, 2048, offsets, items);
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

    [Theory, MemberData(nameof(Ids))]
    public void No_items_need_no_bins(string id) => Assert.Equal(0, SpanOverload.Assign<int>(id, [], 5, []));

    [Theory, MemberData(nameof(Ids))]
    public void It_names_bad_arguments(string id)
    {
        var bins = new int[3];
        Refused.OutOfRange("limits", () => SpanOverload.Assign<int>(id, [1], default, bins));

        Refused.Wrong(
            "binOfItem", () => SpanOverload.Assign<int>(id, [1, 1, 1, 1], 1, bins), "4 items need a destination of that length, not 3.");

        Refused.OutOfRange(
            "sizes", () => SpanOverload.Assign<int>(id, [1, 6], 5, bins), "Item 1 has size 6, which is above the capacity 5.");

        Refused.OutOfRange("sizes", () => SpanOverload.Assign<short>(id, [1, 2, -3], 5, bins), "Item 2 has size -3, which is negative.");
    }

    [Theory, MemberData(nameof(Ids))]
    public void It_refuses_destinations_that_share_memory_with_what_is_read(string id)
    {
        int[] memory = [1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1];
        Refused.Wrong(
            "binOfItem", () => SpanOverload.Assign<int>(id, memory.AsSpan(0, 4), 10, memory.AsSpan(1)),
            "The destination shares memory with the sizes.");
        Refused.Wrong("binOfItem", () => SpanOverload.Assign<int>(id, memory.AsSpan(3, 4), 10, memory), "The destination shares");
        Refused.Wrong(
            "itemIndices", () => SpanOverload.Rows<int>(id, memory.AsSpan(0, 3), 10, new int[4], memory.AsSpan(2)),
            "The destination shares memory");
        Refused.Wrong(
            "binOffsets", () => SpanOverload.Rows<int>(id, memory.AsSpan(0, 3), 10, memory.AsSpan(2), new int[3]),
            "The offsets share memory");
        var rows = new int[8];
        Refused.Wrong(
            "binOffsets", () => SpanOverload.Rows<int>(id, memory.AsSpan(0, 3), 10, rows.AsSpan(2), rows), "The offsets share memory");
        Assert.All(memory, size => Assert.Equal(1, size));

        // Beside each other is not over each other.
        SpanOverload.Assign<int>(id, memory.AsSpan(0, 4), 10, memory.AsSpan(4, 4));
        Assert.Equal([0, 0, 0, 0], memory[4..8]);
        Assert.Equal([1, 1, 1, 1], memory[..4]);
        SpanOverload.Assign<int>(id, memory.AsSpan(8, 4), 10, memory.AsSpan(4, 4));
        Assert.Equal([1, 1, 1, 1], memory[8..]);
    }

    [Theory, MemberData(nameof(Ids))]
    public void It_refuses_sizes_beyond_64_bits(string id)
    {
        var bins = new int[1];
        Int128[] sizes = [((Int128)1 << 64) + 1];
        Refused.OutOfRange("sizes", () => SpanOverload.Assign<Int128>(id, sizes, 5, bins));
        sizes = [(Int128)1 << 63];
        Refused.OutOfRange("sizes", () => SpanOverload.Assign<Int128>(id, sizes, long.MaxValue, bins));
        var huge = Assert.Throws<ArgumentOutOfRangeException>(() => SpanOverload.Assign<ulong>(id, [ulong.MaxValue], 5, bins));
        Assert.Contains("above the capacity 5", huge.Message, StringComparison.Ordinal);
    }

    [Theory, MemberData(nameof(Ids))]
    public void It_leaves_what_lies_beyond_the_items(string id)
    {
        int[] bins = [-7, -7, -7];
        SpanOverload.Assign<int>(id, [1, 1], 2, bins);
        Assert.Equal([0, 0, -7], bins);
    }

    private static void AssertRows(string id, PackingCase input)
    {
        var packing = PackingStrategies.Create(id).Pack(input.ToProblem()).Packing;
        var (offsets, items) = (new int[input.Sizes.Length + 1], new int[input.Sizes.Length]);
        var bins = SpanOverload.Rows<long>(id, input.Sizes, input.Limits, offsets, items);
        Assert.Equal(packing.BinOffsets, offsets.AsSpan(0, bins + 1));
        Assert.Equal(packing.ItemIndices, items);

        var binOfItem = new int[items.Length];
        Assert.Equal(bins, SpanOverload.Assign<long>(id, input.Sizes, input.Limits, binOfItem));
        Assert.Equal(packing.BinOfItem, binOfItem);
    }
}

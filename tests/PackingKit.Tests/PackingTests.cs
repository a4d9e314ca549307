using FsCheck.Xunit;
using PackingKit.Testing;
using Xunit;

namespace PackingKit.Tests;

[Properties(Arbitrary = [typeof(Arbitraries)])]
public class PackingTests
{
    [Property]
    public void Rows_hold_every_item_once_and_agree_with_BinOf(PackingCase input)
    {
        foreach (var id in TextbookHeuristics.Ids)
        {
            var packing = PackingStrategies.Create(id).Pack(input.ToProblem()).Packing;
            Assert.Equal(input.Sizes.Length, packing.ItemCount);
            Assert.Equal(packing.BinCount + 1, packing.BinOffsets.Length);
            Assert.Equal((0, packing.ItemCount), (packing.BinOffsets[0], packing.BinOffsets[^1]));
            Assert.Equal(Enumerable.Range(0, packing.ItemCount), packing.ItemIndices.ToArray().Order());
            var next = 0;
            foreach (var bin in packing.Bins)
            {
                Assert.Equal((next, packing.BinOffsets[next + 1] - packing.BinOffsets[next]), (bin.Index, bin.Count));
                Assert.True(bin.Items.SequenceEqual(packing.ItemIndices[packing.BinOffsets[next]..packing.BinOffsets[next + 1]]));
                Assert.True(bin.Items.SequenceEqual(packing[next].Items));
                foreach (var item in bin.Items)
                    Assert.Equal((next, next), (packing.BinOf(item), packing.BinOfItem[item]));
                next++;
            }
            Assert.Equal((packing.BinCount, packing.BinCount), (next, packing.Bins.Count));
        }
    }

    [Property]
    public void An_assignment_and_rows_make_each_other(PackingCase input)
    {
        var binOfItem = NaiveStrategies.Assign("ff", input);
        var packing = Packing.FromAssignment(binOfItem, binOfItem.DefaultIfEmpty(-1).Max() + 1);
        var again = Packing.FromRows(packing.BinOffsets, packing.ItemIndices);
        Assert.Equal(binOfItem, packing.BinOfItem.ToArray());
        Assert.Equal(binOfItem, again.BinOfItem.ToArray());
        foreach (var bin in packing.Bins)
            Assert.Equal(bin.Items.ToArray().Order(), bin.Items.ToArray());
    }

    [Fact]
    public void A_bin_adds_up_its_load()
    {
        var problem = PackingProblem.Create([6, 5, 4, 3, 2], 10);
        var packing = Packing.FromRows([0, 2, 5], [0, 2, 1, 3, 4]);
        Assert.Equal((10L, 10L), (packing[0].Sum(item => problem[item]), packing[1].Sum(item => problem[item])));
    }

    [Fact]
    public void Rows_are_copied()
    {
        int[] offsets = [0, 1], items = [0];
        var packing = Packing.FromRows(offsets, items);
        (offsets[1], items[0]) = (9, 9);
        Assert.Equal((1, 0), (packing.BinOffsets[1], packing.ItemIndices[0]));
    }

    [Fact]
    public void Nothing_packs_into_no_bins()
    {
        Assert.Equal((0, 0, 1), (Packing.Empty.BinCount, Packing.Empty.ItemCount, Packing.Empty.BinOffsets.Length));
        Assert.Equal(0, Packing.FromAssignment([], 0).BinCount);
        Assert.True(Packing.Empty.BinOfItem.IsEmpty);
    }

    [Theory]
    [InlineData(-1), InlineData(2)]
    public void A_bin_that_is_not_there_is_refused(int bin)
    {
        Refused.OutOfRange("bin", () => Packing.FromAssignment([0, 1], 2)[bin].Count);
        Refused.OutOfRange("binOfItem", () => Packing.FromAssignment([0, bin], 2), $"Item 1 is in bin {bin}, outside 0..1.");
    }

    [Fact]
    public void A_negative_number_of_bins_is_refused() =>
        Refused.OutOfRange("binCount", () => Packing.FromAssignment([], -1));

    public static readonly TheoryData<string, string, int[], int[]> WrongRows = new()
    {
        { "binOffsets", "Offsets must start with 0 and end with the number of items, 2.", [], [0, 1] },
        { "binOffsets", "Offsets must start with 0 and end with the number of items, 2.", [1, 2], [0, 1] },
        { "binOffsets", "Offsets must start with 0 and end with the number of items, 2.", [0, 1], [0, 1] },
        { "binOffsets", "Offset 2 is 1, below the one before it, 2.", [0, 2, 1, 2], [0, 1] },
        { "itemIndices", "Index 1 holds item 2, outside 0..1.", [0, 2], [0, 2] },
        { "itemIndices", "Index 0 holds item -1, outside 0..1.", [0, 2], [-1, 0] },
        { "itemIndices", "Index 1 holds item 0 for the second time.", [0, 1, 2], [0, 0] },
    };

    [Theory, MemberData(nameof(WrongRows))]
    public void Each_kind_of_wrong_rows_is_refused_by_name(string argument, string message, int[] offsets, int[] items)
    {
        var exception = Assert.Throws<ArgumentException>(() => Packing.FromRows(offsets, items));
        Assert.Equal(argument, exception.ParamName);
        Assert.Contains(message, exception.Message, StringComparison.Ordinal);
    }
}

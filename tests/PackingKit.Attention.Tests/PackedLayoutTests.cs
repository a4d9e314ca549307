using FsCheck.Xunit;
using Xunit;

namespace PackingKit.Attention.Tests;

[Properties(Arbitrary = [typeof(LayoutCases)])]
public class PackedLayoutTests
{
    [Property]
    public void Every_table_agrees_with_a_walk_through_the_packing(LayoutCase it)
    {
        var layout = it.Layout;
        var slots = it.NaiveSlots();
        Assert.Equal(it.Lengths.Sum(), layout.TokenCount);
        Assert.Equal(layout.TokenCount, slots.Count(slot => slot is not null));
        Assert.Equal(it.Lengths.DefaultIfEmpty().Max(), layout.MaxSeqLen);
        var firstToken = it.Lengths.Select((_, prompt) => it.Lengths[..prompt].Sum()).ToArray();
        for (var slot = 0; slot < slots.Length; slot++)
        {
            if (slots[slot] is var (prompt, position))
            {
                var row = it.Rows[prompt];
                Assert.Equal(position, layout.PositionIds[slot]);
                Assert.Equal(firstToken[prompt] + position, layout.TokenIndices[slot]);
                Assert.Equal(slot, layout.SlotIndices[firstToken[prompt] + position]);
                Assert.Equal(it.Packing[row].Items.IndexOf(prompt) + 1, layout.SegmentIds[slot]);
                Assert.Equal(new PackedSegment(prompt, row, slot - position, it.Lengths[prompt]), layout.SegmentOf(prompt));
                if (position == it.Lengths[prompt] - 1)
                    Assert.Equal(slot, layout.LastTokenIndices[prompt]);
            }
            else
            {
                Assert.Equal((0L, -1L, 0), (layout.PositionIds[slot], layout.TokenIndices[slot], layout.SegmentIds[slot]));
            }
        }
    }

    [Property]
    public void Segment_ids_alone_give_back_every_boundary(LayoutCase it)
    {
        var layout = it.Layout;
        var all = new List<int> { 0 };
        for (var row = 0; row < layout.RowCount; row++)
        {
            var ids = layout.SegmentIds.Slice(row * layout.RowWidth, layout.RowWidth);
            var ends = new List<int> { 0 };
            for (var column = 0; column < ids.Length; column++)
                if (ids[column] > 0 && (column + 1 == ids.Length || ids[column + 1] != ids[column]))
                    ends.Add(column + 1);
            Assert.Equal(ends, layout.RowCuSeqLens(row));
            var start = all[^1];
            all.AddRange(ends.Skip(1).Select(end => start + end));
        }
        Assert.Equal(all, layout.CuSeqLens.ToArray());
    }

    [Property]
    public void Positions_alone_give_back_every_boundary_once_padding_is_left_out(LayoutCase it)
    {
        var layout = it.Layout;
        var positions = new List<long>();
        for (var slot = 0; slot < layout.SlotCount; slot++)
            if (layout.SegmentIds[slot] > 0)
                positions.Add(layout.PositionIds[slot]);
        var boundaries = Enumerable.Range(0, positions.Count).Where(i => positions[i] == 0).Append(positions.Count);
        Assert.Equal(boundaries, layout.CuSeqLens.ToArray());
    }

    [Property]
    public void A_flat_layout_holds_the_tokens_in_order(LayoutCase it)
    {
        var layout = PackedLayout.Flat(it.Lengths);
        Assert.Equal((1, it.Lengths.Sum(), it.Lengths.Sum()), (layout.RowCount, layout.RowWidth, layout.TokenCount));
        Assert.True(layout.IsTokenOrder);
        Assert.Equal(Enumerable.Range(0, layout.TokenCount).Select(i => (long)i), layout.SlotIndices.ToArray());
        Assert.Equal(layout.RowCuSeqLens(0), layout.CuSeqLens.ToArray());
    }

    [Property]
    public void Token_order_means_that_slots_and_tokens_are_the_same(LayoutCase it)
    {
        var layout = it.Layout;
        var same = layout.SlotCount == layout.TokenCount && layout.SlotIndices.SequenceEqual(layout.TokenIndices);
        for (var token = 0; same && token < layout.TokenCount; token++)
            same = layout.SlotIndices[token] == token;
        Assert.Equal(same, layout.IsTokenOrder);
    }

    [Fact]
    public void Rows_of_one_prompt_and_prompts_of_one_token_are_ordinary()
    {
        var layout = PackedLayout.FromPacking(Packing.FromAssignment([1, 0, 1], 2), [1, 3, 1]);
        Assert.Equal([new(1, 0, 0, 3), new(0, 1, 3, 1), new PackedSegment(2, 1, 4, 1)], layout.Segments.ToArray());
        Assert.Equal([0L, 1, 2, 0, 0, 0], layout.PositionIds.ToArray());
        Assert.Equal([1, 1, 1, 1, 2, 0], layout.SegmentIds.ToArray());
        Assert.Equal([3L, 2, 4], layout.LastTokenIndices.ToArray());
        Assert.Equal([0, 3, 4, 5], layout.CuSeqLens.ToArray());
        Assert.Equal([3L, 0, 1, 2, 4], layout.SlotIndices.ToArray());
    }

    [Fact]
    public void No_prompts_make_no_slots()
    {
        var layout = PackedLayout.FromPacking(Packing.Empty, []);
        Assert.Equal((0, 0, 0, 0), (layout.RowCount, layout.RowWidth, layout.SlotCount, layout.MaxSeqLen));
        Assert.Equal([0], layout.CuSeqLens.ToArray());
    }

    [Fact]
    public void An_empty_bin_is_a_row_of_padding()
    {
        var layout = PackedLayout.FromPacking(Packing.FromAssignment([0, 2], 3), [2, 1]);
        Assert.Equal([1, 1, 0, 0, 1, 0], layout.SegmentIds.ToArray());
        Assert.Equal([0], layout.RowCuSeqLens(1));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-3)]
    public void A_prompt_without_tokens_is_refused_by_its_number(int length)
    {
        var thrown = Assert.Throws<ArgumentOutOfRangeException>(() => PackedLayout.Flat([4, length, 2]));
        Assert.Equal(("lengths", length), (thrown.ParamName, thrown.ActualValue));
        Assert.Contains($"Prompt 1 has length {length}", thrown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_width_below_a_row_is_refused_with_the_row_and_its_tokens()
    {
        var packing = Packing.FromAssignment([0, 1, 1], 2);
        var thrown = Assert.Throws<ArgumentOutOfRangeException>(() => PackedLayout.FromPacking(packing, [4, 3, 3], width: 5));
        Assert.Equal("width", thrown.ParamName);
        Assert.Contains("Row 1 takes 6 slots, above the width 5", thrown.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => PackedLayout.FromPacking(Packing.Empty, [], width: -1));
    }

    [Fact]
    public void A_width_below_a_row_with_its_padding_is_refused()
    {
        var packing = Packing.FromAssignment([0, 0], 1);
        var thrown = Assert.Throws<ArgumentOutOfRangeException>(() => PackedLayout.FromPacking(packing, [8, 5], width: 13, alignment: 8));
        Assert.Equal("width", thrown.ParamName);
        Assert.Contains("Row 0 takes 16 slots, above the width 13", thrown.Message, StringComparison.Ordinal);
        Assert.Equal(16, PackedLayout.FromPacking(packing, [8, 5], width: 16, alignment: 8).SlotCount);
        Assert.Equal(13, PackedLayout.FromPacking(packing, [8, 5], width: 13).SlotCount);
    }

    [Fact]
    public void Starts_outside_the_rows_or_upon_each_other_are_refused_by_prompt()
    {
        var layout = PackedLayout.FromStarts([2, 1, 3], [6, 3, 0], width: 5, rows: 2);
        Assert.Equal([new(2, 0, 0, 3), new(1, 0, 3, 1), new PackedSegment(0, 1, 6, 2)], layout.Segments.ToArray());
        Assert.Equal([1, 1, 1, 2, 0, 0, 1, 1, 0, 0], layout.SegmentIds.ToArray());
        Assert.Equal([0, 3, 6, 10], layout.CuSeqLensPadded.ToArray());
        foreach (var start in (int[])[-1, 4, 9, 10, int.MinValue, int.MaxValue])
            Assert.Contains("Prompt 1 of 2 tokens", Assert.Throws<ArgumentOutOfRangeException>(
                () => PackedLayout.FromStarts([1, 2], [0, start], width: 5, rows: 2)).Message, StringComparison.Ordinal);
        Assert.Contains("Prompt 0 starts at slot 1, but prompt 1 ends at 2", Assert.Throws<ArgumentException>(
            () => PackedLayout.FromStarts([2, 2], [1, 0], width: 5)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => PackedLayout.FromStarts([2], [], width: 5));
        Assert.Throws<ArgumentOutOfRangeException>(() => PackedLayout.FromStarts([], [], width: 0, rows: int.MaxValue));
        Assert.Equal(3, PackedLayout.FromStarts([], [], width: 0, rows: 3).RowCount);
    }

    [Fact]
    public void Lengths_that_do_not_belong_to_the_packing_are_refused_with_both_numbers()
    {
        var thrown = Assert.Throws<ArgumentException>(() => PackedLayout.FromPacking(Packing.FromAssignment([0, 0], 1), [4, 3, 3]));
        Assert.Contains("holds 2 prompts, but there are 3 lengths", thrown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void More_tokens_or_slots_than_an_array_holds_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => PackedLayout.Flat([int.MaxValue, 1]));
        Assert.Throws<ArgumentOutOfRangeException>(
            () => PackedLayout.FromPacking(Packing.FromAssignment([0, 1], 2), [1, 1], width: 2_000_000_000));
    }
}

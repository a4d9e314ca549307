using FsCheck.Xunit;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace PackingKit.Attention.Tests;

[Properties(Arbitrary = [typeof(LayoutCases)], MaxTest = 60)]
public class UnpackingTests
{
    [Property]
    public void Tokens_survive_packing_and_un_packing(LayoutCase it)
    {
        using var scope = NewDisposeScope();
        using var batch = PackedBatch.Create(it.Layout, it.Prompts);
        var tokens = rand(it.Layout.TokenCount, 3);
        var packed = batch.FromTokens(tokens);
        Assert.Equal([it.Layout.SlotCount, 3], packed.shape);
        Assert.True(Tensors.SameBits(tokens, batch.ToTokens(packed)));
        Assert.Equal(tokens.to(float64).sum().item<double>(), packed.to(float64).sum().item<double>(), 1e-9); // padding is zero
    }

    [Property]
    public void Hidden_states_come_back_a_prompt_as_a_naive_loop_gives_them(LayoutCase it)
    {
        using var scope = NewDisposeScope();
        var layout = it.Layout;
        using var batch = PackedBatch.Create(layout, it.Prompts);
        var hidden = rand(layout.RowCount, layout.RowWidth, 2);
        var slots = hidden.flatten(0, 1);
        foreach (var packed in (Tensor[])[slots, slots.t().contiguous().t()])
        {
            var split = batch.Split(packed);
            var last = batch.LastTokens(packed);
            var left = batch.ToPadded(packed, PaddingSide.Left);
            var right = batch.ToPadded(packed, PaddingSide.Right);
            Assert.Equal([it.Lengths.Length, layout.MaxSeqLen, 2], left.shape);
            for (var prompt = 0; prompt < it.Lengths.Length; prompt++)
            {
                var (row, column, length) = (it.Rows[prompt], layout.SegmentOf(prompt).Start % layout.RowWidth, it.Lengths[prompt]);
                var naive = hidden[row, column..(column + length)];
                var padding = zeros(layout.MaxSeqLen - length, 2);
                Assert.True(Tensors.SameBits(naive, split[prompt]));
                Assert.True(Tensors.SameBits(naive[length - 1], last[prompt]));
                Assert.True(Tensors.SameBits(cat([padding, naive]), left[prompt]));
                Assert.True(Tensors.SameBits(cat([naive, padding]), right[prompt]));
            }
        }
    }

    [Property]
    public void Caches_come_back_a_prompt_as_a_naive_loop_gives_them(LayoutCase it)
    {
        using var scope = NewDisposeScope();
        var layout = it.Layout;
        using var batch = PackedBatch.Create(layout, it.Prompts);
        foreach (var heads in (int[])[1, 3])
        {
            var rows = rand(layout.RowCount, heads, layout.RowWidth, 2);
            var slots = rows.transpose(1, 2).reshape(layout.SlotCount, heads, 2);
            foreach (var cache in (Tensor[])[rows, slots])
            {
                var split = batch.SplitCache(cache);
                var left = batch.CacheToPadded(cache, PaddingSide.Left);
                var right = batch.CacheToPadded(cache, PaddingSide.Right);
                Assert.Equal([it.Lengths.Length, heads, layout.MaxSeqLen, 2], left.shape);
                for (var prompt = 0; prompt < it.Lengths.Length; prompt++)
                {
                    var (row, column, length) = (it.Rows[prompt], layout.SegmentOf(prompt).Start % layout.RowWidth, it.Lengths[prompt]);
                    var naive = rows[row, .., column..(column + length)];
                    var padding = zeros(heads, layout.MaxSeqLen - length, 2);
                    Assert.True(Tensors.SameBits(naive, split[prompt]));
                    Assert.True(Tensors.SameBits(cat([padding, naive], 1), left[prompt]));
                    Assert.True(Tensors.SameBits(cat([naive, padding], 1), right[prompt]));
                }
            }
        }
    }

    [Property]
    public void Padded_masks_mark_the_tokens(LayoutCase it)
    {
        using var scope = NewDisposeScope();
        var layout = it.Layout;
        using var batch = PackedBatch.Create(layout, it.Prompts);
        foreach (var side in Enum.GetValues<PaddingSide>())
            Assert.True(Tensors.SameBits(batch.ToPadded(ones([layout.SlotCount], ScalarType.Bool), side), batch.PaddedMask(side)));
    }

    [Property]
    public void Nothing_of_one_prompt_or_of_padding_shows_in_another_prompts_entries(LayoutCase it)
    {
        if (it.Lengths.Length == 0)
            return;
        using var scope = NewDisposeScope();
        using var batch = PackedBatch.Create(it.Layout, it.Prompts);
        var poisoned = full([it.Layout.SlotCount, 2], float.NaN);
        var kept = it.Lengths.Length / 2;
        var clean = batch.Split(poisoned)[kept].fill_(1);
        foreach (var side in Enum.GetValues<PaddingSide>())
        {
            var padded = batch.ToPadded(poisoned, side)[kept];
            Assert.False(padded.isnan().any().item<bool>());
            Assert.Equal(clean.sum().item<float>(), padded.sum().item<float>());
        }
        Assert.False(batch.LastTokens(poisoned)[kept].isnan().any().item<bool>());
    }

    [Fact]
    public void Nodes_of_a_forest_are_not_given_out_as_prompts()
    {
        using var scope = NewDisposeScope();
        using var batch = new ForestCase([3, 1, 2], [-1, 0, 0]).Batch();
        var cache = zeros(6, 1, 2);
        foreach (var call in (Func<object>[])[
            () => batch.SplitCache(cache), () => batch.CacheToPadded(cache, PaddingSide.Left), () => batch.PaddedMask(PaddingSide.Left),
            () => batch.ToPadded(cache, PaddingSide.Left)])
            Assert.Contains("PackedKVCache.ToPadded", Assert.Throws<NotSupportedException>(call).Message, StringComparison.Ordinal);
        Assert.Equal([3, 1, 2], batch.Split(cache).Select(node => node.shape[0]));
    }

    [Fact]
    public void Un_packing_what_lies_in_order_already_copies_nothing()
    {
        using var scope = NewDisposeScope();
        using var batch = PackedBatch.Create(PackedLayout.Flat([2, 1]), [[1, 2], [3]]);
        var hidden = zeros(3, 2);
        batch.ToTokens(hidden)[2].fill_(5);
        batch.Split(hidden)[0].fill_(4);
        Assert.Equal([4f, 4, 4, 4, 5, 5], hidden.Values<float>());
    }

    [Fact]
    public void Shapes_that_are_not_the_layouts_are_refused_with_both()
    {
        using var scope = NewDisposeScope();
        using var batch = PackedBatch.Create(PackedLayout.Flat([2, 1]), [[1, 2], [3]]);
        var wrong = zeros(4, 2);
        const string words = "Expected [3, ...] on cpu, not [4, 2] of Float32 on cpu";
        foreach (var call in (Func<object>[])[() => batch.ToTokens(wrong), () => batch.LastTokens(wrong),
            () => batch.ToPadded(wrong, PaddingSide.Left)])
            Assert.Contains(words, Assert.Throws<ArgumentException>(call).Message, StringComparison.Ordinal);
        Assert.Contains( // views are taken on any device
            "Expected [3, ...], not [4, 2]", Assert.Throws<ArgumentException>(() => batch.Split(wrong)).Message, StringComparison.Ordinal);
        Assert.Contains(words, Assert.Throws<ArgumentException>(() => batch.FromTokens(wrong)).Message, StringComparison.Ordinal);
        foreach (var call in (Func<object>[])[() => batch.SplitCache(wrong), () => batch.CacheToPadded(wrong, PaddingSide.Left)])
            Assert.Contains(
                "[3, heads, dim] or [1, heads, 3, dim] on cpu, not [4, 2] of Float32", Assert.Throws<ArgumentException>(call).Message,
                StringComparison.Ordinal);
    }
}

using FsCheck.Xunit;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace PackingKit.Attention.Tests;

[Properties(Arbitrary = [typeof(LayoutCases)], MaxTest = 60)]
public class PackedBatchTests
{
    [Property]
    public void Tensors_hold_what_the_layout_says(LayoutCase it)
    {
        using var scope = NewDisposeScope();
        var layout = it.Layout;
        using var batch = PackedBatch.Create(layout, it.Prompts, paddingId: 7);
        Assert.Equal([layout.RowCount, layout.RowWidth], batch.InputIds.shape);
        Assert.Equal(it.NaiveSlots().Select(slot => slot is var (prompt, position) ? prompt * 1000L + position + 1 : 7),
            batch.InputIds.Values<long>());
        Assert.Equal(layout.PositionIds.ToArray(), batch.PositionIds.Values<long>());
        Assert.Equal(layout.SegmentIds.ToArray(), batch.SegmentIds.Values<int>());
        Assert.Equal(layout.CuSeqLens.ToArray(), batch.CuSeqLens.Values<int>());
        Assert.Equal(layout.LastTokenIndices.ToArray(), batch.LastTokenIndices.Values<long>());
    }

    [Property]
    public void One_span_and_one_array_a_prompt_give_the_same_batch(LayoutCase it)
    {
        using var scope = NewDisposeScope();
        using var arrays = PackedBatch.Create(it.Layout, it.Prompts);
        using var span = PackedBatch.Create<long>(it.Layout, it.Prompts.SelectMany(prompt => prompt).Select(id => (long)id).ToArray());
        Assert.True(Tensors.SameBits(arrays.InputIds, span.InputIds));
    }

    [Property]
    public void The_mask_is_causal_inside_each_prompt_and_closed_elsewhere_but_for_padding_itself(LayoutCase it)
    {
        using var scope = NewDisposeScope();
        var (layout, slots) = (it.Layout, it.NaiveSlots());
        using var batch = PackedBatch.Create(layout, it.Prompts);
        var mask = batch.CreateMask();
        var additive = batch.CreateMask(ScalarType.Float32);
        Assert.Equal([layout.RowCount, 1, layout.RowWidth, layout.RowWidth], mask.shape);
        Assert.Equal(mask.shape, additive.shape);
        var open = mask.Values<bool>();
        var bias = additive.Values<float>();
        for (var i = 0; i < open.Length; i++)
        {
            var (query, column) = (i / layout.RowWidth, i % layout.RowWidth);
            var key = query / layout.RowWidth * layout.RowWidth + column;
            var expected = slots[query] is var (a, p) ? slots[key] is var (b, q) && a == b && q <= p : query == key;
            Assert.Equal(expected, open[i]);
            Assert.Equal(expected ? 0f : float.NegativeInfinity, bias[i]);
        }
    }

    [Theory]
    [InlineData(ScalarType.Float16)]
    [InlineData(ScalarType.BFloat16)]
    [InlineData(ScalarType.Float64)]
    public void An_additive_mask_comes_in_every_floating_type(ScalarType dtype)
    {
        using var scope = NewDisposeScope();
        using var batch = PackedBatch.Create(PackedLayout.Flat([2, 1]), [[1, 2], [3]]);
        var mask = batch.CreateMask(dtype);
        Assert.Equal(dtype, mask.dtype);
        double[] expected = [0, 1, 1, 0, 0, 1, 1, 1, 0];
        Assert.Equal(expected.Select(closed => closed > 0 ? double.NegativeInfinity : 0), mask.to(ScalarType.Float64).Values<double>());
    }

    [Fact]
    public void A_mask_of_integers_is_refused()
    {
        using var batch = PackedBatch.Create(PackedLayout.Flat([1]), [[1]]);
        Assert.Throws<ArgumentException>(() => batch.CreateMask(ScalarType.Int32));
    }

    [Fact]
    public void Bad_tokens_are_refused_by_prompt_and_place()
    {
        var layout = PackedLayout.Flat([2, 3]);
        Assert.Contains("2 prompts, not 1", Assert.Throws<ArgumentException>(() => PackedBatch.Create(
            layout, [[1, 2]])).Message, StringComparison.Ordinal);
        Assert.Contains("Prompt 1 has 2 tokens, but length 3",
            Assert.Throws<ArgumentException>(() => PackedBatch.Create(layout, [[1, 2], [3, 4]])).Message, StringComparison.Ordinal);
        Assert.Contains("Prompt 1 is null",
            Assert.Throws<ArgumentNullException>(() => PackedBatch.Create<int>(layout, [[1, 2], null!])).Message, StringComparison.Ordinal);
        Assert.Contains("Token 2 of prompt 1 is -4",
            Assert.Throws<ArgumentOutOfRangeException>(
                () => PackedBatch.Create(layout, [[1, 2], [3, 4, -4]])).Message, StringComparison.Ordinal);
        Assert.Contains("5 tokens, not 4", Assert.Throws<ArgumentException>(() => PackedBatch.Create<int>(layout, [1, 2, 3, 4])).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_batch_outlives_the_scope_it_was_made_in_and_leaves_nothing_behind()
    {
        var before = Alive();
        PackedBatch batch;
        using (NewDisposeScope())
            batch = PackedBatch.Create(PackedLayout.Flat([2, 1]), [[1, 2], [3]]);
        Assert.Equal(3, batch.InputIds.shape[1]);
        using (batch.CreateMask(ScalarType.Float32))
        using (batch.PaddedMask(PaddingSide.Left))
        using (var hidden = torch.ones(3, 4))
        {
            batch.ToTokens(hidden).Dispose();
            batch.FromTokens(hidden).Dispose();
            foreach (var view in batch.Split(hidden))
                view.Dispose();
            Assert.Throws<ArgumentException>(() => batch.ToTokens(batch.LastTokenIndices));
        }
        batch.Dispose();
        batch.Dispose();
        Assert.Equal(before, Alive());

        // Without those of other tests that wait for their finalizers.
        static long Alive()
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
            return Tensor.TotalCount;
        }
    }

    /// <summary>What <c>EncodeToIds</c> of a tokenizer gives, and other lists, as they are.</summary>
    [Fact]
    public void Prompts_may_be_any_lists_that_can_be_read()
    {
        var layout = PackedLayout.Flat([2, 1]);
        IReadOnlyList<int>[] ids = [Letters.Plain().EncodeToIds("a b"), Letters.Plain().EncodeToIds("c")];
        using var ofTokenizer = PackedBatch.Create(layout, ids);
        Assert.Equal([5L, 6, 7], ofTokenizer.InputIds.Values<long>());
        using var ofLists = PackedBatch.Create(layout, new List<List<byte>> { new() { 5, 6 }, new() { 7 } });
        Assert.Equal([5L, 6, 7], ofLists.InputIds.Values<long>());
        int[][] arrays = [[5, 6], [7]];
        using var ofArrays = PackedBatch.Create(layout, arrays);
        Assert.Equal([5L, 6, 7], ofArrays.InputIds.Values<long>());
        using var ofOthers = PackedBatch.Create(layout, (IReadOnlyList<long>[])[new ArraySegment<long>([4, 5, 6], 1, 2), [7]]);
        Assert.Equal([5L, 6, 7], ofOthers.InputIds.Values<long>());
    }

    [Fact]
    public void Token_ids_above_the_range_of_long_are_refused_by_prompt_and_position()
    {
        var layout = PackedLayout.Flat([1, 2]);
        using var highest = PackedBatch.Create<ulong>(layout, (ulong[])[1, 2, long.MaxValue]);
        Assert.Equal([1L, 2, long.MaxValue], highest.InputIds.Values<long>());
        Named("tokens", () => PackedBatch.Create<ulong>(layout, (ulong[])[1, 2, 1UL << 63]));
        Named("tokens", () => PackedBatch.Create<UInt128>(layout, (UInt128[])[1, 2, UInt128.One << 64]));
        Named("tokens", () => PackedBatch.Create<Int128>(layout, (Int128[])[1, 2, -(Int128.One << 64)]));
        Named("prompts", () => PackedBatch.Create(layout, (ulong[][])[[1], [2, ulong.MaxValue]]));
        Named("prompts", () => PackedBatch.Create(layout, (int[][])[[1], [2, int.MinValue]]));

        static void Named(string name, Action call)
        {
            var thrown = Assert.Throws<ArgumentOutOfRangeException>(call);
            Assert.Equal(name, thrown.ParamName);
            Assert.Contains("Token 1 of prompt 1 is", thrown.Message, StringComparison.Ordinal);
        }
    }
}

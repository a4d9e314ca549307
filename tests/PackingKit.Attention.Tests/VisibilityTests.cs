using FsCheck.Xunit;
using PackingKit.Testing;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace PackingKit.Attention.Tests;

/// <summary>Who sees whom, held against the definition's mask for each prompt alone: results, gradients, masks and isolation.</summary>
[Properties(Arbitrary = [typeof(VisibilityCases)], MaxTest = 60)]
public class VisibilityTests
{
    [Property]
    public void Every_kernel_gives_what_each_prompt_gives_alone(VisibilityCase it)
    {
        if (it.Prompts.Lengths.Length == 0)
            return;
        using var scope = NewDisposeScope();
        using var batch = PackedBatch.Create(it.Prompts.Layout, it.Prompts.Prompts);
        var (q, k, v) = PackedAttentionTests.Inputs(it.Prompts.Layout.SlotCount, it.Shape);
        var expected = WithGradients(Alone);
        foreach (var kernel in PackedAttentionTests.Portable)
        {
            using var plan = PackedAttention.Plan(batch, it.Shape, kernel.Data, it.Visibility);
            foreach (var (one, other) in WithGradients((q, k, v) => batch.ToTokens(plan.Forward(q, k, v))).Zip(expected))
                Assert.True(one.allclose(other, rtol: 1e-10, atol: 1e-10), $"{kernel.Data}");
        }

        Tensor Alone(Tensor q, Tensor k, Tensor v)
        {
            var (qs, ks, vs) = (batch.Split(q), batch.Split(k), batch.Split(v));
            return cat([.. qs.Select((_, prompt) => it.Alone(prompt, qs[prompt], ks[prompt], vs[prompt], it.Shape))]);
        }

        Tensor[] WithGradients(Func<Tensor, Tensor, Tensor, Tensor> attend)
        {
            var inputs = ((Tensor[])[q, k, v]).Select(input => input.clone().requires_grad_()).ToArray();
            var attended = attend(inputs[0], inputs[1], inputs[2]);
            attended.square().sum().backward();
            return [attended.detach(), .. inputs.Select(input => input.grad!)];
        }
    }

    /// <summary>Long prompts are attended to with their neighbours, short ones with all of their length.</summary>
    [Fact]
    public void Prompts_of_one_length_are_found_apart_and_side_by_side()
    {
        using var scope = NewDisposeScope();
        int[] lengths = [70, 70, 3, 66, 3, 70, 65, 65, 3, 64, 70, 64];
        using var batch = PackedBatch.Create(PackedLayout.Flat(lengths), lengths.Select(length => new int[length]).ToArray());
        var shape = new AttentionShape(2, 1, 4, ScalarType.Float64);
        var (q, k, v) = PackedAttentionTests.Inputs(lengths.Sum(), shape);
        foreach (var visibility in (Visibility[])[Visibility.Causal, Visibility.Bidirectional])
        {
            var results = Array.ConvertAll([.. PackedAttentionTests.Portable], kernel =>
            {
                using var plan = PackedAttention.Plan(batch, shape, kernel.Data, visibility);
                return plan.Forward(q, k, v);
            });
            Assert.All(results, result => Assert.True(result.allclose(results[1], rtol: 1e-12, atol: 1e-12), $"{visibility}"));
        }
    }

    [Property]
    public void A_mask_opens_what_is_seen_and_nothing_else(VisibilityCase it)
    {
        using var scope = NewDisposeScope();
        var (layout, slots) = (it.Prompts.Layout, it.Prompts.NaiveSlots());
        using var batch = PackedBatch.Create(layout, it.Prompts.Prompts);
        var mask = batch.CreateMask(ScalarType.Bool, it.Visibility, it.Window);
        Assert.Equal([layout.RowCount, 1, layout.RowWidth, layout.RowWidth], mask.shape);
        var open = mask.Values<bool>();
        var onHost = new bool[layout.RowWidth * layout.RowWidth];
        for (var row = 0; row < layout.RowCount; row++)
        {
            Array.Fill(onHost, true);
            layout.CopyMask(row, onHost, it.Visibility, it.Window);
            Assert.Equal(open.Skip(row * onHost.Length).Take(onHost.Length), onHost);
        }
        for (var row = 0; row < layout.RowCount; row++)
            for (var i = 0; i < layout.RowWidth; i++)
                for (var j = 0; j < layout.RowWidth; j++)
                {
                    var (query, key) = (slots[row * layout.RowWidth + i], slots[row * layout.RowWidth + j]);
                    var expected = query is not { } q ? i == j
                        : key is { } k && q.Prompt == k.Prompt && it.Sees(q.Prompt, q.Position, k.Position);
                    Assert.Equal(expected, open[(row * layout.RowWidth + i) * layout.RowWidth + j]);
                }
    }

    [Property]
    public void Nan_in_one_prompt_changes_no_bit_of_another(VisibilityCase it)
    {
        if (it.Prompts.Lengths.Length == 0)
            return;
        using var scope = NewDisposeScope();
        using var batch = PackedBatch.Create(it.Prompts.Layout, it.Prompts.Prompts);
        var (q, k, v) = PackedAttentionTests.Inputs(it.Prompts.Layout.SlotCount, it.Shape);
        var poisoned = it.Prompts.Lengths.Length / 2;
        foreach (var kernel in (AttentionKernel[])[AttentionKernel.Segment, AttentionKernel.Padded])
        {
            using var plan = PackedAttention.Plan(batch, it.Shape, kernel, it.Visibility);
            var before = batch.Split(plan.Forward(q, k, v));
            var inputs = ((Tensor[])[q, k, v]).Select(input => input.clone()).ToArray();
            foreach (var input in inputs)
                batch.Split(input)[poisoned].fill_(double.NaN);
            var after = batch.Split(plan.Forward(inputs[0], inputs[1], inputs[2]));
            for (var prompt = 0; prompt < before.Length; prompt++)
                Assert.True(prompt == poisoned || Tensors.SameBits(before[prompt], after[prompt]), $"{kernel}, prompt {prompt}");
        }
    }

    /// <summary>Tokens that see what comes after them can be cached at once, and what is decoded over them is causal.</summary>
    [Property]
    public void A_cache_takes_spans_that_come_at_once(VisibilityCase it)
    {
        var lengths = it.Prompts.Lengths;
        if (lengths.Length == 0 || it.IsBidirectional)
            return;
        using var scope = NewDisposeScope();
        using var batch = PackedBatch.Create(it.Prompts.Layout, it.Prompts.Prompts);
        using var cache = new PackedKVCache(1, 2, 4, Array.ConvertAll(lengths, length => length + 1), ScalarType.Float64);
        var (q, k, v) = PackedAttentionTests.Inputs(it.Prompts.Layout.SlotCount, it.Shape);
        using (var step = cache.Append(batch))
        {
            step.Write(0, k, v);
            foreach (var kernel in PackedAttentionTests.Portable)
            {
                using var plan = PackedAttention.Plan(step, it.Shape, kernel.Data, it.Visibility);
                using var direct = PackedAttention.Plan(batch, it.Shape, kernel.Data, it.Visibility);
                var attended = plan.Forward(q, cache.Keys(0), cache.Values(0));
                Assert.True(attended.allclose(direct.Forward(q, k, v), rtol: 1e-11, atol: 1e-11), $"{kernel.Data}");
            }
        }
    }

    [Fact]
    public void What_tokens_cannot_see_is_refused()
    {
        using var scope = NewDisposeScope();
        using var batch = PackedBatch.Create(PackedLayout.Flat([4, 2]), [[1, 2, 3, 4], [5, 6]]);
        var shape = new AttentionShape(1, 1, 4, ScalarType.Float32);
        void Plan(Visibility visibility) => PackedAttention.Plan(batch, shape, visibility: visibility).Dispose();
        Assert.Contains("spans for 1 prompts, but the batch has 2", Assert.Throws<ArgumentException>(
            () => Plan(Visibility.Prefix(3))).Message, StringComparison.Ordinal);
        Assert.Contains("Span 0 of prompt 1, 0..3, does not lie between token 0 and its end, 2",
            Assert.Throws<ArgumentOutOfRangeException>(() => Plan(Visibility.Prefix(3, 3))).Message, StringComparison.Ordinal);
        Assert.Contains("Span 1 of prompt 0, 1..3, does not lie between token 2",
            Assert.Throws<ArgumentOutOfRangeException>(() => Plan(Visibility.Spans([[0..2, 1..3], []]))).Message, StringComparison.Ordinal);
        Assert.Contains("The prefix of prompt 1 has -1 tokens", Assert.Throws<ArgumentOutOfRangeException>(
            () => Visibility.Prefix(1, -1)).Message, StringComparison.Ordinal);
        Refused.Null("spans", () => Visibility.Spans(null!));
        Assert.Throws<ArgumentNullException>(() => Visibility.Spans([[], null!]));
        Assert.Throws<ArgumentOutOfRangeException>(() => batch.CreateMask(window: 0));

        using var cache = new PackedKVCache(1, 1, 4, [6, 2], ScalarType.Float32);
        cache.Append(batch).Dispose();
        using var more = PackedBatch.Create(PackedLayout.Flat([2]).WithPast([4]), [[7, 8]]);
        using var step = cache.Append(more, [0]);
        void Continue(Visibility visibility) => PackedAttention.Plan(step, shape, visibility: visibility).Dispose();
        Assert.Contains("goes on from earlier tokens", Assert.Throws<NotSupportedException>(
            () => Continue(Visibility.Bidirectional)).Message, StringComparison.Ordinal);
        Assert.Contains("3..5 of prompt 0 goes on from its 4 earlier tokens", Assert.Throws<NotSupportedException>(
            () => Continue(Visibility.Spans([[3..5]]))).Message, StringComparison.Ordinal);
        Continue(Visibility.Spans([[1..3, 4..]]));
    }

    [Fact]
    public void Over_a_forest_spans_lie_in_one_node_and_nothing_is_bidirectional()
    {
        using var scope = NewDisposeScope();
        using var batch = new ForestCase([3, 2, 1], [-1, 0, 0]).Batch();
        var shape = new AttentionShape(1, 1, 4, ScalarType.Float32);
        foreach (var plan in (Action<Visibility>[])[
            visibility => PackedAttention.Plan(batch, shape, visibility: visibility).Dispose(),
            visibility => batch.CreateMask(visibility: visibility).Dispose()])
        {
            Refuses(Visibility.Bidirectional, "The layout is a forest");
            Refuses(Visibility.Prefix(0, 3, 0), "The span 0..3 of node 1 begins in the 3 tokens before it");
            Refuses(Visibility.Prefix(0, 5, 0), "The span 0..5 of node 1 begins in the 3 tokens before it");
            Refuses(Visibility.Spans([[], [], [1..2]]), "The span 1..2 of node 2");
            plan(Visibility.Spans([[0..3], [0..0, 3..5], []]));

            void Refuses(Visibility visibility, string message) => Assert.Contains(
                message, Assert.Throws<NotSupportedException>(() => plan(visibility)).Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_mask_on_the_host_wants_its_size_and_a_row_that_is_there()
    {
        var layout = PackedLayout.Flat([2, 1]);
        Assert.Contains("A mask of 3 by 3 has not 8 entries", Assert.Throws<ArgumentException>(
            () => layout.CopyMask(0, new bool[8])).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => layout.CopyMask(1, new bool[9]));
        Assert.Throws<ArgumentOutOfRangeException>(() => layout.CopyMask(0, new bool[9], window: 0));
        Assert.Throws<NotSupportedException>(() => layout.WithPast([1, 0]).CopyMask(0, new bool[9]));
    }

    [Fact]
    public void A_prefix_is_a_span_and_a_whole_prompt_may_be_one()
    {
        Assert.Equal(["causal", "bidirectional", "causal with spans"], ((Visibility[])
            [Visibility.Causal, Visibility.Bidirectional, Visibility.Prefix(1)]).Select(visibility => visibility.ToString()));
        using var scope = NewDisposeScope();
        using var batch = PackedBatch.Create(PackedLayout.Flat([3]), [[1, 2, 3]]);
        Assert.True(Tensors.SameBits(
            batch.CreateMask(visibility: Visibility.Bidirectional), batch.CreateMask(visibility: Visibility.Spans([[0..]]))));
        Assert.True(Tensors.SameBits(
            batch.CreateMask(visibility: Visibility.Prefix(2)), batch.CreateMask(visibility: Visibility.Spans([[0..^1]]))));
    }
}

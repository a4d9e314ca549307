using FsCheck.Xunit;
using PackingKit.Testing;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace PackingKit.Attention.Tests;

/// <summary>Prompts that share their beginnings, each token laid out once: every path from the root is as if it stood alone.</summary>
[Properties(Arbitrary = [typeof(ForestCases)], MaxTest = 60)]
public class ForestAttentionTests
{
    [Property]
    public void Positions_go_on_from_the_parent(ForestCase it)
    {
        var layout = it.Layout;
        for (var node = 0; node < layout.PromptCount; node++)
        {
            var (segment, past) = (layout.SegmentOf(node), it.Path(node).SkipLast(1).Sum(ancestor => it.Lengths[ancestor]));
            Assert.Equal(past, layout.PastLengths[node]);
            for (var i = 0; i < segment.Length; i++)
                Assert.Equal(past + i, layout.PositionIds[segment.Start + i]);
        }
    }

    [Property]
    public void Every_kernel_gives_each_node_what_its_path_gives_alone(ForestCase it)
    {
        using var scope = NewDisposeScope();
        using var batch = it.Batch();
        AttentionShape[] shapes =
        [
            new(2, 2, 4, ScalarType.Float64), new(4, 2, 8, ScalarType.Float64) { Scale = 0.3 },
            new(4, 1, 4, ScalarType.Float64) { Window = 3 },
        ];
        foreach (var shape in shapes)
        {
            var (q, k, v) = Inputs(batch, shape);
            foreach (var kernel in PackedAttentionTests.Portable)
            {
                using var plan = PackedAttention.Plan(batch, shape, kernel.Data);
                var packed = batch.Split(plan.Forward(q, k, v));
                for (var node = 0; node < packed.Length; node++)
                    Assert.True(
                        packed[node].allclose(Alone(it, batch, node, q, k, v, shape), rtol: 1e-11, atol: 1e-11),
                        $"{kernel.Data} {shape} node {node}");
            }
        }
    }

    [Property]
    public void The_mask_opens_the_path_alone(ForestCase it)
    {
        using var scope = NewDisposeScope();
        using var batch = it.Batch();
        var (layout, mask) = (it.Layout, batch.CreateMask().Values<bool>());
        foreach (var query in layout.Segments)
        {
            var path = it.Path(query.Prompt);
            foreach (var key in layout.Segments)
                for (var i = query.Start; i < query.End; i++)
                    for (var j = key.Start; j < key.End; j++)
                        Assert.Equal(path.Contains(key.Prompt) && j <= i, mask[i * layout.SlotCount + j]);
        }
    }

    [Property]
    public void Nan_reaches_the_nodes_below_and_no_other_bit(ForestCase it)
    {
        if (it.Lengths.Length == 0)
            return;
        using var scope = NewDisposeScope();
        using var batch = it.Batch();
        var shape = new AttentionShape(2, 1, 4, ScalarType.Float32);
        var (q, k, v) = Inputs(batch, shape);
        var poisoned = it.Lengths.Length / 2;
        foreach (var kernel in (AttentionKernel[])[AttentionKernel.Segment, AttentionKernel.Padded])
        {
            using var plan = PackedAttention.Plan(batch, shape, kernel);
            var before = batch.Split(plan.Forward(q, k, v));
            var inputs = ((Tensor[])[q, k, v]).Select(input => input.clone()).ToArray();
            foreach (var input in inputs)
                batch.Split(input)[poisoned].fill_(float.NaN);
            var after = batch.Split(plan.Forward(inputs[0], inputs[1], inputs[2]));
            for (var node = 0; node < before.Length; node++)
                Assert.True(it.Path(node).Contains(poisoned)
                    ? after[node].isnan().all().item<bool>()
                    : Tensors.SameBits(before[node], after[node]));
        }
    }

    [Property]
    public void Keys_without_weight_give_nothing(ForestCase it, int seed)
    {
        manual_seed(seed);
        using var scope = NewDisposeScope();
        using var batch = it.Batch();
        foreach (var dtype in (ScalarType[])[ScalarType.Float64, ScalarType.Float32, ScalarType.BFloat16, ScalarType.Float16])
            foreach (var closes in (double[])[double.NegativeInfinity, dtype == ScalarType.Float32 ? -3e38 : double.NegativeInfinity])
            {
                var shape = new AttentionShape(4, 2, 4, dtype);
                var (q, k, v) = Inputs(batch, shape);
                q = q.abs().add(2); // so that all scores of a closed key are minus infinity
                foreach (var part in batch.Split(k))
                    if (rand(1).item<float>() < 0.6)
                        part.masked_fill_(rand(part.shape[0], 1, 1).lt(0.8), closes);
                using var plan = PackedAttention.Plan(batch, shape);
                var packed = batch.Split(plan.Forward(q, k, v).to(ScalarType.Float64));
                var (wideK, wide) = (k.to(ScalarType.Float64), new AttentionShape(4, 2, 4, ScalarType.Float64));
                wideK.masked_fill_(wideK.lt(-1e30), double.NegativeInfinity);
                for (var node = 0; node < packed.Length; node++)
                {
                    // A token that sees none gets 0, as of scaled_dot_product_attention; the softmax written out says NaN.
                    var alone = Alone(it, batch, node, q.to(ScalarType.Float64), wideK, v.to(ScalarType.Float64), wide).nan_to_num(nan: 0);
                    var allowed = dtype switch { ScalarType.Float64 => 1e-11, ScalarType.Float32 => 1e-5, _ => 0.05 };
                    Assert.True(packed[node].allclose(alone, rtol: allowed, atol: allowed), $"{dtype}, node {node}");
                }
            }
    }

    [Theory]
    [InlineData(ScalarType.Float64)]
    [InlineData(ScalarType.Float32)]
    [InlineData(ScalarType.BFloat16)]
    [InlineData(ScalarType.Float16)]
    public void Infinite_values_stay_infinite_below_and_zeros_that_count_count(ScalarType dtype)
    {
        using var scope = NewDisposeScope();
        var it = new ForestCase([1, 3, 2, 1], [-1, 0, 1, 0]);
        using var batch = it.Batch();
        var shape = new AttentionShape(1, 1, 1, dtype);
        using var plan = PackedAttention.Plan(batch, shape);
        Assert.Contains("read once for all that see them", plan.Reason, StringComparison.Ordinal);
        var (q, k, v) = (zeros(7, 1, 1, dtype), zeros(7, 1, 1, dtype), zeros(7, 1, 1, dtype));
        v[6] = 3; // beside the root's key, of score 0 and value 0
        Assert.Equal(1.5, plan.Forward(q, k, v).to(ScalarType.Float64)[6].item<double>(), 1e-6);
        foreach (var infinity in (double[])[double.PositiveInfinity, double.NegativeInfinity])
        {
            v[0] = infinity;
            Assert.All(plan.Forward(q, k, v).to(ScalarType.Float64).Values<double>()[1..], value => Assert.Equal(infinity, value));
        }
    }

    [Property]
    public void Single_prompts_give_the_bits_of_a_flat_layout(LayoutCase it)
    {
        using var scope = NewDisposeScope();
        var roots = new int[it.Lengths.Length];
        Array.Fill(roots, -1);
        using var forest = PackedBatch.Create(new ForestCase(it.Lengths, roots).Layout, it.Prompts);
        using var flat = PackedBatch.Create(PackedLayout.Flat(it.Lengths), it.Prompts);
        var shape = new AttentionShape(4, 2, 4, ScalarType.Float32);
        var (q, k, v) = Inputs(flat, shape);
        foreach (var kernel in (AttentionKernel[])[AttentionKernel.Segment, AttentionKernel.Padded])
        {
            using var one = PackedAttention.Plan(forest, shape, kernel);
            using var other = PackedAttention.Plan(flat, shape, kernel);
            Assert.True(Tensors.SameBits(one.Forward(q, k, v), other.Forward(q, k, v)));
        }
    }

    [Property]
    public void Gradients_add_up_where_tokens_are_shared(ForestCase it)
    {
        if (it.Lengths.Length == 0)
            return;
        using var scope = NewDisposeScope();
        using var batch = it.Batch();
        var shape = new AttentionShape(2, 1, 4, ScalarType.Float64);
        var (q, k, v) = Inputs(batch, shape);
        var expected = Gradients((q, k, v) => cat([.. Enumerable.Range(0, it.Lengths.Length)
            .Select(node => Alone(it, batch, node, q, k, v, shape))]));
        foreach (var kernel in PackedAttentionTests.Portable)
        {
            using var plan = PackedAttention.Plan(batch, shape, kernel.Data);
            foreach (var (one, other) in Gradients(plan.Forward).Zip(expected))
                Assert.True(one.allclose(other, rtol: 1e-10, atol: 1e-10), kernel.ToString());
        }

        Tensor[] Gradients(Func<Tensor, Tensor, Tensor, Tensor> attend)
        {
            var inputs = ((Tensor[])[q, k, v]).Select(input => input.clone().requires_grad_(true)).ToArray();
            attend(inputs[0], inputs[1], inputs[2]).square().sum().backward();
            return [.. inputs.Select(input => input.grad!)];
        }
    }

    /// <summary>Long enough that the CPU's kernel takes queries and keys in several blocks.</summary>
    private static readonly ForestCase LongCase = new([700, 90, 130, 33, 5, 40, 300, 1], [-1, 0, 0, 2, 2, 0, -1, 6]);

    [Theory]
    [InlineData(ScalarType.Float32, 8)]
    [InlineData(ScalarType.Float32, 2)]
    [InlineData(ScalarType.BFloat16, 4)]
    [InlineData(ScalarType.Float16, 4)]
    public void Long_ranges_stay_within_twice_the_error_that_the_type_has_alone(ScalarType dtype, int keyValueHeads)
    {
        manual_seed(1);
        using var scope = NewDisposeScope();
        using var batch = LongCase.Batch();
        var shape = new AttentionShape(8, keyValueHeads, 32, dtype);
        var (q, k, v) = Inputs(batch, shape);
        using var plan = PackedAttention.Plan(batch, shape);
        Assert.Contains("read once for all that see them", plan.Reason, StringComparison.Ordinal);
        var packed = batch.Split(plan.Forward(q, k, v).to(ScalarType.Float64));
        var wide = new AttentionShape(8, keyValueHeads, 32, ScalarType.Float64);
        for (var node = 0; node < packed.Length; node++)
        {
            var exact = Alone(
                LongCase, batch, node, q.to(ScalarType.Float64), k.to(ScalarType.Float64), v.to(ScalarType.Float64), wide);
            var alone = Alone(LongCase, batch, node, q, k, v, shape).to(ScalarType.Float64);
            var (error, allowed) = (Largest(packed[node] - exact), Largest(alone - exact));
            var rounding = dtype switch { ScalarType.Float32 => 6e-8, ScalarType.Float16 => 4.9e-4, _ => 3.9e-3 };
            Assert.True(error <= 2 * allowed + 8 * rounding * Largest(exact), $"{dtype}, node {node}: {error} against {allowed}");
        }

        static double Largest(Tensor tensor) => tensor.abs().max().item<double>();
    }

    [Fact]
    public void Nan_in_a_long_leaf_reaches_no_other_bit_and_no_tensor_is_left_behind()
    {
        using var scope = NewDisposeScope();
        using var batch = LongCase.Batch();
        var shape = new AttentionShape(4, 2, 32, ScalarType.Float32);
        var (q, k, v) = Inputs(batch, shape);
        var tensors = LiveTensors.CountBefore();
        using (var plan = PackedAttention.Plan(batch, shape))
        using (var inner = NewDisposeScope())
        {
            var before = batch.Split(plan.Forward(q, k, v));
            foreach (var leaf in (int[])[1, 3, 4, 5, 7])
            {
                var inputs = ((Tensor[])[q, k, v]).Select(input => input.clone()).ToArray();
                foreach (var input in inputs)
                    batch.Split(input)[leaf].fill_(float.NaN);
                var after = batch.Split(plan.Forward(inputs[0], inputs[1], inputs[2]));
                for (var node = 0; node < before.Length; node++)
                    Assert.True(node == leaf ? after[node].isnan().all().item<bool>() : Tensors.SameBits(before[node], after[node]));
            }
        }
        Assert.Equal(tensors, Tensor.TotalCount);
    }

    [Fact]
    public void A_forest_has_its_positions()
    {
        Refused.Null("forest", () => PackedLayout.FromForest(null!));
        var forest = new ForestCase([1, 2], [-1, 0]).Layout;
        Assert.Throws<InvalidOperationException>(() => forest.WithPast([0, 0]));
    }

    private static (Tensor Q, Tensor K, Tensor V) Inputs(PackedBatch batch, AttentionShape shape) => (
        randn(batch.Layout.SlotCount, shape.Heads, shape.HeadSize, dtype: shape.Dtype),
        randn(batch.Layout.SlotCount, shape.KeyValueHeads, shape.HeadSize, dtype: shape.Dtype),
        randn(batch.Layout.SlotCount, shape.KeyValueHeads, shape.HeadSize, dtype: shape.Dtype));

    /// <summary>A node's attention written out: its path's keys side by side, one softmax for each of its tokens.</summary>
    internal static Tensor Alone(ForestCase it, PackedBatch batch, int node, Tensor q, Tensor k, Tensor v, AttentionShape shape)
    {
        var layout = batch.Layout;
        var segment = layout.SegmentOf(node);
        var (query, key, value) = (q.narrow(0, segment.Start, segment.Length), OfPath(k), OfPath(v));
        var (past, total) = (key.shape[0] - segment.Length, key.shape[0]);
        var scores = einsum("qhd,khd->hqk", query, key).mul(shape.Scale);
        var (last, columns) = (arange(past, total).view(-1, 1), arange(total).view(1, -1));
        var closed = columns.gt(last);
        if (shape.Window is { } window)
            closed = closed.logical_or(columns.le(last.sub(window)));
        return einsum("hqk,khd->qhd", scores.masked_fill(closed, double.NegativeInfinity).softmax(-1), value);

        Tensor OfPath(Tensor slots) =>
            cat([.. it.Path(node).Select(layout.SegmentOf).Select(own => slots.narrow(0, own.Start, own.Length))])
            .repeat_interleave(shape.GroupSize, 1);
    }
}

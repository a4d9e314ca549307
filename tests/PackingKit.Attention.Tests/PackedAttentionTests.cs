using FsCheck.Xunit;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace PackingKit.Attention.Tests;

[Properties(Arbitrary = [typeof(LayoutCases)], MaxTest = 40)]
public class PackedAttentionTests
{
    /// <summary>The kernels that run without CUDA.</summary>
    public static TheoryData<AttentionKernel> Portable => [AttentionKernel.Segment, AttentionKernel.Dense, AttentionKernel.Padded];

    [Property]
    public void Every_kernel_gives_what_each_prompt_gives_alone(LayoutCase it)
    {
        using var scope = NewDisposeScope();
        using var batch = PackedBatch.Create(it.Layout, it.Prompts);
        foreach (var shape in Shapes())
        {
            var (q, k, v) = Inputs(it.Layout.SlotCount, shape);
            var expected = Oracle(batch, q, k, v, shape);
            foreach (var kernel in Portable)
            {
                using var plan = PackedAttention.Plan(batch, shape, kernel.Data);
                Assert.Equal(kernel.Data, plan.Kernel);
                var tokens = batch.ToTokens(plan.Forward(q, k, v));
                Assert.True(tokens.allclose(expected, rtol: 1e-11, atol: 1e-11), $"{kernel.Data} {shape}");
            }
        }
    }

    [Property]
    public void Queries_and_keys_are_rotated_on_the_way_if_asked(LayoutCase it)
    {
        using var scope = NewDisposeScope();
        using var batch = PackedBatch.Create(it.Layout, it.Prompts);
        using var rotary = new RotaryEmbedding(headSize: 4, maxPositions: 64);
        var shape = new AttentionShape(4, 2, 4, ScalarType.Float64);
        var (q, k, v) = Inputs(it.Layout.SlotCount, shape);
        var (rotatedQ, rotatedK) = (q.clone(), k.clone());
        rotary.Apply(rotatedQ, rotatedK, batch);
        foreach (var kernel in Portable)
        {
            using var plan = PackedAttention.Plan(batch, shape, kernel.Data);
            var (givenQ, givenK) = (q.clone(), k.clone());
            Assert.True(Tensors.SameBits(plan.Forward(rotatedQ, rotatedK, v), plan.Forward(givenQ, givenK, v, rotary)));
            Assert.True(Tensors.SameBits(rotatedK, givenK));
        }
    }

    [Property]
    public void Slices_of_one_fused_product_need_no_copy(LayoutCase it)
    {
        using var scope = NewDisposeScope();
        using var batch = PackedBatch.Create(it.Layout, it.Prompts);
        var shape = new AttentionShape(4, 2, 4, ScalarType.Float64);
        var fused = randn(it.Layout.SlotCount, 8, 4, dtype: ScalarType.Float64);
        var (q, k, v) = (fused.narrow(1, 0, 4), fused.narrow(1, 4, 2), fused.narrow(1, 6, 2));
        foreach (var kernel in Portable)
        {
            using var plan = PackedAttention.Plan(batch, shape, kernel.Data);
            Assert.True(Tensors.SameBits(plan.Forward(q.contiguous(), k.contiguous(), v.contiguous()), plan.Forward(q, k, v)));
        }
    }

    [Property]
    public void Nan_in_one_prompt_or_in_padding_leaves_every_other_as_it_was_to_the_bit(LayoutCase it)
    {
        if (it.Lengths.Length == 0)
            return;
        using var scope = NewDisposeScope();
        using var batch = PackedBatch.Create(it.Layout, it.Prompts);
        var shape = new AttentionShape(2, 1, 4, ScalarType.Float32);
        var (q, k, v) = Inputs(it.Layout.SlotCount, shape);
        var poisoned = it.Lengths.Length / 2;
        foreach (var kernel in (AttentionKernel[])[AttentionKernel.Segment, AttentionKernel.Padded])
        {
            using var plan = PackedAttention.Plan(batch, shape, kernel);
            var before = batch.Split(plan.Forward(q, k, v));
            var inputs = ((Tensor[])[q, k, v]).Select(input => input.clone()).ToArray();
            foreach (var input in inputs)
            {
                batch.Split(input)[poisoned].fill_(float.NaN);
                input.index_put_(float.NaN, batch.SegmentIds.flatten().eq(0)); // padding
            }
            var after = batch.Split(plan.Forward(inputs[0], inputs[1], inputs[2]));
            for (var prompt = 0; prompt < before.Length; prompt++)
                Assert.True(prompt == poisoned || Tensors.SameBits(before[prompt], after[prompt]), $"{kernel}, prompt {prompt}");
            Assert.True(after[poisoned].isnan().all().item<bool>());
        }
    }

    [Theory]
    [MemberData(nameof(Portable))]
    public void Odd_lengths_stay_within_twice_the_error_that_float32_has_alone(AttentionKernel kernel)
    {
        using var scope = NewDisposeScope();
        int[] lengths = [1, 2, 3, 7, 8, 9, 63, 64, 65, 127, 128, 129, 97];
        using var batch = PackedBatch.Create(
            PackedLayout.Flat(lengths, PromptOrder.LongestFirst), lengths.Select(length => new int[length]).ToArray());
        var shape = new AttentionShape(4, 2, 16, ScalarType.Float32);
        var (q, k, v) = Inputs(batch.Layout.SlotCount, shape);
        using var plan = PackedAttention.Plan(batch, shape, kernel);
        var packed = batch.ToTokens(plan.Forward(q, k, v)).to(ScalarType.Float64);
        var exact = Oracle(batch, q.to(ScalarType.Float64), k.to(ScalarType.Float64), v.to(ScalarType.Float64), shape);
        var alone = Oracle(batch, q, k, v, shape).to(ScalarType.Float64);
        var (error, allowed) = ((packed - exact).abs().max().item<double>(), (alone - exact).abs().max().item<double>());
        Assert.True(error <= 2 * allowed + 1e-6, $"{error} against {allowed}");
    }

    [Theory]
    [MemberData(nameof(Portable))]
    public void Packing_differently_changes_no_result(AttentionKernel kernel)
    {
        using var scope = NewDisposeScope();
        int[] lengths = [5, 1, 9, 5, 3, 17];
        var prompts = lengths.Select(length => new int[length]).ToArray();
        var shape = new AttentionShape(2, 2, 8, ScalarType.Float64);
        var (q, k, v) = Inputs(lengths.Sum(), shape); // in token order
        Tensor? first = null;
        PackedLayout[] layouts =
        [
            PackedLayout.Flat(lengths), PackedLayout.Flat(lengths, PromptOrder.LongestFirst), PackedLayout.Flat(lengths, alignment: 8),
            PackedLayout.FromPacking(Packing.FromAssignment([0, 1, 1, 0, 2, 3], 4), lengths),
            PackedLayout.FromPacking(Packing.FromAssignment([3, 2, 1, 3, 0, 1], 4), lengths, alignment: 4),
        ];
        foreach (var layout in layouts)
        {
            using var batch = PackedBatch.Create(layout, prompts);
            using var plan = PackedAttention.Plan(batch, shape, kernel);
            var tokens = batch.ToTokens(plan.Forward(Packed(q), Packed(k), Packed(v)));
            Assert.True(tokens.allclose(first ??= tokens, rtol: 1e-12, atol: 1e-12));
            Tensor Packed(Tensor t) => batch.FromTokens(t);
        }
    }

    [Property]
    public void Padding_is_zero_and_takes_no_part_in_a_loss(LayoutCase it)
    {
        using var scope = NewDisposeScope();
        var layout = PackedLayout.FromPacking(it.Packing, it.Lengths, it.Layout.RowWidth + 1);
        using var batch = PackedBatch.Create(layout, it.Prompts);
        using var cache = new PackedKVCache(1, 2, 4, Array.ConvertAll(it.Lengths, length => length + 1), ScalarType.Float64);
        using var step = cache.Append(batch);
        cache.Keys(0).fill_(double.NaN);
        var padding = batch.SegmentIds.flatten().eq(0);
        foreach (var shape in (AttentionShape[])[new(4, 2, 4, ScalarType.Float64), new(2, 2, 4, ScalarType.Float64) { Window = 3 }])
        {
            var (q, k, v) = Inputs(layout.SlotCount, shape);
            step.Write(0, k, v);
            foreach (var kernel in Portable)
            {
                using var plan = PackedAttention.Plan(batch, shape, kernel.Data);
                Assert.True(plan.Forward(q, k, v).index(padding).eq(0).all().item<bool>(), $"{kernel.Data}");
                using var cached = PackedAttention.Plan(step, shape, kernel.Data);
                var (overAll, overTokens) = (Gradients(plan, q, k, v, all: true), Gradients(plan, q, k, v, all: false));
                overAll = [.. overAll, .. Gradients(cached, q, cache.Keys(0), cache.Values(0), all: true)];
                overTokens = [.. overTokens, .. Gradients(cached, q, cache.Keys(0), cache.Values(0), all: false)];
                for (var i = 0; i < overAll.Length; i++)
                    Assert.True(overAll[i].equal(overTokens[i]).all().item<bool>(), $"{kernel.Data}, gradient {i}");
                foreach (var gradient in overAll.Take(4))
                    Assert.True(gradient.index(padding).eq(0).all().item<bool>(), $"{kernel.Data}");
            }
        }

        Tensor[] Gradients(PackedAttention plan, Tensor q, Tensor k, Tensor v, bool all)
        {
            var inputs = ((Tensor[])[q, k, v]).Select(input => input.detach().clone().requires_grad_()).ToArray();
            var attended = plan.Forward(inputs[0], inputs[1], inputs[2]);
            (all ? attended : batch.ToTokens(attended)).square().sum().backward();
            return [.. inputs.Select(input => input.grad ?? zeros_like(input))];
        }
    }

    /// <summary>A prompt of one token is its own value: in a sum over all slots the value counts once.</summary>
    [Theory]
    [MemberData(nameof(Portable))]
    public void A_loss_over_all_slots_counts_the_first_token_once(AttentionKernel kernel)
    {
        using var scope = NewDisposeScope();
        var layout = PackedLayout.FromPacking(Packing.FromAssignment([0, 1], 2), [1, 2]);
        using var batch = PackedBatch.Create(layout, [[1], [2, 3]]);
        var shape = new AttentionShape(1, 1, 2, ScalarType.Float64);
        var (q, k, v) = Inputs(4, shape);
        v.requires_grad_();
        using var plan = PackedAttention.Plan(batch, shape, kernel);
        plan.Forward(q, k, v).sum().backward();
        Assert.Equal([1.0, 1.0, 0.0, 0.0], v.grad!.narrow(0, 0, 2).flatten().Values<double>());
    }

    [Theory]
    [MemberData(nameof(Portable))]
    public void Rows_without_any_prompt_are_zero(AttentionKernel kernel)
    {
        using var scope = NewDisposeScope();
        var layout = PackedLayout.FromPacking(Packing.FromAssignment([], 2), [], width: 3);
        using var batch = PackedBatch.Create<int>(layout, Array.Empty<int>());
        var shape = new AttentionShape(2, 1, 4, ScalarType.Float32);
        var (q, k, v) = Inputs(6, shape);
        using var plan = PackedAttention.Plan(batch, shape, kernel);
        Assert.True(Tensors.SameBits(zeros_like(q), plan.Forward(q, k, v)));
    }

    [Fact]
    public void The_choice_says_its_reason_and_can_be_forced()
    {
        using var batch = PackedBatch.Create(PackedLayout.Flat([2, 1]), [[1, 2], [3]]);
        var shape = new AttentionShape(2, 1, 4, ScalarType.Float32);
        using var automatic = PackedAttention.Plan(batch, shape);
        Assert.Equal(AttentionKernel.Segment, automatic.Kernel);
        Assert.Contains("no variable-length kernel for the device CPU", automatic.Reason, StringComparison.Ordinal);
        using var forced = PackedAttention.Plan(batch, shape, AttentionKernel.Dense);
        Assert.Equal((AttentionKernel.Dense, "asked for"), (forced.Kernel, forced.Reason));
        var thrown = Assert.Throws<NotSupportedException>(() => PackedAttention.Plan(batch, shape, AttentionKernel.Varlen));
        Assert.Contains("no variable-length kernel", thrown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Tensors_other_than_planned_are_refused()
    {
        using var scope = NewDisposeScope();
        using var batch = PackedBatch.Create(PackedLayout.Flat([2, 1]), [[1, 2], [3]]);
        using var plan = PackedAttention.Plan(batch, new AttentionShape(2, 1, 4, ScalarType.Float32));
        var (q, k, v) = (zeros(3, 2, 4), zeros(3, 1, 4), zeros(3, 1, 4));
        Assert.Equal([3, 2, 4], plan.Forward(q, k, k).shape);
        Assert.Contains(
            "Expected [3, 1, 4] of Float32 on cpu, not [3, 2, 4] of Float32 on cpu",
            Assert.Throws<ArgumentException>(() => plan.Forward(q, q, k)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => plan.Forward(q, k, k.to(ScalarType.Float64)));
        Assert.Throws<ArgumentException>(() => plan.Forward(q, k, zeros(3, 1, 8).slice(2, 0, 8, 2)));

        using var rotary = new RotaryEmbedding(headSize: 4, maxPositions: 2);
        using var large = new RotaryEmbedding(headSize: 8, maxPositions: 2);
        using var small = new RotaryEmbedding(headSize: 4, maxPositions: 1);
        Assert.Throws<ArgumentException>(() => plan.Forward(q, k, v, large));
        Assert.Throws<ArgumentOutOfRangeException>(() => plan.Forward(q, k, v, small));
        using var cache = new PackedKVCache(1, 1, 4, [2, 1], ScalarType.Float32);
        using var step = cache.Append(batch);
        using var cached = PackedAttention.Plan(step, plan.Shape);
        Assert.Contains(
            "cache", Assert.Throws<InvalidOperationException>(() => cached.Forward(q, k, k, rotary)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Shapes_that_make_no_sense_are_refused()
    {
        Assert.Throws<ArgumentException>(() => new AttentionShape(4, 3, 8, ScalarType.Float32));
        Assert.Throws<ArgumentException>(() => new AttentionShape(4, 2, 8, ScalarType.Int32));
        Assert.Throws<ArgumentOutOfRangeException>(() => new AttentionShape(0, 1, 8, ScalarType.Float32));
        Assert.Throws<ArgumentOutOfRangeException>(() => new AttentionShape(4, 2, 8, ScalarType.Float32) { Window = 0 });
    }

    [Theory]
    [MemberData(nameof(Portable))]
    public void No_tensor_is_left_behind_over_many_calls_and_plans(AttentionKernel kernel)
    {
        var shape = new AttentionShape(2, 1, 4, ScalarType.Float32) { Window = 3 };
        using var q = torch.randn(9, 2, 4);
        using var k = torch.randn(9, 1, 4);
        using var batch = PackedBatch.Create(PackedLayout.Flat([2, 3, 4]), [[1, 2], [3, 4, 5], [6, 7, 8, 9]]);
        _ = batch.SegmentIds; // made when first asked for, and the batch's
        var before = LiveTensors.CountBefore();
        for (var i = 0; i < 1000; i++)
        {
            using var plan = PackedAttention.Plan(batch, shape, kernel);
            plan.Forward(q, k, k).Dispose();
            Assert.Throws<ArgumentException>(() => plan.Forward(k, k, k));
        }
        Assert.Equal(before, Tensor.TotalCount);
    }

    [Fact]
    public void Rows_of_several_thousand_slots_give_what_each_prompt_gives_alone()
    {
        using var scope = NewDisposeScope();
        int[] lengths = [1300, 7, 900, 1, 1025, 1000];
        var layout = PackedLayout.FromPacking(
            new FirstFitDecreasing().Pack(PackingProblem.Create(lengths, 2400)).Packing, lengths, width: 2401);
        using var batch = PackedBatch.Create(layout, lengths.Select(length => new int[length]).ToArray());
        foreach (var shape in (AttentionShape[])[new(2, 1, 4, ScalarType.Float64), new(1, 1, 4, ScalarType.Float64) { Window = 700 }])
        {
            var (q, k, v) = Inputs(layout.SlotCount, shape);
            using var plan = PackedAttention.Plan(batch, shape, AttentionKernel.Dense);
            Assert.True(batch.ToTokens(plan.Forward(q, k, v)).allclose(Oracle(batch, q, k, v, shape), rtol: 1e-11, atol: 1e-11));
        }
    }

    private static IEnumerable<AttentionShape> Shapes() =>
    [
        new(2, 2, 4, ScalarType.Float64),
        new(4, 2, 4, ScalarType.Float64) { Scale = 0.3 },
        new(3, 1, 2, ScalarType.Float64) { Window = 3 },
    ];

    internal static (Tensor Q, Tensor K, Tensor V) Inputs(long slots, AttentionShape shape)
    {
        var generator = new Generator(17);
        Tensor Next(int heads) => randn([slots, heads, shape.HeadSize], shape.Dtype, generator: generator);
        return (Next(shape.Heads), Next(shape.KeyValueHeads), Next(shape.KeyValueHeads));
    }

    /// <summary>Each prompt alone, in token order.</summary>
    private static Tensor Oracle(PackedBatch batch, Tensor q, Tensor k, Tensor v, AttentionShape shape)
    {
        var (qs, ks, vs) = (batch.Split(q), batch.Split(k), batch.Split(v));
        var outputs = qs.Select((_, prompt) => Alone(qs[prompt], ks[prompt], vs[prompt], shape)).ToArray();
        return outputs.Length == 0 ? zeros([0, shape.Heads, shape.HeadSize], shape.Dtype) : cat(outputs);
    }

    /// <summary>Textbook attention of one prompt's last tokens to all of it: query [new, heads, dim], keys [all, KV heads, dim].</summary>
    internal static Tensor Alone(Tensor q, Tensor k, Tensor v, AttentionShape shape)
    {
        var (newTokens, all) = (q.shape[0], k.shape[0]);
        var outputs = new List<Tensor>();
        for (var head = 0; head < shape.Heads; head++)
        {
            var scores = q.select(1, head).matmul(k.select(1, head / shape.GroupSize).t()).mul(shape.Scale);
            var open = torch.ones([newTokens, all], ScalarType.Bool).tril(all - newTokens);
            if (shape.Window is { } window)
                open = open.logical_and(torch.ones([newTokens, all], ScalarType.Bool).triu(all - newTokens - window + 1));
            outputs.Add(scores.masked_fill(open.logical_not(), double.NegativeInfinity).softmax(-1).matmul(
                v.select(1, head / shape.GroupSize)));
        }
        return stack(outputs, 1);
    }
}

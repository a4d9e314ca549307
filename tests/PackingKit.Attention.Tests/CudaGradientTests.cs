using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace PackingKit.Attention.Tests;

/// <summary>
/// Gradients of every kernel on a CUDA device, and who sees whom there: held against each prompt alone, on the CPU, in float64 and in the
/// type itself. Every fact skips visibly where there is no such device.
/// </summary>
public class CudaGradientTests
{
    private static readonly int[] Lengths = [1, 2, 7, 64, 65, 129, 200];
    private static readonly int[] Rows = [0, 1, 0, 1, 0, 0, 1];

    public static TheoryData<ScalarType, int> Cases
    {
        get
        {
            var data = new TheoryData<ScalarType, int>();
            foreach (var dtype in (ScalarType[])[ScalarType.BFloat16, ScalarType.Float16, ScalarType.Float32])
                for (var kind = 0; kind < Kinds.Length; kind++)
                    data.Add(dtype, kind);
            return data;
        }
    }

    private static VisibilityCase[] Kinds
    {
        get
        {
            var prompts = new LayoutCase(Lengths, Rows, Residual: 0);
            return
            [
                new(prompts, false, [], null), new(prompts, true, [], null), new(prompts, false, [[0, 5]], null),
                new(prompts, false, [[2, 3, 1, 40], [], [70, 60]], null), new(prompts, false, [], 20), new(prompts, true, [], 20),
            ];
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Results_and_gradients_stay_within_twice_the_error_that_the_type_has_alone(ScalarType dtype, int kind)
    {
        using var scope = Cuda.Scope();
        var it = Kinds[kind];
        foreach (var shape in (AttentionShape[])[new(8, 2, 64, dtype) { Window = it.Window }, new(2, 2, 32, dtype) { Window = it.Window }])
            foreach (var layout in (PackedLayout[])[PackedLayout.Flat(Lengths), (it.Prompts with { Residual = 8 }).Layout])
            {
                using var batch = PackedBatch.Create(layout, it.Prompts.Prompts, CUDA);
                var (q, k, v) = Inputs(batch, shape);
                var weights = randn(layout.TokenCount, shape.Heads, shape.HeadSize);
                var exact = WithGradients(ScalarType.Float64, CPU, Alone);
                var plain = WithGradients(dtype, CPU, Alone);
                foreach (var kernel in Enum.GetValues<AttentionKernel>())
                {
                    PackedAttention? plan = null;
                    try
                    {
                        plan = PackedAttention.Plan(batch, shape, kernel, it.Visibility);
                    }
                    catch (NotSupportedException) when (kernel == AttentionKernel.Varlen && shape.Window is not null
                        && it.IsBidirectional && dtype == ScalarType.Float32)
                    {
                        continue;
                    }
                    using (plan)
                    {
                        if (kernel == AttentionKernel.Varlen && shape.Window is not null && dtype == ScalarType.Float32)
                        {
                            using (no_grad())
                                Judge(exact[0], plain[0], batch.ToTokens(plan.Forward(q, k, v)), $"{kernel}, {shape}");
                            continue;
                        }
                        var actual = WithGradients(dtype, CUDA, (q, k, v) => batch.ToTokens(plan.Forward(q, k, v)));
                        string[] names = ["result", "query", "key", "value"];
                        for (var i = 0; i < actual.Length; i++)
                            Judge(exact[i], plain[i], actual[i], $"{names[i]}, {kernel}: {plan.Reason}, {shape}");
                        using (no_grad())
                            Judge(exact[0], plain[0], batch.ToTokens(plan.Forward(q, k, v)), $"unrecorded, {kernel}, {shape}");
                    }
                }

                Tensor Alone(Tensor q, Tensor k, Tensor v)
                {
                    var (qs, ks, vs) = (batch.Split(q), batch.Split(k), batch.Split(v));
                    return cat([.. qs.Select((_, prompt) => it.Alone(prompt, qs[prompt], ks[prompt], vs[prompt], shape))]);
                }

                Tensor[] WithGradients(ScalarType type, Device device, Func<Tensor, Tensor, Tensor, Tensor> attend)
                {
                    var inputs = ((Tensor[])[q, k, v])
                        .Select(input => input.to(type).to(device).detach().clone().requires_grad_()).ToArray();
                    var attended = attend(inputs[0], inputs[1], inputs[2]);
                    attended.mul(weights.to(type).to(device)).sum().backward();
                    return [attended.detach().cpu(), .. inputs.Select(input => batch.Split(input.grad!.cpu())).Select(parts => cat(parts))];
                }
            }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_loss_on_one_prompt_has_gradients_of_zero_at_the_others_and_in_padding(ScalarType dtype, int kind)
    {
        using var scope = Cuda.Scope();
        var it = Kinds[kind];
        var shape = new AttentionShape(8, 2, 64, dtype) { Window = dtype == ScalarType.Float32 ? null : it.Window };
        using var batch = PackedBatch.Create((it.Prompts with { Residual = 8 }).Layout, it.Prompts.Prompts, CUDA);
        var (q, k, v) = Inputs(batch, shape);
        using var plan = PackedAttention.Plan(batch, shape, AttentionKernel.Varlen, it.Visibility);
        var inputs = ((Tensor[])[q, k, v]).Select(input => input.detach().clone().requires_grad_()).ToArray();
        const int judged = 5;
        batch.Split(plan.Forward(inputs[0], inputs[1], inputs[2]))[judged].square().sum().backward();
        foreach (var input in inputs)
        {
            var parts = batch.Split(input.grad!);
            for (var prompt = 0; prompt < parts.Length; prompt++)
                Assert.Equal(prompt == judged, parts[prompt].ne(0).any().item<bool>());
            Assert.False(input.grad!.index(batch.SegmentIds.flatten().eq(0)).ne(0).any().item<bool>());
        }
    }

    [Fact]
    public void Rotation_on_the_way_has_the_gradients_of_rotation_before()
    {
        using var scope = Cuda.Scope();
        var shape = new AttentionShape(4, 2, 64, ScalarType.BFloat16);
        using var batch = PackedBatch.Create<int>(PackedLayout.Flat(Lengths), new int[Lengths.Sum()], CUDA);
        using var rotary = new RotaryEmbedding(64, 256, device: CUDA);
        using var plan = PackedAttention.Plan(batch, shape);
        var (q, k, v) = Inputs(batch, shape);
        var one = Gradients((q, k, v) => plan.Forward(q, k, v, rotary));
        var other = Gradients((q, k, v) => plan.Forward(rotary.Rotated(q, batch), rotary.Rotated(k, batch), v));
        Assert.True(one[0].allclose(other[0], rtol: 0.02, atol: 0.02)); // the query's adds up in no fixed order
        Assert.True(Tensors.SameBits(one[1].cpu(), other[1].cpu()) && Tensors.SameBits(one[2].cpu(), other[2].cpu()));

        Tensor[] Gradients(Func<Tensor, Tensor, Tensor, Tensor> attend)
        {
            var inputs = ((Tensor[])[q, k, v]).Select(input => input.detach().clone().requires_grad_()).ToArray();
            attend(inputs[0], inputs[1], inputs[2]).square().sum().backward();
            return [.. inputs.Select(input => input.grad!)];
        }
    }

    [Theory]
    [InlineData(ScalarType.BFloat16)]
    [InlineData(ScalarType.Float16)]
    [InlineData(ScalarType.Float32)]
    public void A_rotation_and_its_gradient_are_those_in_float64(ScalarType dtype)
    {
        using var scope = Cuda.Scope();
        manual_seed(3);
        var rounding = Rounding(dtype);
        foreach (var (heads, headSize) in ((int, int)[])[(1, 2), (3, 6), (12, 64), (7, 128), (40, 80)])
        {
            using var batch = PackedBatch.Create<int>(PackedLayout.Flat(Lengths), new int[Lengths.Sum()], CUDA);
            using var rotary = new RotaryEmbedding(headSize, 256, device: CUDA);
            var wide = randn([Lengths.Sum(), 3 * heads, headSize], ScalarType.Float64, CUDA).to(dtype);
            var apart = wide.chunk(3, 1)[1]; // tokens do not lie side by side
            var weights = randn([heads, Lengths.Sum(), headSize], ScalarType.Float64, CUDA).to(dtype).transpose(0, 1);
            var exact = Rotated(apart.to(ScalarType.Float64), weights.to(ScalarType.Float64));
            var actual = Rotated(apart, weights);
            for (var i = 0; i < 2; i++)
                AssertNear(exact[i], actual[i], 2 * rounding);

            Tensor[] Rotated(Tensor input, Tensor weights)
            {
                var own = input.detach().requires_grad_();
                var result = rotary.Rotated(own, batch);
                result.mul(weights).sum().backward();
                return [result.detach(), own.grad!];
            }
        }
    }

    [Theory]
    [InlineData(ScalarType.BFloat16)]
    [InlineData(ScalarType.Float16)]
    [InlineData(ScalarType.Float32)]
    public void A_loss_and_its_gradient_are_those_in_float64(ScalarType dtype)
    {
        using var scope = Cuda.Scope();
        manual_seed(4);
        foreach (var vocabulary in (int[])[1, 7, 8, 513, 4096, 32000, 100_003])
        {
            var prompts = Array.ConvertAll(Lengths, length => Enumerable.Range(0, length).Select(i => i * 7919 % vocabulary).ToArray());
            using var batch = PackedBatch.Create(PackedLayout.Flat(Lengths), prompts, CUDA);
            using var targets = PackedTargets.Create(batch, Array.ConvertAll(Lengths, length => length / 2));
            var logits = randn([targets.Count, vocabulary], ScalarType.Float64, CUDA).mul_(8).to(dtype);
            if (vocabulary > 1)
                logits.select(1, (prompts[0][0] + 1) % vocabulary).fill_(float.NegativeInfinity); // a token that is ruled out
            var before = logits.clone();
            foreach (var weighting in Enum.GetValues<LossWeighting>())
            {
                var exact = Loss(logits.to(ScalarType.Float64), weighting);
                var actual = Loss(logits, weighting);
                AssertNear(exact[1], actual[1], 2 * Rounding(dtype));
                if (double.IsFinite(exact[0].item<double>()))
                    AssertNear(exact[0], actual[0], 1e-5);
                else
                    Assert.Equal(exact[0].item<double>(), actual[0].item<float>());
            }
            Assert.True(Tensors.SameBits(before.cpu(), logits.cpu()));

            Tensor[] Loss(Tensor input, LossWeighting weighting)
            {
                var own = input.detach().requires_grad_();
                Tensor loss;
                if (input.dtype == ScalarType.Float64) // the method's own for float64 rounds to float32
                    loss = nn.functional.cross_entropy(own, targets.Tokens, reduction: nn.Reduction.None)
                        .mul(targets.Weights(weighting).to(ScalarType.Float64)).sum();
                else
                    loss = targets.Loss(own, weighting);
                loss.backward();
                return [loss.detach(), own.grad!];
            }
        }
    }

    [Fact]
    public void A_token_outside_of_the_vocabulary_makes_the_loss_NaN_and_so_does_a_logit()
    {
        using var scope = Cuda.Scope();
        using var batch = PackedBatch.Create(PackedLayout.Flat([3, 2]), [[1, 2, 9], [4, 5]], CUDA);
        using var targets = PackedTargets.Create(batch);
        var logits = randn(targets.Count, 8, ScalarType.BFloat16, CUDA).requires_grad_();
        var loss = targets.Loss(logits, LossWeighting.Targets);
        loss.backward();
        Assert.True(float.IsNaN(loss.item<float>()));
        Assert.Equal([false, true, false], logits.grad!.isnan().any(1).cpu().Values<bool>());
        using var within = PackedBatch.Create(PackedLayout.Flat([3, 2]), [[1, 2, 3], [4, 5]], CUDA);
        using var others = PackedTargets.Create(within);
        logits = logits.detach().clone();
        Assert.False(float.IsNaN(others.Loss(logits, LossWeighting.Targets).item<float>()));
        logits[1, 7] = float.NaN;
        Assert.True(float.IsNaN(others.Loss(logits, LossWeighting.Targets).item<float>()));
    }

    [Fact]
    public void Kernels_with_gradients_leave_nothing_behind_over_ten_thousand_steps()
    {
        Cuda.Require();
        using var batch = PackedBatch.Create<int>(PackedLayout.Flat(Lengths), new int[Lengths.Sum()], CUDA);
        using var rotary = new RotaryEmbedding(64, 256, device: CUDA);
        using var targets = PackedTargets.Create(batch);
        using var input = randn(Lengths.Sum(), 2, 64, ScalarType.BFloat16, CUDA).requires_grad_();
        Step();
        LiveTensors.AssertNoneLeft(10_000, Step);

        void Step()
        {
            using var scope = NewDisposeScope();
            targets.Loss(targets.Of(rotary.Rotated(input, batch)).flatten(1), LossWeighting.Prompts).backward();
            input.grad!.zero_();
        }
    }

    private static double Rounding(ScalarType dtype) =>
        dtype switch { ScalarType.BFloat16 => 1 / 256.0, ScalarType.Float16 => 1 / 2048.0, _ => 2e-6 };

    private static void AssertNear(Tensor expected, Tensor actual, double bound)
    {
        var wide = actual.to(ScalarType.Float64);
        var error = ((wide - expected).norm() / expected.norm().clamp(min: 1e-30)).item<double>();
        Assert.True(error <= bound, $"The relative error is {error:E2}, the bound {bound:E2}.");
    }

    [Fact]
    public void Nothing_is_left_behind_over_ten_thousand_steps()
    {
        Cuda.Require();
        var shape = new AttentionShape(4, 2, 64, ScalarType.BFloat16);
        using var batch = PackedBatch.Create<int>(PackedLayout.Flat(Lengths), new int[Lengths.Sum()], CUDA);
        using var plan = PackedAttention.Plan(batch, shape);
        using var q = randn(batch.Layout.SlotCount, 4, 64, ScalarType.BFloat16, CUDA).requires_grad_();
        using var k = randn(batch.Layout.SlotCount, 2, 64, ScalarType.BFloat16, CUDA).requires_grad_();
        Step(); // what the plan makes when gradients are first recorded
        LiveTensors.AssertNoneLeft(10_000, Step);

        void Step()
        {
            using var scope = NewDisposeScope();
            plan.Forward(q, k, k).sum().backward();
            q.grad!.zero_();
            k.grad!.zero_();
        }
    }

    private static (Tensor Q, Tensor K, Tensor V) Inputs(PackedBatch batch, AttentionShape shape)
    {
        manual_seed(5);
        Tensor Next(int heads) => randn(batch.Layout.SlotCount, heads, shape.HeadSize, device: CUDA).to(shape.Dtype);
        return (Next(shape.Heads), Next(shape.KeyValueHeads), Next(shape.KeyValueHeads));
    }

    private static void Judge(Tensor exact, Tensor plain, Tensor actual, string what)
    {
        var (error, allowed) = (Error(actual), Error(plain));
        Assert.True(error <= 2 * allowed + 2e-5, $"{what}: {error} against {allowed}");

        double Error(Tensor tensor) => (tensor.cpu().to(ScalarType.Float64) - exact.cpu()).abs().max().item<double>();
    }
}

using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace PackingKit.Attention.Tests;

/// <summary>What only a CUDA device can show. Every fact skips visibly where there is none.</summary>
public class CudaTests
{
    private static readonly int[] OddLengths = [1, 2, 3, 7, 8, 9, 63, 64, 65, 127, 128, 129, 211, 500];

    public static TheoryData<ScalarType> Types => [ScalarType.BFloat16, ScalarType.Float16, ScalarType.Float32];

    [Theory]
    [MemberData(nameof(Types))]
    public void Varlen_is_chosen_and_within_twice_the_error_that_the_type_has_alone(ScalarType dtype)
    {
        using var scope = Cuda.Scope();
        foreach (var shape in (AttentionShape[])[
            new(8, 2, 64, dtype), new(4, 4, 128, dtype) { Scale = 0.05 }, new(4, 1, 32, dtype) { Window = 20 }])
        {
            foreach (var layout in Layouts())
            {
                using var batch = Batch(layout);
                using var plan = PackedAttention.Plan(batch, shape);
                Assert.Equal(AttentionKernel.Varlen, plan.Kernel);
                var (q, k, v) = Inputs(batch, shape);
                Judge(batch, q, k, v, shape, batch.ToTokens(plan.Forward(q, k, v)), plan.Reason);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Types))]
    public void Portable_kernels_give_the_same_on_cuda(ScalarType dtype)
    {
        using var scope = Cuda.Scope();
        var shape = new AttentionShape(8, 2, 64, dtype);
        foreach (var layout in Layouts())
        {
            using var batch = Batch(layout);
            var (q, k, v) = Inputs(batch, shape);
            foreach (var kernel in (AttentionKernel[])[AttentionKernel.Segment, AttentionKernel.Dense, AttentionKernel.Padded])
            {
                using var plan = PackedAttention.Plan(batch, shape, kernel);
                Judge(batch, q, k, v, shape, batch.ToTokens(plan.Forward(q, k, v)), kernel.ToString());
            }
        }
    }

    [Theory]
    [MemberData(nameof(Types))]
    public void Nan_in_one_prompt_leaves_every_other_as_it_was_to_the_bit(ScalarType dtype)
    {
        using var scope = Cuda.Scope();
        var shape = new AttentionShape(8, 2, 64, dtype);
        foreach (var layout in Layouts())
        {
            using var batch = Batch(layout);
            var (q, k, v) = Inputs(batch, shape);
            using var plan = PackedAttention.Plan(batch, shape, AttentionKernel.Varlen);
            var before = batch.Split(plan.Forward(q, k, v));
            foreach (var input in (Tensor[])[q, k, v])
                batch.Split(input)[5].fill_(float.NaN);
            var after = batch.Split(plan.Forward(q, k, v));
            for (var prompt = 0; prompt < before.Length; prompt++)
                Assert.True(prompt == 5 || Tensors.SameBits(before[prompt].cpu(), after[prompt].cpu()), $"prompt {prompt}");
        }
    }

    [Theory]
    [MemberData(nameof(Types))]
    public void A_forest_gives_each_node_what_its_path_gives_alone_and_keeps_nan_below(ScalarType dtype)
    {
        using var scope = Cuda.Scope();
        // Short paths go through the kernel for short prompts, long ones through copies for the flash kernel.
        ForestCase[] forests =
        [
            new([70, 20, 1, 65, 9, 130, 3], [-1, 0, 0, 2, 2, -1, 5]), new([900, 40, 7, 129, 600, 1], [-1, 0, 1, 0, -1, 4]),
            new([64, 3, 5, 7, 200, 2, 1], [-1, 0, 0, 0, 0, 0, 0]), new([63, 5, 9], [-1, 0, 0]),
        ];
        foreach (var it in forests)
            foreach (var shape in (AttentionShape[])[new(8, 2, 64, dtype), new(4, 4, 128, dtype), new(4, 1, 32, dtype) { Window = 20 }])
            {
                using var batch = Batch(it.Layout);
                using var plan = PackedAttention.Plan(batch, shape);
                Assert.Equal(AttentionKernel.Varlen, plan.Kernel);
                var (q, k, v) = Inputs(batch, shape);
                var (attended, cpu) = (plan.Forward(q, k, v), new[] { q, k, v }.Select(input => input.cpu()).ToArray());
                var wide = Array.ConvertAll(cpu, input => input.to(ScalarType.Float64));
                Judge(Paths(wide), Paths(cpu), attended.cpu(), $"{plan.Reason}, {shape}");
                foreach (var input in (Tensor[])[k, v])
                    batch.Split(input)[1].fill_(float.NaN);
                var (before, after) = (batch.Split(attended), batch.Split(plan.Forward(q, k, v)));
                for (var node = 0; node < before.Length; node++)
                    if (it.Path(node).Contains(1))
                        Assert.True(after[node].isnan().all().item<bool>(), $"{plan.Reason}, node {node}");
                    else
                        Assert.True(Tensors.SameBits(before[node].cpu(), after[node].cpu()), $"{plan.Reason}, node {node}");

                Tensor Paths(Tensor[] inputs) => cat([.. Enumerable.Range(0, it.Lengths.Length)
                    .Select(node => ForestAttentionTests.Alone(it, batch, node, inputs[0], inputs[1], inputs[2], shape))]);
            }
    }

    [Theory]
    [MemberData(nameof(Types))]
    public void Another_order_gives_every_prompt_the_same_bits(ScalarType dtype)
    {
        using var scope = Cuda.Scope();
        var shape = new AttentionShape(8, 2, 64, dtype);
        Tensor[]? first = null;
        using var given = Batch(PackedLayout.Flat(OddLengths));
        var (q, k, v) = Inputs(given, shape); // in token order
        foreach (var layout in (PackedLayout[])[given.Layout, PackedLayout.Flat(OddLengths, PromptOrder.LongestFirst)])
        {
            using var batch = Batch(layout);
            using var plan = PackedAttention.Plan(batch, shape, AttentionKernel.Varlen);
            var parts = batch.Split(plan.Forward(batch.FromTokens(q), batch.FromTokens(k), batch.FromTokens(v)));
            first ??= parts;
            Assert.All(first.Zip(parts), pair => Assert.True(Tensors.SameBits(pair.First.cpu(), pair.Second.cpu())));
        }
    }

    [Theory]
    [MemberData(nameof(Types))]
    public void Chunks_against_a_cache_give_what_the_whole_prompt_gives(ScalarType dtype)
    {
        using var scope = Cuda.Scope();
        var shape = new AttentionShape(8, 2, 64, dtype);
        using var whole = Batch(PackedLayout.Flat(OddLengths));
        var (q, k, v) = Inputs(whole, shape);
        var (qs, ks, vs) = (whole.Split(q), whole.Split(k), whole.Split(v));
        using var cache = new PackedKVCache(1, 2, 64, Array.ConvertAll(OddLengths, length => length + 3), dtype, CUDA);
        cache.Keys(0).fill_(float.NaN);
        cache.Values(0).fill_(float.NaN);
        var parts = OddLengths.Select(_ => new List<Tensor>()).ToArray();
        foreach (var pass in PackedPasses.Plan(OddLengths, 200))
        {
            using var batch = PackedBatch.Create<int>(pass.Layout, new int[pass.Layout.TokenCount], CUDA);
            using var step = cache.Append(batch, pass.Prompts);
            Tensor Part(Tensor[] all) =>
                cat([.. pass.Prompts.Select((prompt, i) => all[prompt].narrow(0, pass.Layout.PastLengths[i], pass.Layout.Lengths[i]))]);
            step.Write(0, Part(ks), Part(vs));
            using var plan = PackedAttention.Plan(step, shape);
            Assert.Equal(AttentionKernel.Varlen, plan.Kernel);
            var attended = batch.Split(plan.Forward(Part(qs), cache.Keys(0), cache.Values(0)));
            for (var i = 0; i < attended.Length; i++)
                parts[pass.Prompts[i]].Add(attended[i]);
        }
        Judge(whole, q, k, v, shape, cat([.. parts.Select(part => cat(part))]), "chunks");
    }

    [Theory]
    [MemberData(nameof(Types))]
    public void The_rotary_kernel_gives_what_float64_gives_and_writes_the_cache(ScalarType dtype)
    {
        using var scope = Cuda.Scope();
        foreach (var headSize in (int[])[64, 80, 128])
        {
            foreach (var layout in Layouts())
            {
                using var batch = Batch(layout);
                using var rotary = new RotaryEmbedding(headSize, 512, theta: 500000, CUDA);
                using var cache = new PackedKVCache(2, 2, headSize, Array.ConvertAll(OddLengths, length => length + 1), dtype, CUDA);
                using var step = cache.Append(batch);
                var fused = randn(layout.SlotCount, 12, headSize, device: CUDA).to(dtype);
                var exact = fused.to(ScalarType.Float64);
                var (q, k, v) = (fused.narrow(1, 0, 8), fused.narrow(1, 8, 2), fused.narrow(1, 10, 2));
                rotary.Apply(exact.narrow(1, 0, 8), exact.narrow(1, 8, 2), batch); // TorchSharp's operations in float64, tested on the CPU
                rotary.Apply(q, k, v, step, 1);
                Assert.Contains("NVRTC", rotary.Reason, StringComparison.Ordinal);
                var bound = dtype switch { ScalarType.BFloat16 => 8e-3, ScalarType.Float16 => 1e-3, _ => 1e-6 };
                Near(exact.narrow(1, 0, 8), q);
                foreach (var (expected, actual) in batch.SplitCache(exact.narrow(1, 8, 2)).Zip(cache.Split(cache.Keys(1))))
                    Near(expected, actual);
                foreach (var (expected, actual) in batch.SplitCache(v).Zip(cache.Split(cache.Values(1))))
                    Assert.True(Tensors.SameBits(expected.cpu(), actual.cpu()));
                rotary.Apply(q.clone(), k, batch);
                Near(exact.narrow(1, 8, 2), k);

                void Near(Tensor expected, Tensor actual) =>
                    Assert.True(
                        expected.cpu().allclose(actual.cpu().to(ScalarType.Float64), rtol: bound, atol: bound), $"{dtype} {headSize}");
            }
        }
    }

    [Theory]
    [MemberData(nameof(Types))]
    public void Slices_off_every_boundary_give_the_same(ScalarType dtype)
    {
        using var scope = Cuda.Scope();
        var shape = new AttentionShape(3, 1, 24, dtype);
        using var batch = Batch(PackedLayout.Flat([33, 65, 1, 97]));
        var (q, k, v) = Inputs(batch, shape);
        using var plan = PackedAttention.Plan(batch, shape, AttentionKernel.Varlen);
        Assert.True(Tensors.SameBits(plan.Forward(q, k, v).cpu(), plan.Forward(Odd(q), Odd(k), Odd(v)).cpu()));

        // One element further, and tokens an odd number of elements apart.
        static Tensor Odd(Tensor tensor)
        {
            var width = tensor.shape[1] * tensor.shape[2];
            var odd = zeros([tensor.shape[0], width + 3], tensor.dtype, CUDA).narrow(1, 1, width);
            return odd.copy_(tensor.flatten(1, 2)).unflatten(1, tensor.shape[1], tensor.shape[2]);
        }
    }

    [Theory]
    [InlineData(ScalarType.BFloat16)]
    [InlineData(ScalarType.Float16)]
    public void Short_prompts_have_a_kernel_of_their_own_and_long_ones_do_not(ScalarType dtype)
    {
        using var scope = Cuda.Scope();
        int[] odd = [1, 2, 15, 16, 17, 63, 64, 65, 127, 128, 129, 191, 257];
        foreach (var shape in (AttentionShape[])[new(2, 2, 16, dtype), new(4, 2, 32, dtype) { Scale = 0.3 }, new(8, 1, 64, dtype),
            new(3, 1, 80, dtype), new(4, 4, 96, dtype), new(8, 2, 128, dtype), new(64, 1, 64, dtype)])
        {
            using var batch = Batch(PackedLayout.Flat(odd, PromptOrder.LongestFirst));
            using var plan = PackedAttention.Plan(batch, shape);
            Assert.Contains("short prompts", plan.Reason, StringComparison.Ordinal);
            var (q, k, v) = Inputs(batch, shape);
            Judge(batch, q, k, v, shape, batch.ToTokens(plan.Forward(q, k, v)), plan.Reason);
        }
        using var few = Batch(PackedLayout.Flat([3000, 5]));
        using var other = PackedAttention.Plan(few, new AttentionShape(2, 2, 64, dtype));
        Assert.DoesNotContain("short prompts", other.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Types))]
    public void Queries_rotated_on_the_way_give_what_float64_gives(ScalarType dtype)
    {
        using var scope = Cuda.Scope();
        int[] lengths = [1, 2, 15, 16, 17, 63, 64, 65, 127, 128, 129, 191, 257];
        foreach (var shape in (AttentionShape[])[new(2, 2, 16, dtype), new(4, 2, 32, dtype), new(8, 1, 64, dtype), new(3, 1, 80, dtype),
            new(8, 2, 128, dtype), new(64, 1, 64, dtype)])
        {
            using var batch = Batch(PackedLayout.Flat(lengths, PromptOrder.LongestFirst));
            using var rotary = new RotaryEmbedding(shape.HeadSize, 257, theta: 500000, CUDA);
            using var plan = PackedAttention.Plan(batch, shape);
            var (q, k, v) = Inputs(batch, shape);
            var (exactQ, exactK) = (q.to(ScalarType.Float64), k.to(ScalarType.Float64));
            var (rotatedQ, rotatedK) = (q.clone(), k.clone());
            rotary.Apply(exactQ, exactK, batch);
            rotary.Apply(rotatedQ, rotatedK, batch);
            var tokens = batch.ToTokens(plan.Forward(q, k, v, rotary));
            Assert.True(Tensors.SameBits(rotatedK.cpu(), k.cpu()));
            Judge(Alone(batch, exactQ, exactK, v.to(ScalarType.Float64), shape), Alone(batch, rotatedQ, rotatedK, v, shape), tokens,
                plan.Reason);
        }
    }

    [Theory]
    [MemberData(nameof(Types))]
    public void Dense_rows_of_several_thousand_slots_give_the_same_on_cuda(ScalarType dtype)
    {
        using var scope = Cuda.Scope();
        var shape = new AttentionShape(4, 2, 64, dtype);
        int[] lengths = [1300, 7, 900, 1, 1025, 1000];
        var layout = PackedLayout.FromPacking(
            new FirstFitDecreasing().Pack(PackingProblem.Create(lengths, 2400)).Packing, lengths, width: 2401);
        using var batch = Batch(layout);
        var (q, k, v) = Inputs(batch, shape);
        using var plan = PackedAttention.Plan(batch, shape, AttentionKernel.Dense);
        Judge(batch, q, k, v, shape, batch.ToTokens(plan.Forward(q, k, v)), "dense");
    }

    [Theory]
    [MemberData(nameof(Types))]
    public void A_kernel_of_the_users_own_is_compiled_launched_and_guarded(ScalarType dtype)
    {
        using var scope = Cuda.Scope();
        var x = arange(1000, ScalarType.Float32, CUDA).to(dtype);
        var expected = x.to(ScalarType.Float32).mul(0.5).to(dtype);
        var scale = CudaKernel.Compile(CUDA, dtype, """
            extern "C" __global__ void scale(T* x, long long count, float factor)
            {
                long long i = blockIdx.x * (long long)THREADS + threadIdx.x;
                if (i < count) x[i] = store(load(x[i]) * factor);
            }
            """, "scale", ("THREADS", 256));
        scale.Launch(0, 256, x, x.numel(), 0.5f);
        scale.Launch((x.numel() + 255) / 256, 256, x, x.numel(), 0.5f);
        Assert.True(Tensors.SameBits(expected.cpu(), x.cpu()));
        Assert.Throws<ArgumentException>(() => scale.Launch(1, 256, x.cpu(), x.numel(), 0.5f));
        Assert.Throws<ArgumentOutOfRangeException>(() => scale.Launch(-1, 256, x, x.numel(), 0.5f));
        Assert.Throws<ArgumentOutOfRangeException>(() => scale.Launch(1, CudaKernel.MaxThreads + 1, x, x.numel(), 0.5f));
        Assert.Contains("NVRTC", Assert.Throws<NotSupportedException>(() => CudaKernel.Compile(CUDA, dtype, "no code", "scale")).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Neither_tensors_nor_memory_grow_over_500_forwards()
    {
        Cuda.Require();
        var shape = new AttentionShape(8, 2, 64, ScalarType.BFloat16);
        using var rotary = new RotaryEmbedding(64, 512, device: CUDA);
        var (tensors, free) = (0L, 0L);
        for (var i = 0; i < 500; i++)
        {
            using (var scope = NewDisposeScope())
            {
                using var batch = Batch(PackedLayout.Flat(OddLengths));
                using var cache = new PackedKVCache(1, 2, 64, OddLengths, ScalarType.BFloat16, CUDA);
                using var step = cache.Append(batch);
                using var plan = PackedAttention.Plan(step, shape);
                var (q, k, v) = Inputs(batch, shape);
                rotary.Apply(q, k, v, step, 0);
                plan.Forward(q, cache.Keys(0), cache.Values(0));
            }
            if (i == 20)
                (tensors, free) = (Tensor.TotalCount, FreeMemory());
        }
        Assert.Equal((tensors, free), (Tensor.TotalCount, FreeMemory()));

        static unsafe long FreeMemory()
        {
            cuda.synchronize();
            nuint free, total;
            var driver = System.Runtime.InteropServices.NativeLibrary.Load("libcuda.so.1");
            var memGetInfo =
                (delegate* unmanaged<nuint*, nuint*, int>)System.Runtime.InteropServices.NativeLibrary.GetExport(driver, "cuMemGetInfo_v2");
            Assert.Equal(0, memGetInfo(&free, &total));
            return (long)free;
        }
    }

    /// <summary>64 tokens in a row of 4,096: runs of padding have fewer keys than queries, over own keys and over a cache.</summary>
    [Theory]
    [MemberData(nameof(Types))]
    public void Padding_is_zero_whatever_lies_in_it(ScalarType dtype)
    {
        using var scope = Cuda.Scope();
        int[] lengths = [40, 1, 23];
        var shape = new AttentionShape(8, 2, 64, dtype);
        foreach (var window in (int?[])[null, 7])
        {
            var layout = PackedLayout.FromPacking(Packing.FromAssignment([0, 0, 1], 3), lengths, width: 4096);
            using var batch = Batch(layout);
            using var cache = new PackedKVCache(1, 2, 64, Array.ConvertAll(lengths, length => length + 2), dtype, CUDA);
            cache.Keys(0).fill_(float.NaN);
            cache.Values(0).fill_(float.NaN);
            using var step = cache.Append(batch);
            var (q, k, v) = Inputs(batch, shape);
            var padding = batch.SegmentIds.flatten().eq(0);
            foreach (var input in (Tensor[])[q, k, v])
                input.index_put_(float.NaN, padding);
            step.Write(0, k, v);
            foreach (var kernel in (AttentionKernel[])[AttentionKernel.Varlen, AttentionKernel.Segment, AttentionKernel.Padded])
            {
                using var plan = PackedAttention.Plan(batch, shape with { Window = window }, kernel);
                using var cached = PackedAttention.Plan(step, shape with { Window = window }, kernel);
                foreach (var attended in (Tensor[])[plan.Forward(q, k, v), cached.Forward(q, cache.Keys(0), cache.Values(0))])
                {
                    Assert.True(attended.index(padding).eq(0).all().item<bool>(), $"{kernel}");
                    Judge(batch, q, k, v, plan.Shape, batch.ToTokens(attended), $"{kernel}, window {window}");
                }
            }
        }
    }

    [Fact]
    public void What_would_be_lost_or_lies_elsewhere_is_refused_before_any_kernel_runs()
    {
        using var scope = Cuda.Scope();
        var shape = new AttentionShape(2, 1, 64, ScalarType.BFloat16);
        using var batch = Batch(PackedLayout.Flat([3, 2]));
        using var plan = PackedAttention.Plan(batch, shape, AttentionKernel.Varlen);
        using var rotary = new RotaryEmbedding(64, 16, device: CUDA);
        using var elsewhere = new RotaryEmbedding(64, 16);
        using var cache = new PackedKVCache(1, 1, 64, [3, 2], ScalarType.BFloat16, CUDA);
        using var step = cache.Append(batch);
        var (q, k, v) = Inputs(batch, shape);
        Assert.Equal("key", Assert.Throws<ArgumentException>(() => plan.Forward(q, k.cpu(), v)).ParamName);
        Assert.Equal("value", Assert.Throws<ArgumentException>(() => rotary.Apply(q, k, v.narrow(0, 0, 4), step, 0)).ParamName);
        Assert.Equal("value", Assert.Throws<ArgumentException>(() => rotary.Apply(q, k, v.to(ScalarType.Float32), step, 0)).ParamName);
        Assert.Equal("key", Assert.Throws<ArgumentException>(() => rotary.Apply(q, q, v, step, 0)).ParamName);
        Assert.Equal("batch", Assert.Throws<ArgumentException>(() => elsewhere.Apply(q, k, batch)).ParamName);
        var wide = new AttentionShape(2, 1, 64, ScalarType.Float32) { Window = 2 };
        using var windowed = PackedAttention.Plan(batch, wide, AttentionKernel.Varlen);
        var (wideQ, wideK, wideV) = Inputs(batch, wide);
        Assert.Contains("Varlen attention gives no gradient here (the memory-efficient kernel's leaves the window out)",
            Assert.Throws<NotSupportedException>(() => windowed.Forward(wideQ.requires_grad_(), wideK, wideV)).Message,
            StringComparison.Ordinal);
        q = q.detach().requires_grad_();
        Assert.Throws<InvalidOperationException>(() => rotary.Apply(q, k, v, step, 0));
        using var gradients = no_grad();
        plan.Forward(q, k, v, rotary);
    }

    private static PackedLayout[] Layouts() =>
    [
        PackedLayout.Flat(OddLengths),
        PackedLayout.Flat(OddLengths, PromptOrder.LongestFirst, alignment: 16),
        PackedLayout.FromPacking(new FirstFitDecreasing().Pack(PackingProblem.Create(OddLengths, 512)).Packing, OddLengths, width: 520),
    ];

    private static PackedBatch Batch(PackedLayout layout) => PackedBatch.Create<int>(layout, new int[layout.TokenCount], CUDA);

    private static (Tensor Q, Tensor K, Tensor V) Inputs(PackedBatch batch, AttentionShape shape)
    {
        manual_seed(3);
        // As slices of one fused product, with what is in padding not to be touched.
        var fused = randn(batch.Layout.SlotCount, shape.Heads + 2 * shape.KeyValueHeads, shape.HeadSize, device: CUDA).to(shape.Dtype);
        return (fused.narrow(1, 0, shape.Heads), fused.narrow(1, shape.Heads, shape.KeyValueHeads),
            fused.narrow(1, shape.Heads + shape.KeyValueHeads, shape.KeyValueHeads));
    }

    /// <summary>flash-attn's own rule: not more than twice the error of the plain computation in the same type, against float64.</summary>
    private static void Judge(PackedBatch batch, Tensor q, Tensor k, Tensor v, AttentionShape shape, Tensor tokens, string what)
    {
        var exact = Alone(batch, q.to(ScalarType.Float64), k.to(ScalarType.Float64), v.to(ScalarType.Float64), shape);
        Judge(exact, Alone(batch, q, k, v, shape), tokens, what);
    }

    private static void Judge(Tensor exact, Tensor plain, Tensor tokens, string what)
    {
        var (error, allowed) = (Error(tokens), Error(plain));
        Assert.True(error <= 2 * allowed + 1e-5, $"{what}: {error} against {allowed}");

        double Error(Tensor tensor) => (tensor.to(ScalarType.Float64) - exact).abs().max().item<double>();
    }

    private static Tensor Alone(PackedBatch batch, Tensor q, Tensor k, Tensor v, AttentionShape shape)
    {
        // On the CPU: a float32 product on the device may be rounded to TF32.
        var (qs, ks, vs) = (batch.Split(q.cpu()), batch.Split(k.cpu()), batch.Split(v.cpu()));
        return cat([.. qs.Select((_, prompt) => PackedAttentionTests.Alone(qs[prompt], ks[prompt], vs[prompt], shape))]).to(q.device);
    }
}

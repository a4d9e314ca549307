using PackingKit.Testing;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace PackingKit.Attention.Tests;

/// <summary>Tensors of another shape, type or device are refused by name before anything is written, and gradients are not lost.</summary>
public class TensorChecksTests
{
    private const int HeadSize = 8;

    public static TheoryData<string, Func<Tensor, Tensor>, string> WrongTensors => new()
    {
        { "one head for two", good => good.narrow(1, 0, 1), "Expected [5, 2, 8] of Float32 on cpu, not [5, 1, 8] of Float32 on cpu" },
        { "one element for eight", good => good.narrow(2, 0, 1), "not [5, 2, 1] of Float32" },
        { "a slot missing", good => good.narrow(0, 0, 4), "not [4, 2, 8] of Float32" },
        { "three slots more", good => cat([good, good.narrow(0, 0, 3)]), "not [8, 2, 8] of Float32" },
        { "a dimension missing", good => good.flatten(1), "not [5, 16] of Float32" },
        { "another type", good => good.to(ScalarType.BFloat16), "not [5, 2, 8] of BFloat16 on cpu" },
        { "a sparse tensor", good => good.to_sparse(), "not sparse [5, 2, 8] of Float32 on cpu" },
        { "another device", good => empty([5, 2, 8], ScalarType.Float32, new Device(DeviceType.META)), "not [5, 2, 8] of Float32 on meta" },
    };

    /// <summary>Capacities [3, 2] make the prompts [3, 2] one range of slots, [4, 4] do not.</summary>
    [Theory]
    [MemberData(nameof(WrongTensors))]
    public void A_cache_takes_only_its_own_shape_and_type_and_is_left_as_it_was(string what, Func<Tensor, Tensor> wrong, string words)
    {
        using var scope = NewDisposeScope();
        using var batch = PackedBatch.Create(PackedLayout.Flat([3, 2]), [[1, 2, 3], [4, 5]]);
        using var rotary = new RotaryEmbedding(HeadSize, 16);
        foreach (var capacities in (int[][])[[3, 2], [4, 4]])
        {
            using var cache = new PackedKVCache(1, 2, HeadSize, capacities, ScalarType.Float32);
            using var step = cache.Append(batch);
            cache.Keys(0).fill_(7);
            cache.Values(0).fill_(7);
            var (query, good) = (randn(5, 4, HeadSize), randn(5, 2, HeadSize));
            var before = query.clone();
            Refused("key", () => step.Write(0, wrong(good), good));
            Refused("value", () => step.Write(0, good, wrong(good)));
            Refused("key", () => rotary.Apply(query, wrong(good), good, step, 0));
            Refused("value", () => rotary.Apply(query, good, wrong(good), step, 0));
            Assert.Equal("layer", Assert.Throws<ArgumentOutOfRangeException>(() => step.Write(1, good, good)).ParamName);
            Assert.Equal("layer", Assert.Throws<ArgumentOutOfRangeException>(() => rotary.Apply(query, good, good, step, -1)).ParamName);
            Assert.True(cache.Keys(0).eq(7).all().item<bool>() && cache.Values(0).eq(7).all().item<bool>(), what);
            Assert.True(Tensors.SameBits(before, query), what);
            step.Write(0, good, good);
            Assert.Equal(good.sum().item<float>(), cat(cache.Split(cache.Keys(0)), 1).sum().item<float>(), 1e-4f);
        }

        void Refused(string name, Action call)
        {
            var thrown = Assert.Throws<ArgumentException>(call);
            Assert.Equal(name, thrown.ParamName);
            Assert.Contains(words, thrown.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_step_of_two_tokens_leaves_the_next_prompts_cache_alone()
    {
        using var scope = NewDisposeScope();
        using var cache = new PackedKVCache(1, 1, 2, [4, 4], ScalarType.Float32);
        cache.Keys(0).fill_(7);
        using var batch = PackedBatch.Create(PackedLayout.Flat([2]), [[1, 2]]);
        using var step = cache.Append(batch, [0]);
        Assert.Throws<ArgumentException>(() => step.Write(0, ones(8, 1, 2), ones(8, 1, 2)));
        Assert.True(cache.Keys(0).eq(7).all().item<bool>());
    }

    [Fact]
    public void A_bad_key_leaves_the_query_unrotated_on_the_way_to_attention_too()
    {
        using var scope = NewDisposeScope();
        using var batch = PackedBatch.Create(PackedLayout.Flat([3]), [[1, 2, 3]]);
        using var rotary = new RotaryEmbedding(HeadSize, 16);
        using var plan = PackedAttention.Plan(batch, new AttentionShape(2, 1, HeadSize, ScalarType.Float32));
        var (query, key) = (randn(3, 2, HeadSize), randn(3, 1, HeadSize));
        var (query0, key0) = (query.clone(), key.clone());
        Assert.Equal("value", Assert.Throws<ArgumentException>(
            () => plan.Forward(query, key, key.to(ScalarType.Float64), rotary)).ParamName);
        Assert.Equal("key", Assert.Throws<ArgumentException>(() => rotary.Apply(query, key.narrow(0, 0, 2), batch)).ParamName);
        Assert.Equal("key", Assert.Throws<ArgumentException>(
            () => rotary.Apply(query, key.narrow(0, 0, 1).expand(3, 1, HeadSize), batch)).ParamName);
        Assert.Equal("query", Assert.Throws<ArgumentException>(
            () => rotary.Apply(query.to(ScalarType.Int64), key.to(ScalarType.Int64), batch)).ParamName);
        Assert.True(Tensors.SameBits(query0, query) && Tensors.SameBits(key0, key));
    }

    [Fact]
    public void Tensors_of_another_device_are_refused_by_a_batch_and_a_cache()
    {
        using var scope = NewDisposeScope();
        var elsewhere = new Device(DeviceType.META);
        using var batch = PackedBatch.Create(PackedLayout.Flat([2, 1], alignment: 2), [[1, 2], [3]]);
        using var cache = new PackedKVCache(1, 1, HeadSize, [2, 1], ScalarType.Float32, elsewhere);
        var slots = empty([4, 1, HeadSize], ScalarType.Float32, elsewhere);
        Assert.Equal("batch", Assert.Throws<ArgumentException>(() => cache.Append(batch)).ParamName);
        Assert.Equal("packed", Assert.Throws<ArgumentException>(() => batch.LastTokens(slots)).ParamName);
        Assert.Equal("packed", Assert.Throws<ArgumentException>(() => batch.ToPadded(slots, PaddingSide.Left)).ParamName);
        Assert.Equal("tokens", Assert.Throws<ArgumentException>(() => batch.FromTokens(slots.narrow(0, 0, 3))).ParamName);
        Assert.Equal("cache", Assert.Throws<ArgumentException>(() => batch.CacheToPadded(slots, PaddingSide.Left)).ParamName);
        Assert.Equal("side", Assert.Throws<ArgumentOutOfRangeException>(() => batch.PaddedMask((PaddingSide)7)).ParamName);
        using var own = new PackedKVCache(1, 1, HeadSize, [2, 1], ScalarType.Float32);
        Assert.Equal("layerTensor", Assert.Throws<ArgumentException>(() => own.Split(zeros(2, 1, HeadSize))).ParamName);
        Assert.Equal("headSize", Assert.Throws<ArgumentOutOfRangeException>(
            () => new PackedKVCache(1, int.MaxValue, int.MaxValue, [int.MaxValue], ScalarType.Float32)).ParamName);
        Assert.Equal("dtype", Assert.Throws<ArgumentException>(() => new PackedKVCache(1, 1, 1, [1], (ScalarType)99)).ParamName);
    }

    /// <summary>No machine has this many devices; where there is no CUDA, the first is missing too.</summary>
    [Theory]
    [InlineData(1000)]
    [InlineData(0)]
    [InlineData(-1)]
    public void Cuda_devices_that_are_not_there_are_refused_by_name(int index)
    {
        if (index < 1000 && cuda.is_available())
            Assert.Skip("There is a CUDA device.");
        var missing = new Device(DeviceType.CUDA, index);
        var words = $"There is no device {missing}";
        Refused.Wrong("device", () => PackedBatch.Create(PackedLayout.Flat([1]), [[1]], missing), words);
        Refused.Wrong("device", () => PackedBatch.Create<int>(PackedLayout.Flat([1]), [1], missing), words);
        Refused.Wrong("device", () => new PackedKVCache(1, 1, HeadSize, [1], ScalarType.Float32, missing), words);
        Refused.Wrong("device", () => new RotaryEmbedding(HeadSize, 2, device: missing), words);
        Refused.Wrong("device", () => new RotaryEmbedding([0.5], 2, missing), words);
    }

    [Fact]
    public void Rotation_in_place_refuses_tensors_that_overlap_and_takes_views_that_interleave()
    {
        using var scope = NewDisposeScope();
        using var batch = PackedBatch.Create(PackedLayout.Flat([3, 2]), [[1, 2, 3], [4, 5]]);
        using var rotary = new RotaryEmbedding(HeadSize, 16);
        using var cache = new PackedKVCache(1, 2, HeadSize, [3, 2], ScalarType.Float32);
        using var step = cache.Append(batch);
        using var plan = PackedAttention.Plan(batch, new AttentionShape(2, 2, HeadSize, ScalarType.Float32));
        var fused = randn(7, 6, HeadSize);
        var flat = randn(7 * 6 * HeadSize);
        var before = (fused.clone(), flat.clone());
        Tensor Part(int slot, int head) => fused.narrow(0, slot, 5).narrow(1, head, 2);
        Tensor Heads(int start, int heads) => flat.narrow(0, start, 5 * heads * HeadSize).view(5, heads, HeadSize);
        foreach (var (query, key) in ((Tensor, Tensor)[])[
            (Part(0, 0), Part(0, 0)), (Part(0, 0), Part(0, 1)), (Part(0, 1), Part(0, 0)), (Part(2, 0), Part(0, 1)),
            (Part(0, 3), Part(1, 4)),
            (Heads(0, 2), Heads(8, 2)), (Heads(0, 4), Heads(5 * 4 * HeadSize - 1, 2)), (Heads(0, 2), Heads(0, 4))])
        {
            var apart = randn(5, 2, HeadSize);
            Refused.Wrong("key", () => rotary.Apply(query, key, batch), "share memory");
            if (key.shape[1] != 2 || query.shape[1] != 2)
                continue;
            Refused.Wrong("key", () => rotary.Apply(query, key, apart, step, 0), "share memory");
            Refused.Wrong("value", () => rotary.Apply(query, apart, key, step, 0), "share memory");
            Refused.Wrong("key", () => plan.Forward(query, key, apart, rotary), "share memory");
            Refused.Wrong("value", () => plan.Forward(query, apart, key, rotary), "share memory");
            Refused.Wrong("value", () => plan.Forward(apart, query, key, rotary), "share memory");
        }
        Assert.True(Tensors.SameBits(before.Item1, fused) && Tensors.SameBits(before.Item2, flat));

        foreach (var (query, key) in ((Tensor, Tensor)[])[
            (Part(0, 0), Part(0, 2)), (Part(0, 4), Part(0, 0)), (Part(0, 0), Part(2, 2)), (Part(1, 2), Part(0, 4)),
            (fused[..5, ..4], fused[..5, 5..]), (Heads(0, 4), Heads(5 * 4 * HeadSize, 2)), (Part(0, 0), Part(0, 0).narrow(1, 0, 0))])
        {
            var (queryThen, keyThen) = (rotary.Rotated(query, batch), rotary.Rotated(key, batch));
            rotary.Apply(query, key, batch);
            Assert.True(Tensors.SameBits(queryThen, query.clone()) && Tensors.SameBits(keyThen, key.clone()));
        }
        // Keys and values stay as they are on the way into a cache, and may be one tensor.
        rotary.Apply(Part(0, 0), Part(0, 2), Part(0, 2), step, 0);
    }

    [Fact]
    public void A_cache_is_of_a_floating_type()
    {
        foreach (var dtype in Enum.GetValues<ScalarType>())
        {
            if (dtype is ScalarType.Float16 or ScalarType.BFloat16 or ScalarType.Float32 or ScalarType.Float64)
            {
                new PackedKVCache(1, 1, 2, [1], dtype).Dispose();
                continue;
            }
            var thrown = Assert.Throws<ArgumentException>(() => new PackedKVCache(1, 1, 2, [1], dtype));
            Assert.Equal("dtype", thrown.ParamName);
            Assert.Contains($"not {dtype}", thrown.Message, StringComparison.Ordinal);
        }
    }

    /// <summary>More bytes than a process can address, so that no libtorch ever gives them.</summary>
    [Fact]
    public void What_no_memory_holds_is_refused_with_its_bytes()
    {
        using var batch = PackedBatch.Create<int>(PackedLayout.Flat([1 << 22]), new int[1 << 22]);
        Refused("A mask [1, 1, 4194304, 4194304] of Float64 would take 140737488355328 bytes",
            Assert.Throws<InvalidOperationException>(() => batch.CreateMask(ScalarType.Float64)));
        var shape = new AttentionShape(1, 1, 2, ScalarType.Float64);
        Refused("4194304] of Float64 would take 140737488355328 bytes",
            Assert.Throws<InvalidOperationException>(() => PackedAttention.Plan(batch, shape, AttentionKernel.Dense)));
        using (var cache = new PackedKVCache(1, 1, 2, [1 << 22], ScalarType.Float64))
        using (var step = cache.Append(batch))
            Refused("4194304] of Float64 would take 140737488355328 bytes",
                Assert.Throws<InvalidOperationException>(() => PackedAttention.Plan(step, shape, AttentionKernel.Dense)));
        var thrown = Assert.Throws<ArgumentException>(() => new PackedKVCache(4, 1 << 10, 1 << 10, [1 << 24, 1 << 24], ScalarType.Float16));
        Assert.Equal("capacities", thrown.ParamName);
        Refused("The cache would take 562949953421312 bytes", thrown);
        // A device without memory of its own takes any size, as does one whose memory is not the process's.
        new PackedKVCache(4, 1 << 10, 1 << 10, [1 << 24], ScalarType.Float16, new Device(DeviceType.META)).Dispose();

        static void Refused(string words, Exception thrown) => Assert.Contains(words, thrown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Sparse_tensors_are_refused_by_a_batch_and_a_cache()
    {
        using var scope = NewDisposeScope();
        using var batch = PackedBatch.Create(PackedLayout.Flat([2, 1], alignment: 2), [[1, 2], [3]]);
        using var cache = new PackedKVCache(1, 1, HeadSize, [2, 2], ScalarType.Float32);
        var sparse = ones(4, 1, HeadSize).to_sparse();
        Refused.Wrong("packed", () => batch.LastTokens(sparse), "not sparse [");
        Refused.Wrong("packed", () => batch.Split(sparse), "not sparse [");
        Refused.Wrong("packed", () => batch.ToPadded(sparse, PaddingSide.Left), "not sparse [");
        Refused.Wrong("tokens", () => batch.FromTokens(ones(3, 1, HeadSize).to_sparse()), "not sparse [");
        Refused.Wrong("cache", () => batch.CacheToPadded(sparse, PaddingSide.Left), "not sparse [");
        Refused.Wrong("layerTensor", () => cache.Split(sparse), "not sparse [");
    }

    [Fact]
    public void Gradients_that_would_be_lost_are_refused_with_what_to_do()
    {
        using var scope = NewDisposeScope();
        var input = ones([1], requires_grad: true);
        var thrown = Assert.Throws<InvalidOperationException>(
            () => TensorChecks.RefuseGradient("Varlen attention", "plan with AttentionKernel.Segment", ones(1), input));
        Assert.Equal(
            "Varlen attention gives no gradient, and an input requires one: plan with AttentionKernel.Segment, " +
            "or call it under torch.no_grad().", thrown.Message);
        using (no_grad())
            TensorChecks.RefuseGradient("Varlen attention", "", input);
        TensorChecks.RefuseGradient("Varlen attention", "", ones(1));
    }

    /// <summary>Leaf tensors, and parts that <c>chunk</c> and <c>split</c> give: libtorch allows none of them to be written to.</summary>
    [Fact]
    public void Rotation_in_place_refuses_what_requires_a_gradient_and_a_new_tensor_has_it()
    {
        using var scope = NewDisposeScope();
        using var batch = PackedBatch.Create(PackedLayout.Flat([3, 2]), [[1, 2, 3], [4, 5]]);
        using var rotary = new RotaryEmbedding(HeadSize, 16);
        using var cache = new PackedKVCache(1, 2, HeadSize, [3, 2], ScalarType.Float64);
        using var step = cache.Append(batch);
        using var plan = PackedAttention.Plan(batch, new AttentionShape(2, 2, HeadSize, ScalarType.Float64));
        var leaf = randn([5, 6, HeadSize], ScalarType.Float64, requires_grad: true);
        Tensor[] narrowed = [leaf.narrow(1, 0, 2), leaf.narrow(1, 2, 2), leaf.narrow(1, 4, 2)];
        foreach (var parts in (Tensor[][])[leaf.chunk(3, 1), leaf.split(2, 1), narrowed])
        {
            var (q, k, v) = (parts[0], parts[1], parts[2]);
            foreach (var call in (Action[])[
                () => rotary.Apply(q, k, batch), () => rotary.Apply(q, k, v, step, 0), () => rotary.Apply(leaf, leaf, batch)])
                Assert.Contains(
                    "RotaryEmbedding.Rotated", Assert.Throws<InvalidOperationException>(call).Message, StringComparison.Ordinal);
            // Attention that rotates on the way rotates into new tensors instead.
            var before = leaf.detach().clone();
            Assert.True(Tensors.SameBits(
                plan.Forward(rotary.Rotated(q, batch), rotary.Rotated(k, batch), v), plan.Forward(q, k, v, rotary)));
            Assert.True(Tensors.SameBits(before, leaf.detach()));
            using (no_grad())
                rotary.Apply(q.clone(), k.clone(), v, step, 0);
        }
        // Parts of what requires none are turned in place as before.
        var plain = leaf.detach().clone();
        var chunks = plain.chunk(3, 1);
        rotary.Apply(chunks[0], chunks[1], batch);
        Assert.True(Tensors.SameBits(rotary.Rotated(leaf.narrow(1, 0, 4), batch), plain.narrow(1, 0, 4)));
        // A rotation keeps lengths: the gradient of the squared length is twice the input.
        rotary.Rotated(leaf, batch).square().sum().backward();
        Assert.True(leaf.grad!.allclose(leaf.mul(2), rtol: 1e-12, atol: 1e-12));
    }

    [Fact]
    public void A_cache_is_no_part_of_a_graph()
    {
        using var scope = NewDisposeScope();
        using var cache = new PackedKVCache(1, 1, HeadSize, [3, 2], ScalarType.Float32);
        foreach (var layout in (PackedLayout[])[PackedLayout.Flat([1, 1]), PackedLayout.Flat([2, 1]).WithPast([1, 1])])
        {
            using var batch = PackedBatch.Create<int>(layout, new int[layout.TokenCount]);
            using var step = cache.Append(batch);
            var key = randn([layout.SlotCount, 1, HeadSize], requires_grad: true);
            step.Write(0, key, key.mul(2));
            Assert.False(cache.Keys(0).requires_grad || cache.Values(0).requires_grad);
            Assert.True(cache.Keys(0).is_leaf && cache.Values(0).is_leaf);
        }
    }

    [Fact]
    public void Factors_and_frequencies_that_are_no_finite_numbers_are_refused()
    {
        var shape = new AttentionShape(1, 1, 2, ScalarType.Float32);
        foreach (var bad in (double[])[double.NaN, double.PositiveInfinity, double.NegativeInfinity, 0, -1])
        {
            Assert.Contains(
                $"{bad}", Assert.Throws<ArgumentOutOfRangeException>(() => shape with { Scale = bad }).Message, StringComparison.Ordinal);
            Assert.Equal("theta", Assert.Throws<ArgumentOutOfRangeException>(() => new RotaryEmbedding(2, 2, bad)).ParamName);
        }
        foreach (var bad in (double[])[double.NaN, double.PositiveInfinity, 1e308]) // 1e308 at position 2 is infinite
            Assert.Contains("Frequency 1 is", Assert.Throws<ArgumentOutOfRangeException>(
                () => new RotaryEmbedding([0.5, bad], maxPositions: 3)).Message, StringComparison.Ordinal);
        Assert.Equal("maxPositions", Assert.Throws<ArgumentOutOfRangeException>(() => new RotaryEmbedding(128, int.MaxValue)).ParamName);
    }

    [Fact]
    public void Prompts_rows_and_layers_that_are_not_there_are_named()
    {
        var layout = PackedLayout.FromPacking(Packing.FromAssignment([0, 1, 1], 2), [1, 2, 3]);
        using var cache = new PackedKVCache(2, 1, 2, [3, 2, 1], ScalarType.Float32);
        foreach (var bad in (int[])[-1, 3, 7, int.MinValue, int.MaxValue])
        {
            Named("row", () => layout.RowSegments(bad));
            Named("row", () => layout.RowCuSeqLens(bad));
            Named("prompt", () => layout.SegmentOf(bad));
            Named("prompt", () => cache.Truncate(bad, 0));
            Named("layer", () => cache.Keys(bad));
            Named("layer", () => cache.Values(bad));
            void Named(string name, Action call)
            {
                var thrown = Assert.Throws<ArgumentOutOfRangeException>(call);
                Assert.Equal((name, bad), (thrown.ParamName, thrown.ActualValue));
                Assert.Contains($"There is no {name} {bad}", thrown.Message, StringComparison.Ordinal);
            }
        }
        Assert.Equal("length", Assert.Throws<ArgumentOutOfRangeException>(() => cache.Truncate(0, 1)).ParamName);
        Assert.Throws<ArgumentOutOfRangeException>(() => PackedLayout.Flat([1], (PromptOrder)7));
    }
}

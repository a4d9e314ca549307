using FsCheck.Xunit;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace PackingKit.Attention.Tests;

[Properties(Arbitrary = [typeof(LayoutCases)], MaxTest = 40)]
public class PackedKVCacheTests
{
    private static readonly AttentionShape Shape = new(4, 2, 4, ScalarType.Float64);
    private static readonly AttentionKernel[] Portable = [AttentionKernel.Segment, AttentionKernel.Dense, AttentionKernel.Padded];

    [Property]
    public void What_is_written_packed_comes_back_a_prompt(LayoutCase it)
    {
        using var scope = NewDisposeScope();
        using var batch = PackedBatch.Create(it.Layout, it.Prompts);
        using var cache = new PackedKVCache(2, 2, 4, Capacities(it.Lengths, 1), ScalarType.Float64);
        using var step = cache.Append(batch);
        var keys = batch.FromTokens(randn(it.Layout.TokenCount, 2, 4, dtype: ScalarType.Float64));
        var values = batch.FromTokens(randn(it.Layout.TokenCount, 2, 4, dtype: ScalarType.Float64));
        step.Write(1, keys, values);

        Assert.Equal(it.Lengths, cache.Lengths.ToArray());
        Same(batch.SplitCache(keys), cache.Split(cache.Keys(1)));
        Same(batch.SplitCache(values), cache.Split(cache.Values(1)));
        foreach (var side in Enum.GetValues<PaddingSide>())
        {
            var padded = cache.ToPadded(side)[1];
            Assert.True(Tensors.SameBits(batch.CacheToPadded(keys, side), padded.Keys));
            Assert.True(Tensors.SameBits(batch.CacheToPadded(values, side), padded.Values));
        }
        for (var slot = 0; slot < it.Layout.SlotCount; slot++)
            Assert.Equal(it.Layout.SegmentIds[slot] == 0, step.SlotMapping[slot] < 0);

        static void Same(Tensor[] expected, Tensor[] actual) =>
            Assert.All(expected.Zip(actual), pair => Assert.True(Tensors.SameBits(pair.First, pair.Second)));
    }

    [Property(MaxTest = 15)]
    public void Chunks_and_single_tokens_give_what_the_whole_prompt_gives_alone(LayoutCase it)
    {
        if (it.Lengths.Length == 0)
            return;
        using var scope = NewDisposeScope();
        foreach (var shape in (AttentionShape[])[Shape, Shape with { Window = 3, Scale = 0.4 }])
        {
            var q = it.Lengths.Select(length => randn(length, 4, 4, dtype: ScalarType.Float64)).ToArray();
            var k = it.Lengths.Select(length => randn(length, 2, 4, dtype: ScalarType.Float64)).ToArray();
            var v = it.Lengths.Select(length => randn(length, 2, 4, dtype: ScalarType.Float64)).ToArray();
            foreach (var kernel in Portable)
            {
                using var cache = new PackedKVCache(1, 2, 4, Capacities(it.Lengths, 2), ScalarType.Float64);
                cache.Keys(0).fill_(double.NaN); // what nobody has written reaches nobody
                cache.Values(0).fill_(double.NaN);
                // Up to three tokens of each unfinished prompt at a time.
                for (var past = 0; past < it.Lengths.Max(); past += 3)
                {
                    var prompts = Enumerable.Range(0, it.Lengths.Length).Where(prompt => it.Lengths[prompt] > past).Reverse().ToArray();
                    var lengths = prompts.Select(prompt => Math.Min(3, it.Lengths[prompt] - past)).ToArray();
                    var layout = PackedLayout.FromPacking(Packing.FromAssignment([.. prompts.Select((_, i) => i % 2)], 2), lengths)
                        .WithPast([.. prompts.Select(_ => past)]);
                    using var batch = PackedBatch.Create(layout, lengths.Select(length => new int[length]).ToArray());
                    using var step = cache.Append(batch, prompts);
                    Tensor Chunk(Tensor[] all) =>
                        batch.FromTokens(cat([.. prompts.Select((prompt, i) => all[prompt].narrow(0, past, lengths[i]))]));
                    step.Write(0, Chunk(k), Chunk(v));
                    using var plan = PackedAttention.Plan(step, shape, kernel);
                    var attended = batch.Split(plan.Forward(Chunk(q), cache.Keys(0), cache.Values(0)));
                    for (var i = 0; i < prompts.Length; i++)
                    {
                        var seen = past + lengths[i];
                        var expected = PackedAttentionTests.Alone(
                            q[prompts[i]].narrow(0, past, lengths[i]), k[prompts[i]].narrow(0, 0, seen), v[prompts[i]].narrow(0, 0, seen),
                            shape);
                        Assert.True(
                            attended[i].allclose(expected, rtol: 1e-11, atol: 1e-11), $"{kernel}, prompt {prompts[i]} after {past}");
                    }
                }
                Assert.Equal(it.Lengths, cache.Lengths.ToArray());
            }
        }
    }

    [Property]
    public void A_budget_puts_every_token_into_one_pass_and_chunks_in_order(LayoutCase it)
    {
        foreach (var budget in (int[])[1, 4, 16])
        {
            var passes = PackedPasses.Plan(it.Lengths, budget);
            var done = new int[it.Lengths.Length];
            foreach (var pass in passes)
            {
                Assert.InRange(pass.Layout.TokenCount, 1, budget);
                Assert.Equal(pass.Layout.TokenCount, pass.Layout.SlotCount);
                for (var i = 0; i < pass.Prompts.Count; i++)
                {
                    Assert.Equal(done[pass.Prompts[i]], pass.Layout.PastLengths[i]);
                    done[pass.Prompts[i]] += pass.Layout.Lengths[i];
                }
            }
            Assert.Equal(it.Lengths, done);
        }
    }

    [Property]
    public void Passes_that_cut_prompts_are_full_and_as_few_as_can_be(LayoutCase it)
    {
        foreach (var budget in (int[])[1, 4, 10, 16, 1000])
        {
            var passes = PackedPasses.Fill(it.Lengths, budget);
            Assert.Equal((it.Lengths.Sum() + budget - 1) / budget, passes.Count);
            var done = new int[it.Lengths.Length];
            foreach (var pass in passes)
            {
                Assert.True(pass == passes[^1] || pass.Layout.SlotCount == budget);
                Assert.InRange(pass.Layout.SlotCount, 1, budget);
                Assert.Equal(pass.Prompts.Count, pass.Prompts.Distinct().Count());
                for (var i = 0; i < pass.Prompts.Count; i++)
                {
                    Assert.Equal(done[pass.Prompts[i]], pass.Layout.PastLengths[i]);
                    done[pass.Prompts[i]] += pass.Layout.Lengths[i];
                }
            }
            Assert.Equal(it.Lengths, done);
        }
    }

    [Fact]
    public void A_disposed_cache_says_so()
    {
        using var scope = NewDisposeScope();
        using var batch = PackedBatch.Create(PackedLayout.Flat([2]), [[1, 2]]);
        using var apart = new PackedKVCache(1, 1, 4, [6], ScalarType.Float32);
        var cache = new PackedKVCache(1, 1, 4, [6], ScalarType.Float32);
        var step = cache.Append(batch);
        cache.Dispose();
        var tokens = zeros(2, 1, 4);
        foreach (var call in (Func<object>[])[
            () => cache.Keys(0), () => cache.Values(0), () => cache.Device, () => cache.ToPadded(PaddingSide.Left),
            () => cache.Split(apart.Keys(0)), () => cache.Append(batch)])
            Assert.Equal(typeof(PackedKVCache).FullName, Assert.Throws<ObjectDisposedException>(call).ObjectName);
        Assert.Throws<ObjectDisposedException>(() => step.Write(0, tokens, tokens));
        cache.Dispose();
    }

    [Fact]
    public void Ten_prompts_of_seven_take_seven_passes_of_ten_where_they_may_be_cut()
    {
        int[] lengths = [.. Enumerable.Repeat(7, 10)];
        Assert.Equal((10, 7), (PackedPasses.Plan(lengths, 10).Count, PackedPasses.Fill(lengths, 10).Count));
        Assert.Throws<ArgumentOutOfRangeException>(() => PackedPasses.Fill(lengths, 0));
        Assert.Contains("Prompt 1", Assert.Throws<ArgumentOutOfRangeException>(() => PackedPasses.Fill([7, 0], 10)).Message,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_prompt_above_the_budget_is_prefilled_in_chunks_beside_the_others(bool fill)
    {
        using var scope = NewDisposeScope();
        int[] lengths = [5, 23, 2, 9];
        var (q, k, v) = PackedAttentionTests.Inputs(lengths.Sum(), Shape);
        using var whole = PackedBatch.Create(PackedLayout.Flat(lengths), lengths.Select(length => new int[length]).ToArray());
        using var wholePlan = PackedAttention.Plan(whole, Shape);
        var expected = whole.Split(wholePlan.Forward(q, k, v));
        var (qs, ks, vs) = (whole.Split(q), whole.Split(k), whole.Split(v));

        using var cache = new PackedKVCache(1, 2, 4, lengths, ScalarType.Float64);
        foreach (var pass in fill ? PackedPasses.Fill(lengths, 8) : PackedPasses.Plan(lengths, 8))
        {
            using var batch = PackedBatch.Create<int>(pass.Layout, new int[pass.Layout.TokenCount]);
            using var step = cache.Append(batch, pass.Prompts);
            Tensor Part(Tensor[] all) =>
                cat([.. pass.Prompts.Select((prompt, i) => all[prompt].narrow(0, pass.Layout.PastLengths[i], pass.Layout.Lengths[i]))]);
            step.Write(0, Part(ks), Part(vs));
            using var plan = PackedAttention.Plan(step, Shape);
            var attended = batch.Split(plan.Forward(Part(qs), cache.Keys(0), cache.Values(0)));
            for (var i = 0; i < attended.Length; i++)
            {
                var part = expected[pass.Prompts[i]].narrow(0, pass.Layout.PastLengths[i], pass.Layout.Lengths[i]);
                Assert.True(attended[i].allclose(part, rtol: 1e-12, atol: 1e-12));
            }
        }
        Assert.Equal(lengths, cache.Lengths.ToArray());
    }

    [Fact]
    public void What_does_not_fit_is_refused_by_prompt_and_changes_nothing()
    {
        using var cache = new PackedKVCache(1, 1, 2, [3, 2], ScalarType.Float32);
        using var first = PackedBatch.Create(PackedLayout.Flat([2, 2]), [[1, 2], [3, 4]]);
        cache.Append(first).Dispose();

        Assert.Contains("Prompt 0 has 2 tokens in the cache, but 0 before the batch",
            Assert.Throws<ArgumentException>(() => cache.Append(first)).Message, StringComparison.Ordinal);
        using var second = PackedBatch.Create(PackedLayout.Flat([1, 1]).WithPast([2, 2]), [[1], [2]]);
        Assert.Contains("Prompt 1 has 2 tokens and a capacity of 2: 1 more do not fit",
            Assert.Throws<InvalidOperationException>(() => cache.Append(second)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => cache.Append(second, [0, 0]));
        Assert.Throws<ArgumentException>(() => cache.Append(second, [0]));
        Assert.Throws<ArgumentOutOfRangeException>(() => cache.Append(second, [0, 2]));
        Assert.Throws<InvalidOperationException>(() => PackedAttention.Plan(second, new AttentionShape(1, 1, 2, ScalarType.Float32)));
        Assert.Equal([2, 2], cache.Lengths.ToArray());
        cache.Truncate(1, 0);
        Assert.Equal([2, 0], cache.Lengths.ToArray());
        Assert.Throws<ArgumentOutOfRangeException>(() => cache.Truncate(1, 1));
        Assert.Contains("Prompt 1 has a capacity of 0", Assert.Throws<ArgumentOutOfRangeException>(
            () => new PackedKVCache(1, 1, 2, [1, 0], ScalarType.Float32)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void No_tensor_is_left_behind()
    {
        var before = LiveTensors.CountBefore();
        for (var i = 0; i < 100; i++)
        {
            using var cache = new PackedKVCache(3, 1, 2, [3, 2], ScalarType.Float32);
            using var batch = PackedBatch.Create(PackedLayout.Flat([2, 2], alignment: 3), [[1, 2], [3, 4]]);
            using var step = cache.Append(batch);
            using var k = torch.ones(6, 1, 2);
            step.Write(i % 3, k, k);
            foreach (var (keys, values) in cache.ToPadded(PaddingSide.Left))
            {
                keys.Dispose();
                values.Dispose();
            }
            foreach (var view in cache.Split(cache.Keys(0)))
                view.Dispose();
            Assert.Throws<ArgumentException>(() => cache.Append(batch));
        }
        Assert.Equal(before, Tensor.TotalCount);
    }

    private static int[] Capacities(int[] lengths, int spare) => Array.ConvertAll(lengths, length => length + spare);
}

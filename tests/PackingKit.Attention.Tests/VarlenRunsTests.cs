using FsCheck.Xunit;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace PackingKit.Attention.Tests;

/// <summary>What the CUDA kernels are given for layouts with padding and for caches, read on the CPU as the kernels read it.</summary>
[Properties(Arbitrary = [typeof(LayoutCases)], MaxTest = 40)]
public class VarlenRunsTests
{
    private static readonly AttentionShape Shape = new(2, 1, 4, ScalarType.Float64);

    [Property]
    public void Runs_give_every_prompt_what_it_gives_alone(LayoutCase it)
    {
        using var scope = NewDisposeScope();
        using var batch = PackedBatch.Create(it.Layout, it.Prompts);
        var (q, k, v) = PackedAttentionTests.Inputs(it.Layout.SlotCount, Shape);
        var attended = Read(VarlenAttention.Runs(it.Layout, KeyLayout.Of(it.Layout)), q, k, v);
        using var plan = PackedAttention.Plan(batch, Shape, AttentionKernel.Segment);
        Assert.True(batch.ToTokens(attended).allclose(batch.ToTokens(plan.Forward(q, k, v)), rtol: 1e-12, atol: 1e-12));
    }

    [Property]
    public void Runs_over_a_cache_see_what_the_prompt_has_had_and_nothing_unwritten(LayoutCase it)
    {
        using var scope = NewDisposeScope();
        // Every prompt has had one token before.
        using var cache = new PackedKVCache(1, 1, 4, Array.ConvertAll(it.Lengths, length => length + 2), ScalarType.Float64);
        cache.Keys(0).fill_(double.NaN);
        cache.Values(0).fill_(double.NaN);
        using var first = PackedBatch.Create<int>(PackedLayout.Flat(Array.ConvertAll(it.Lengths, _ => 1)), new int[it.Lengths.Length]);
        using var firstStep = cache.Append(first);
        firstStep.Write(0, Values(it.Lengths.Length), Values(it.Lengths.Length));
        using var batch = PackedBatch.Create(it.Layout.WithPast(cache.Lengths), it.Prompts);
        using var step = cache.Append(batch);
        var (q, k, v) = PackedAttentionTests.Inputs(it.Layout.SlotCount, Shape);
        step.Write(0, k, v);

        var attended = Read(VarlenAttention.Runs(batch.Layout, step.KeyLayout), q, cache.Keys(0), cache.Values(0));
        using var plan = PackedAttention.Plan(step, Shape, AttentionKernel.Segment);
        var expected = plan.Forward(q, cache.Keys(0), cache.Values(0));
        Assert.True(batch.ToTokens(attended).allclose(batch.ToTokens(expected), rtol: 1e-12, atol: 1e-12));

        static Tensor Values(int count) => randn([count, 1, 4], ScalarType.Float64);
    }

    [Fact]
    public void Padding_has_one_key_a_run_and_no_run_is_longer_than_the_longest_prompt()
    {
        int[] lengths = [40, 24];
        var layout = PackedLayout.FromPacking(Packing.FromAssignment([0, 0], 1), lengths, width: 4096);
        var (host, count) = VarlenAttention.Runs(layout, KeyLayout.Of(layout));
        var (starts, keys) = (host[..(count + 1)], host[(2 * count + 2)..]);
        Assert.Equal([40, 24], keys[..2]);
        Assert.All(keys[2..], key => Assert.Equal(1, key)); // of 4,032 keys, one a run
        Assert.Equal(2 + (4032 + 39) / 40, count);
        Assert.All(starts[1..].Zip(starts, (end, start) => end - start), length => Assert.InRange(length, 1, 40));

        var empty = PackedLayout.FromPacking(Packing.FromAssignment([], 3), [], width: 5);
        Assert.Equal(1, VarlenAttention.Runs(empty, KeyLayout.Of(empty)).Count);
    }

    /// <summary>
    /// Run by run: queries between two starts, as many keys from a start as the length says, causal from the bottom right.
    /// </summary>
    private static Tensor Read((int[] Host, int Count) runs, Tensor q, Tensor k, Tensor v)
    {
        var queryStarts = runs.Host[..(runs.Count + 1)];
        var keyStarts = runs.Host[(runs.Count + 1)..(2 * runs.Count + 2)];
        var keyLengths = runs.Host[(2 * runs.Count + 2)..];
        Assert.Equal((0, (int)q.shape[0]), (queryStarts[0], queryStarts[^1]));
        var parts = new List<Tensor>();
        for (var run = 0; run < runs.Count; run++)
        {
            var length = queryStarts[run + 1] - queryStarts[run];
            Assert.True(length > 0 && keyLengths[run] > 0);
            var (keys, values) = (k.narrow(0, keyStarts[run], keyLengths[run]), v.narrow(0, keyStarts[run], keyLengths[run]));
            parts.Add(length > keyLengths[run] // padding: rows without keys, of no meaning
                ? full_like(q.narrow(0, queryStarts[run], length), double.NaN)
                : PackedAttentionTests.Alone(q.narrow(0, queryStarts[run], length), keys, values, Shape));
        }
        return parts.Count == 0 ? q.clone() : cat([.. parts]);
    }
}

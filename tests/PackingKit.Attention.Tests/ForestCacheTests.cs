using FsCheck.Xunit;
using PackingKit.Testing;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace PackingKit.Attention.Tests;

/// <summary>Caches in which a shared beginning is stored once, and prompts that go on from others.</summary>
[Properties(Arbitrary = [typeof(ForestCases)], MaxTest = 30)]
public class ForestCacheTests
{
    private static readonly AttentionShape Shape = new(4, 2, 4, ScalarType.Float64);
    private static readonly AttentionKernel[] Portable = [AttentionKernel.Segment, AttentionKernel.Dense, AttentionKernel.Padded];

    [Property]
    public void Each_path_comes_back_whole(ForestCase it)
    {
        using var scope = NewDisposeScope();
        using var batch = it.Batch();
        using var cache = new PackedKVCache(1, 2, 4, it.Layout, ScalarType.Float64);
        using var step = cache.Append(batch);
        var (_, keys, values) = Inputs(it.Layout.SlotCount);
        step.Write(0, keys, values);
        Assert.Equal(it.Layout.TokenCount, cache.SlotCount);
        var (nodes, split) = (batch.Split(keys), cache.Split(cache.Keys(0)));
        var left = cache.ToPadded(PaddingSide.Left)[0].Values;
        for (var node = 0; node < split.Length; node++)
        {
            var path = cat([.. it.Path(node).Select(step => nodes[step])]);
            Assert.True(Tensors.SameBits(path.transpose(0, 1), split[node]));
            Assert.Equal(it.Path(node).Select(step => it.Lengths[step]), cache.RangesOf(node).Select(range => range.Length));
            var ofPath = cat([.. it.Path(node).Select(step => batch.Split(values)[step])]).transpose(0, 1);
            Assert.True(Tensors.SameBits(ofPath, left[node].narrow(1, left.shape[2] - ofPath.shape[1], ofPath.shape[1])));
        }
    }

    [Property(MaxTest = 15)]
    public void Forks_go_on_as_their_whole_prompts_alone(ForestCase it)
    {
        if (it.Lengths.Length == 0)
            return;
        using var scope = NewDisposeScope();
        foreach (var shape in (AttentionShape[])[Shape, Shape with { Window = 3, Scale = 0.4 }])
            foreach (var kernel in Portable)
            {
                using var batch = it.Batch();
                using var cache = new PackedKVCache(1, 2, 4, it.Layout, ScalarType.Float64, spareSlots: 8 * it.Lengths.Length);
                cache.Keys(0).fill_(double.NaN); // what nobody has written reaches nobody
                cache.Values(0).fill_(double.NaN);
                var (_, k, v) = Inputs(it.Layout.SlotCount);
                using (var prefill = cache.Append(batch))
                    prefill.Write(0, k, v);
                // Two answers to every path, three tokens in two steps; of the second a fork goes on once more.
                var forks = Enumerable.Range(0, 2 * it.Lengths.Length).Select(i => cache.Fork(i / 2, 3)).ToList();
                var (keys, values) = (Paths(k), Paths(v));
                Decode(forks, 2);
                forks.Add(cache.Fork(forks[1], 1));
                keys.Add(keys[1]);
                values.Add(values[1]);
                Decode(forks, 1);

                void Decode(List<int> prompts, int count)
                {
                    int[] past = [.. prompts.Select(prompt => cache.Lengths[prompt])];
                    var layout = PackedLayout.Flat([.. prompts.Select(_ => count)], alignment: 3).WithPast(past);
                    using var next = PackedBatch.Create(layout, prompts.Select(_ => new int[count]).ToArray());
                    using var step = cache.Append(next, prompts);
                    var (q, k, v) = Inputs(layout.SlotCount);
                    step.Write(0, k, v);
                    using var plan = PackedAttention.Plan(step, shape, kernel);
                    var (attended, queries, newKeys, newValues) =
                        (next.Split(plan.Forward(q, cache.Keys(0), cache.Values(0))), next.Split(q), next.Split(k), next.Split(v));
                    for (var i = 0; i < prompts.Count; i++)
                    {
                        (keys[i], values[i]) = (cat([keys[i], newKeys[i]]), cat([values[i], newValues[i]]));
                        var alone = PackedAttentionTests.Alone(queries[i], keys[i], values[i], shape);
                        Assert.True(attended[i].allclose(alone, rtol: 1e-11, atol: 1e-11), $"{kernel}, fork {i} after {past[i]}");
                    }
                }

                List<Tensor> Paths(Tensor slots)
                {
                    var nodes = batch.Split(slots);
                    return [.. forks.Select((_, i) => cat([.. it.Path(i / 2).Select(step => nodes[step])]))];
                }
            }
    }

    [Property]
    public void Rooms_never_overlap_and_all_come_back(int seed)
    {
        var random = new Random(seed);
        var rooms = new CacheRooms(60);
        var live = new List<int>();
        for (var step = 0; step < 200; step++)
        {
            if (live.Count == 0 || random.Next(3) > 0)
            {
                var parent = live.Count > 0 && random.Next(2) == 0 ? live[random.Next(live.Count)] : -1;
                var capacity = random.Next(1, 9);
                var largest = rooms.LargestFree;
                var prompt = rooms.Add(capacity, parent, parent < 0 ? 0 : rooms.Lengths[parent]);
                Assert.Equal(capacity > largest, prompt < 0);
                if (prompt >= 0)
                {
                    live.Add(prompt);
                    rooms.SetLength(prompt, rooms.Shared(prompt) + random.Next(capacity + 1));
                }
            }
            else
            {
                var released = live[random.Next(live.Count)];
                live.Remove(released);
                rooms.Release(released);
            }
            // Tokens of one slot are of one prompt, or of prompts that share them: then at one position.
            var positionAt = new Dictionary<int, (int Owner, int Position)>();
            foreach (var prompt in live)
            {
                var position = 0;
                foreach (var range in rooms.Ranges(prompt, rooms.Lengths[prompt]))
                    for (var slot = range.Start; slot < range.End; slot++, position++)
                        if (!positionAt.TryAdd(slot, (prompt, position)))
                            Assert.Equal(positionAt[slot].Position, position);
                Assert.Equal(rooms.Lengths[prompt], position);
            }
        }
        foreach (var prompt in live)
            rooms.Release(prompt);
        Assert.Equal((60, 0L), (rooms.LargestFree, rooms.UsedSlots));
    }

    [Fact]
    public void What_would_break_a_prompt_that_goes_on_from_another_is_refused()
    {
        using var scope = NewDisposeScope();
        var it = new ForestCase([3, 2, 2], [-1, 0, 0]);
        using var cache = new PackedKVCache(1, 1, 4, it.Layout, ScalarType.Float32, spareSlots: 4);
        using (var child = PackedBatch.Create(PackedLayout.Flat([2]).WithPast([3]), [new int[2]]))
            Assert.Contains("Prompt 1 goes on from 3 tokens of prompt 0, which has 0",
                Assert.Throws<InvalidOperationException>(() => cache.Append(child, [1])).Message, StringComparison.Ordinal);
        using (var batch = it.Batch())
            cache.Append(batch).Dispose();
        Refused.OutOfRange("prompt", () => cache.Fork(3, 1), "There is no prompt 3");
        Refused.OutOfRange("capacity", () => cache.Fork(1, 0));
        var fork = cache.Fork(1, 3);
        Assert.Equal((3, 5), (fork, cache.Lengths[fork]));
        Assert.Contains("largest free room of the cache has 1",
            Assert.Throws<InvalidOperationException>(() => cache.Fork(2, 2)).Message, StringComparison.Ordinal);
        Assert.Contains("Prompt 3 goes on from 5 tokens of prompt 1",
            Assert.Throws<InvalidOperationException>(() => cache.Truncate(1, 4)).Message, StringComparison.Ordinal);
        Refused.OutOfRange("length", () => { cache.Truncate(1, 2); return 0; }, "of which it shares 3");
        cache.Release(1);
        Refused.Wrong("prompt", () => { cache.Release(1); }, "Prompt 1 was released");
        Refused.Wrong("prompt", () => cache.Fork(1, 1), "Prompt 1 was released");
        Refused.Wrong("prompt", () => cache.RangesOf(1), "Prompt 1 was released");
        Assert.Equal([3, 2], cache.RangesOf(fork).Select(range => range.Length)); // still there
        cache.Release(fork);
        Assert.Equal(4, cache.Fork(2, 4)); // slots of both are free again
    }

    [Fact]
    public void A_layout_that_goes_on_from_elsewhere_makes_prompts_that_share_nothing()
    {
        using var cache = new PackedKVCache(1, 1, 4, PackedLayout.Flat([2, 3]).WithPast([5, 0]), ScalarType.Float32);
        Assert.Equal([0, 0], cache.Lengths.ToArray());
        Assert.Equal(5, cache.SlotCount);
        Assert.Empty(cache.RangesOf(0));
    }

    private static (Tensor Q, Tensor K, Tensor V) Inputs(int slots) => (
        randn(slots, 4, 4, dtype: ScalarType.Float64), randn(slots, 2, 4, dtype: ScalarType.Float64),
        randn(slots, 2, 4, dtype: ScalarType.Float64));
}

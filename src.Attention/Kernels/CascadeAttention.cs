using System.Diagnostics;
using TorchSharp;
using static TorchSharp.torch;

namespace PackingKit.Attention;

/// <summary>
/// Causal attention on the CPU where prompts share keys: each prompt to its own, as <see cref="SegmentAttention"/> does; then, for each
/// shared range, all queries that see it at once to all of it, without a mask and without a copy of a key. What the parts give is merged
/// exactly, by the log-sum-exp of their scores. Where gradients are recorded, keys are gathered for each prompt instead.
/// </summary>
internal sealed class CascadeAttention : AttentionPlan
{
    private readonly SegmentAttention _own;
    private readonly Level[] _levels;
    private readonly Func<SegmentAttention> _gathered;
    private SegmentAttention? _recorded;

    public CascadeAttention(PackedBatch batch, KeyLayout keys, AttentionShape shape, KeyIntervals seen)
        : base(shape)
    {
        Debug.Assert(Suits(batch, keys, seen));
        var own = keys.Own;
        _own = new SegmentAttention(
            batch, own, shape, new KeyIntervals(batch.Layout, own, Visibility.Causal, null), SegmentAttention.LikeLengths);
        _levels = Levels(batch.Layout, keys);
        _gathered = () => new SegmentAttention(batch, keys, shape, seen, SegmentAttention.LikeLengths);
    }

    /// <summary>Whether a batch is for this: causal, on the CPU, with keys that are shared.</summary>
    public static bool Suits(PackedBatch batch, KeyLayout keys, KeyIntervals seen) =>
        keys.Ranges.Count > 0 && batch.Device.type == DeviceType.CPU && seen.AreCausal
        && (seen.Window is null || seen.Window >= keys.MaxLength) && Dispatcher.Obstacle is null;

    public override string Remark => "; keys that prompts share are read once for all that see them";

    public override void Dispose()
    {
        _recorded?.Dispose();
        _own.Dispose();
        foreach (var level in _levels)
            level.Indices?.Dispose();
    }

    public override Tensor Attend(Tensor query, Tensor key, Tensor value, Tensor? rotaryTable = null)
    {
        Debug.Assert(rotaryTable is null, "Queries are rotated already.");
        if (TensorChecks.WantGradient(query, key, value))
            return (_recorded ??= _gathered()).Attend(query, key, value);
        var (attended, sums) = _own.AttendWithSums(query, key, value);
        attended = attended.to(sums.dtype); // parts of half types are merged in float32
        foreach (var level in _levels)
        {
            using var scope = NewDisposeScope();
            var (more, moreSums) = Shared(level.QueriesOf(query), level.KeysOf(key), level.KeysOf(value));
            var (before, beforeSums) = (level.QueriesOf(attended), level.QueriesOf(sums));
            // Not interpolated, which takes the difference: infinite values stay infinite. Two parts without weight give 0 as each does.
            var lead = moreSums.sub(beforeSums).nan_to_num_(nan: 0).unsqueeze(-1);
            before.mul_(lead.neg().sigmoid_()).addcmul_(more.to(sums.dtype), lead.sigmoid(), 1);
            beforeSums.copy_(beforeSums.logaddexp(moreSums));
            if (level.Indices is { } slots)
            {
                attended.index_copy_(0, slots, before);
                sums.index_copy_(0, slots, beforeSums);
            }
        }
        return attended.to(Shape.Dtype);
    }

    /// <summary>All queries to all keys. The query heads that share a KV head are queries of that head.</summary>
    private (Tensor Attended, Tensor LogSumExp) Shared(Tensor query, Tensor key, Tensor value)
    {
        var (count, size) = (query.shape[0], Shape.HeadSize);
        var together = query.unflatten(1, Shape.KeyValueHeads, Shape.GroupSize).transpose(1, 2).flatten(0, 1);
        var (attended, sums) = CpuFlash.Attend(
            together.unsqueeze(0), key.unsqueeze(0), value.unsqueeze(0), mask: null, causal: false, Shape.Scale);
        return (
            attended.reshape(count, Shape.GroupSize, Shape.KeyValueHeads, size).transpose(1, 2).reshape(count, -1, size),
            sums.reshape(count, Shape.GroupSize, Shape.KeyValueHeads).transpose(1, 2).reshape(count, -1));
    }

    /// <summary>The shared ranges, each once, with the slots of the queries that see it.</summary>
    private static Level[] Levels(PackedLayout layout, KeyLayout keys)
    {
        var prompts = new Dictionary<SlotRange, List<int>>();
        var order = new List<SlotRange>();
        foreach (var segment in layout.Segments)
            foreach (var range in keys.Ranges[segment.Prompt].SkipLast(1))
            {
                if (!prompts.TryGetValue(range, out var those))
                {
                    prompts[range] = those = [];
                    order.Add(range);
                }
                those.Add(segment.Prompt);
            }
        return [.. order.Select(range => Level.Of(range, [.. prompts[range].Select(layout.SegmentOf)]))];
    }

    /// <summary>A shared range, and who sees it.</summary>
    /// <param name="Keys">The range.</param>
    /// <param name="Start">The first slot of those that see it.</param>
    /// <param name="Count">Number of slots.</param>
    /// <param name="Indices">The slots, where they do not lie side by side.</param>
    private sealed record Level(SlotRange Keys, int Start, int Count, Tensor? Indices)
    {
        public static Level Of(SlotRange keys, PackedSegment[] queries)
        {
            var (start, count) = (queries[0].Start, queries.Sum(segment => segment.Length));
            if (queries[^1].End - start == count) // they are in slot order
                return new Level(keys, start, count, null);
            var slots = queries.SelectMany(segment => Enumerable.Range(segment.Start, segment.Length)).Select(slot => (long)slot);
            return new Level(keys, start, count, tensor(slots.ToArray()).DetachFromDisposeScope());
        }

        public Tensor KeysOf(Tensor slots) => slots.narrow(0, Keys.Start, Keys.Length);

        public Tensor QueriesOf(Tensor slots) => Indices is null ? slots.narrow(0, Start, Count) : slots.index_select(0, Indices);
    }
}

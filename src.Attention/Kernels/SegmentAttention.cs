using System.Diagnostics;
using TorchSharp;
using static TorchSharp.torch;

namespace PackingKit.Attention;

/// <summary>
/// Prompts of like lengths side by side in dense batches, right-padded to the longest of each. Causal attention needs no mask for that:
/// padding comes after every token that counts; bidirectional attention none where lengths are equal. Padding repeats the prompt's own last
/// token, so that a batch mixes nothing even where a value is NaN.
/// </summary>
internal sealed class SegmentAttention : AttentionPlan
{
    /// <summary>Up to so many tokens the call itself is what costs.</summary>
    private const int ShortLength = 64;

    private readonly Tensor _indices;
    private readonly Bucket[] _buckets;
    private readonly Tensor? _order;

    /// <summary>Plans prompts of like lengths in one dense batch each, or all prompts in one.</summary>
    /// <param name="batch">The queries.</param>
    /// <param name="keys">Where their keys lie.</param>
    /// <param name="shape">The layer.</param>
    /// <param name="seen">Which keys the queries see.</param>
    /// <param name="lengthClass">Prompts whose numbers of queries and of keys are of one class go together.</param>
    public SegmentAttention(PackedBatch batch, KeyLayout keys, AttentionShape shape, KeyIntervals seen, Func<int, int> lengthClass)
        : base(shape)
    {
        using var scope = NewDisposeScope();
        var groups = Groups(batch.Layout, keys, lengthClass, onlyNeighbours: batch.Device.type == DeviceType.CPU);
        var host = new IndexList();
        var drafts = Array.ConvertAll(groups, group => Draft(batch.Layout, keys, group, seen, host));
        var order = Order(batch.Layout, drafts);
        var orderStart = host.Add(order);

        _indices = tensor(host.ToArray(), device: batch.Device);
        _buckets = Array.ConvertAll(drafts, draft => draft.OnDevice(_indices, shape.Dtype));
        if (!IsIdentity(order, drafts.Sum(draft => draft.Queries.Prompts * draft.Queries.Length)))
            _order = _indices.narrow(0, orderStart, order.Length);
        foreach (var tensor in Owned)
            tensor.DetachFromDisposeScope();
    }

    /// <summary>
    /// Long prompts go only with their equals, which costs no padding; short ones up to the next multiple of 16.
    /// </summary>
    public static int LikeLengths(int length) => length > ShortLength ? length : (length + 15) / 16 * 16;

    /// <summary>Only with their equals, so that bidirectional attention needs no mask.</summary>
    public static int EqualLengths(int length) => length;

    /// <summary>All in one class.</summary>
    public static int AnyLength(int length) => 0;

    private IEnumerable<Tensor> Owned =>
        _buckets.SelectMany(bucket => (Tensor?[])[bucket.Queries.Indices, bucket.Keys.Indices, bucket.Mask])
            .Append(_order).Append(_indices).OfType<Tensor>();

    public override void Dispose()
    {
        foreach (var tensor in Owned)
            tensor.Dispose();
    }

    public override Tensor Attend(Tensor query, Tensor key, Tensor value, Tensor? rotaryTable = null)
    {
        Debug.Assert(rotaryTable is null, "Queries are rotated already.");
        return InSlotOrder(Array.ConvertAll(_buckets, bucket => Fused(
            bucket.Queries.Of(query), Ungrouped(bucket.Keys.Of(key)), Ungrouped(bucket.Keys.Of(value)), bucket.Mask, bucket.Causal)));
    }

    /// <summary>Attends on the CPU, where it also gives the log-sum-exp of every query's scores: [slots, heads].</summary>
    public (Tensor Attended, Tensor LogSumExp) AttendWithSums(Tensor query, Tensor key, Tensor value)
    {
        var parts = Array.ConvertAll(_buckets, bucket => CpuFlash.Attend(
            bucket.Queries.Of(query), Ungrouped(bucket.Keys.Of(key)), Ungrouped(bucket.Keys.Of(value)),
            bucket.Mask, bucket.Causal, Shape.Scale));
        return (
            InSlotOrder(Array.ConvertAll(parts, part => part.Attended)),
            InSlotOrder(Array.ConvertAll(parts, part => part.LogSumExp)));
    }

    /// <summary>The buckets' results, each [prompts, length, ...], as one of [slots, ...].</summary>
    private Tensor InSlotOrder(Tensor[] parts)
    {
        var flat = Array.ConvertAll(parts, part => part.flatten(0, 1));
        var all = flat.Length == 1 ? flat[0] : cat(flat);
        return _order is null ? all : all.index_select(0, _order);
    }

    /// <summary>
    /// Prompts by like lengths of queries and of keys; in each group, and among the groups, by place. Where long ones go only with their
    /// equals, they may also be kept to their neighbours: on the CPU gathering others costs more than a call of their own.
    /// </summary>
    private static int[][] Groups(PackedLayout layout, KeyLayout keys, Func<int, int> lengthClass, bool onlyNeighbours)
    {
        var (run, last) = (0, (0, 0));
        return [.. Enumerable.Range(0, layout.PromptCount)
            .OrderBy(prompt => layout.SegmentOf(prompt).Start)
            .GroupBy(prompt =>
            {
                var length = layout.Lengths[prompt];
                var classes = (lengthClass(length), lengthClass(keys.Lengths[prompt]));
                (run, last) = (classes == last ? run : run + 1, classes);
                return (classes, onlyNeighbours && length > ShortLength && classes.Item1 == length ? run : 0);
            })
            .Select(group => group.ToArray())];
    }

    private static BucketDraft Draft(PackedLayout layout, KeyLayout keys, int[] prompts, KeyIntervals seen, IndexList host)
    {
        var queryLengths = Array.ConvertAll(prompts, prompt => layout.Lengths[prompt]);
        var keyLengths = Array.ConvertAll(prompts, prompt => keys.Lengths[prompt]);
        var queries = GridDraft.Of((i, token) => layout.SegmentOf(prompts[i]).Start + token, queryLengths, host);
        var keyGrid = GridDraft.Of((i, position) => keys.Slot(prompts[i], position), keyLengths, host);

        var plain = seen.Window is not { } window || window >= keyGrid.Length;
        var areSelves = prompts.All(prompt => layout.Lengths[prompt] == keys.Lengths[prompt]);
        var seesAll = plain && keyLengths.All(length => length == keyGrid.Length)
            && (queries.Length == 1 || (seen.Visibility.IsBidirectional && queryLengths.All(length => length == queries.Length)));
        var causal = plain && areSelves && seen.AreCausal;
        long? bounds = causal || seesAll ? null : host.Count;
        if (bounds is not null)
            for (var i = 0; i < prompts.Length; i++)
                for (var j = 0; j < queries.Length; j++)
                {
                    var (first, last) = seen.Of(prompts[i], keyLengths[i] - queryLengths[i] + Math.Min(j, queryLengths[i] - 1));
                    host.Add(first);
                    host.Add(last);
                }
        return new BucketDraft(prompts, queries, keyGrid, bounds, causal);
    }

    /// <summary>Row of the buckets' joint result for each slot; padding takes any, it is filled over.</summary>
    private static long[] Order(PackedLayout layout, BucketDraft[] drafts)
    {
        var order = new long[layout.SlotCount];
        long row = 0;
        foreach (var draft in drafts)
        {
            foreach (var prompt in draft.Prompts)
            {
                var segment = layout.SegmentOf(prompt);
                for (var i = 0; i < segment.Length; i++)
                    order[segment.Start + i] = row + i;
                row += draft.Queries.Length;
            }
        }
        return order;
    }

    /// <summary>A growing list of indices that go to the device in one upload.</summary>
    private sealed class IndexList
    {
        private readonly List<long> _values = [];

        public long Count => _values.Count;

        public void Add(long value) => _values.Add(value);

        public long Add(long[] values)
        {
            _values.AddRange(values);
            return _values.Count - values.Length;
        }

        public long[] ToArray() => [.. _values];
    }

    /// <summary>
    /// Some prompts' tokens as a grid [prompts, length]: a range of slots where they lie so already, else gathered by indices.
    /// </summary>
    private sealed record GridDraft(long Prompts, int Length, long Start, bool IsRange)
    {
        /// <param name="slot">Slot of a prompt's token.</param>
        /// <param name="lengths">Number of tokens of each prompt.</param>
        /// <param name="host">Where indices go.</param>
        public static GridDraft Of(Func<int, int, int> slot, int[] lengths, IndexList host)
        {
            var (longest, start) = (lengths.Max(), slot(0, 0));
            var isRange = lengths.All(length => length == longest);
            for (var i = 0; isRange && i < lengths.Length; i++)
                for (var j = 0; isRange && j < longest; j++)
                    isRange = slot(i, j) == start + i * longest + j;
            if (isRange)
                return new GridDraft(lengths.Length, longest, start, true);
            var first = host.Count;
            for (var i = 0; i < lengths.Length; i++)
                for (var j = 0; j < longest; j++)
                    host.Add(slot(i, Math.Min(j, lengths[i] - 1)));
            return new GridDraft(lengths.Length, longest, first, false);
        }

        public Grid OnDevice(Tensor indices) => new(Prompts, Length, Start, IsRange ? null : indices.narrow(0, Start, Prompts * Length));
    }

    /// <param name="Prompts">Whose grids.</param>
    /// <param name="Queries">Their queries.</param>
    /// <param name="Keys">Their keys.</param>
    /// <param name="Bounds">Where in the indices the first and last key that each query sees begin, if that wants a mask.</param>
    /// <param name="Causal">Whether queries see the keys up to themselves.</param>
    private sealed record BucketDraft(int[] Prompts, GridDraft Queries, GridDraft Keys, long? Bounds, bool Causal)
    {
        public Bucket OnDevice(Tensor indices, ScalarType dtype)
        {
            Tensor? mask = null;
            if (Bounds is { } start)
            {
                var bounds = indices.narrow(0, start, 2 * Queries.Prompts * Queries.Length).view(Queries.Prompts, Queries.Length, 1, 2);
                var columns = arange(Keys.Length, ScalarType.Int64, indices.device);
                var open = columns.ge(bounds.select(-1, 0)).logical_and_(columns.le(bounds.select(-1, 1)));
                mask = BlockMask.Typed(open.unsqueeze(1), dtype);
            }
            return new Bucket(Queries.OnDevice(indices), Keys.OnDevice(indices), mask, Causal);
        }
    }

    private sealed record Grid(long Prompts, long Length, long Start, Tensor? Indices)
    {
        public Tensor Of(Tensor slots)
        {
            var tokens = Indices is null ? slots.narrow(0, Start, Prompts * Length) : slots.index_select(0, Indices);
            return tokens.view(Prompts, Length, slots.shape[1], slots.shape[2]);
        }
    }

    private sealed record Bucket(Grid Queries, Grid Keys, Tensor? Mask, bool Causal);
}

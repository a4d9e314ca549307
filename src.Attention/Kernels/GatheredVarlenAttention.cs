using System.Diagnostics;
using TorchSharp;
using static TorchSharp.torch;

namespace PackingKit.Attention;

/// <summary>
/// libtorch's variable-length CUDA kernels over queries and keys that are brought side by side first, run by run, so that they need nothing
/// but cumulative lengths: which is all that their gradients know. Called through libtorch's dispatcher, which records them. Spans are runs
/// of their own that see all of their keys, in a second call.
/// </summary>
internal sealed class GatheredVarlenAttention : AttentionPlan
{
    internal static readonly Lazy<jit.CompilationUnit> EfficientScript = new(static () => jit.compile("""
        def attend(q, k, v, starts_q, starts_k, max_q: int, max_k: int, mask: int, scale: float):
            return torch._efficient_attention_forward(
                q, k, v, None, starts_q, starts_k, max_q, max_k, 0.0, mask, True, scale=scale)[0]

        """));

    private readonly Group[] _groups;
    private readonly Tensor? _order;
    private readonly long _slots;

    public GatheredVarlenAttention(PackedBatch batch, KeyLayout keys, AttentionShape shape, KeyIntervals seen)
        : base(shape)
    {
        using var scope = NewDisposeScope();
        var layout = batch.Layout;
        _slots = layout.SlotCount;
        var runs = layout.Segments.ToArray().SelectMany(segment =>
            seen.Runs(segment.Prompt, keys.Lengths[segment.Prompt] - segment.Length)
                .Select(run => new Run(segment, run.Start, run.End, run.IsCausal))).ToArray();
        var groups = runs.GroupBy(run => run.IsCausal).ToArray();
        _groups = Array.ConvertAll(groups, group => new Group(layout, keys, [.. group], batch.Device));
        var order = groups.SelectMany(group => group.SelectMany(run => run.Queries(keys))).ToArray();
        if (!IsIdentity(order, layout.SlotCount))
            _order = tensor(order, device: batch.Device);
        foreach (var tensor in Owned)
            tensor.DetachFromDisposeScope();
    }

    public override string Remark => _groups.Length > 1 ? ", in two calls" : "";

    public override string? GradientObstacle => ObstacleTo(Shape);

    private IEnumerable<Tensor> Owned => _groups.SelectMany(group => group.Owned).Append(_order).OfType<Tensor>();

    /// <summary>Why a shape has no gradient, or <see langword="null"/>.</summary>
    public static string? ObstacleTo(AttentionShape shape) =>
        shape.Window is not null && !VarlenAttention.IsHalf(shape) ? "the memory-efficient kernel's leaves the window out"
        : Dispatcher.Obstacle;

    public override void Dispose()
    {
        foreach (var tensor in Owned)
            tensor.Dispose();
    }

    public override Tensor Attend(Tensor query, Tensor key, Tensor value, Tensor? rotaryTable = null)
    {
        Debug.Assert(rotaryTable is null, "Queries are rotated already.");
        var attended = Array.ConvertAll(_groups, group => group.Attend(query, key, value, this));
        var all = attended.Length == 1 ? attended[0] : cat(attended);
        return _order is null ? all : zeros([_slots, .. all.shape[1..]], all.dtype, all.device).index_copy(0, _order, all);
    }

    /// <summary>Some of a prompt's queries, and all of its keys up to the last of them.</summary>
    /// <param name="Segment">The prompt's place.</param>
    /// <param name="Start">Position of the first query among the prompt's keys.</param>
    /// <param name="End">Position after that of the last query.</param>
    /// <param name="IsCausal">Whether a query sees the keys up to itself, or all.</param>
    private readonly record struct Run(PackedSegment Segment, int Start, int End, bool IsCausal)
    {
        /// <summary>Slots of the queries.</summary>
        public IEnumerable<long> Queries(KeyLayout keys)
        {
            var first = Segment.End - (keys.Lengths[Segment.Prompt] - Start);
            return Enumerable.Range(first, End - Start).Select(slot => (long)slot);
        }

        /// <summary>Slots of the keys.</summary>
        public IEnumerable<long> Keys(KeyLayout keys)
        {
            var prompt = Segment.Prompt;
            return Enumerable.Range(0, End).Select(position => (long)keys.Slot(prompt, position));
        }
    }

    /// <summary>Runs that one call takes.</summary>
    private sealed class Group
    {
        private readonly Tensor? _queries;
        private readonly Tensor? _keys;
        private readonly Tensor _queryStarts;
        private readonly Tensor _keyStarts;
        private readonly long _maxQueries;
        private readonly long _maxKeys;
        private readonly bool _causal;

        public Group(PackedLayout layout, KeyLayout keys, Run[] runs, Device device)
        {
            _causal = runs[0].IsCausal;
            long[] queries = [.. runs.SelectMany(run => run.Queries(keys))], keySlots = [.. runs.SelectMany(run => run.Keys(keys))];
            if (!IsIdentity(queries, layout.SlotCount))
                _queries = tensor(queries, device: device);
            if (!IsIdentity(keySlots, keys.SlotCount))
                _keys = tensor(keySlots, device: device);
            _queryStarts = Cumulative(runs, run => run.End - run.Start, out _maxQueries).to(device);
            _keyStarts = Cumulative(runs, run => run.End, out _maxKeys).to(device);
        }

        public IEnumerable<Tensor> Owned => ((Tensor?[])[_queries, _keys, _queryStarts, _keyStarts]).OfType<Tensor>();

        public Tensor Attend(Tensor query, Tensor key, Tensor value, GatheredVarlenAttention plan)
        {
            (query, key, value) = (Side(query, _queries), Side(key, _keys), Side(value, _keys));
            if (VarlenAttention.IsHalf(plan.Shape))
                return Flash(query, key, value, plan.Shape);
            (key, value) = (plan.Ungrouped(key).unsqueeze(0), plan.Ungrouped(value).unsqueeze(0));
            return Efficient(query.unsqueeze(0), key, value, plan.Shape).squeeze(0);
        }

        private static Tensor Side(Tensor tensor, Tensor? slots) =>
            slots is null ? VarlenAttention.OnBoundaries(tensor) : tensor.index_select(0, slots);

        private static Tensor Cumulative(Run[] runs, Func<Run, int> length, out long longest)
        {
            var starts = new int[runs.Length + 1];
            longest = 0;
            for (var i = 0; i < runs.Length; i++)
            {
                starts[i + 1] = checked(starts[i] + length(runs[i]));
                longest = Math.Max(longest, length(runs[i]));
            }
            return tensor(starts);
        }

        private Tensor Flash(Tensor query, Tensor key, Tensor value, AttentionShape shape)
        {
            var window = (shape.Window ?? 0) - 1L;
            Span<ulong> stack = stackalloc ulong[Dispatcher.StackSize];
            stack.Clear();
            ReadOnlySpan<ulong> arguments =
            [
                Dispatcher.Of(query), Dispatcher.Of(key), Dispatcher.Of(value),
                Dispatcher.Some(Dispatcher.Of(_queryStarts)), Dispatcher.Some(Dispatcher.Of(_keyStarts)),
                Dispatcher.Of(_maxQueries), Dispatcher.Of(_maxKeys), Dispatcher.Of(0.0), Dispatcher.Of(_causal), Dispatcher.Of(false),
                Dispatcher.Some(Dispatcher.Of(shape.Scale)),
                shape.Window is null ? Dispatcher.None : Dispatcher.Some(Dispatcher.Of(window)),
                shape.Window is null ? Dispatcher.None : Dispatcher.Some(Dispatcher.Of(_causal ? 0L : window)),
            ];
            arguments.CopyTo(stack);
            return Dispatcher.Call("aten::_flash_attention_forward"u8, stack, tensors: 5);
        }

        // Through TorchScript, which reaches the dispatcher too: its stable interface mistakes the types of this operation's results.
        private Tensor Efficient(Tensor query, Tensor key, Tensor value, AttentionShape shape) =>
            (Tensor)EfficientScript.Value.invoke(
                "attend", query, key, value, _queryStarts, _keyStarts, _maxQueries, _maxKeys, AotiTorch.EfficientMask(_causal),
                shape.Scale);
    }
}

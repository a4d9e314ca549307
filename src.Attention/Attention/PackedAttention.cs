using System.Diagnostics;
using TorchSharp;
using static TorchSharp.torch;

namespace PackingKit.Attention;

/// <summary>
/// Attention of every prompt of a packed batch to itself and to nothing else; of every node of a forest also to those that it goes on from.
/// Causal unless a <see cref="Visibility"/> says otherwise. Planned once per batch, then called in every layer: a call neither uploads
/// anything (but the first of a plan that records gradients on CUDA) nor waits for the device.
/// </summary>
/// <remarks>
/// <para>Tensors are [slots, heads, head size], as linear layers give them; queries, keys and values may be slices of one fused product as
/// long as the last dimension is contiguous. What comes out in padding slots is 0, and no gradient comes back through them.</para>
/// <para>Gradients go through every kernel. On CUDA they are those of libtorch's variable-length kernels, whose gradient of the query adds
/// up in no fixed order in half types: it differs in the last bits from call to call, the results and the other gradients do not.</para>
/// <para>Isolation: with <see cref="AttentionKernel.Varlen"/>, <see cref="AttentionKernel.Segment"/> and
/// <see cref="AttentionKernel.Padded"/> no value of one prompt, not even NaN, has any influence on another. With
/// <see cref="AttentionKernel.Dense"/> that holds for finite values: a closed entry has weight 0, and 0 times NaN is NaN.</para>
/// <para>A plan belongs to its batch (and its cache step), which must live as long. Dispose frees what the plan put on the device. Not
/// thread-safe.</para>
/// </remarks>
[DebuggerDisplay("{ToString(),nq}")]
public sealed class PackedAttention : IDisposable
{
    private readonly AttentionPlan _plan;
    private readonly PackedBatch? _batch;
    private readonly bool _isEmpty;
    private readonly long _querySlots;
    private readonly long _keySlots;
    private readonly Device _device;
    private readonly Tensor? _padding;

    private PackedAttention(
        PackedBatch batch, KeyLayout keys, AttentionShape shape, AttentionKernel kernel, AttentionPlan plan, string reason)
    {
        _plan = plan;
        _batch = keys.AreQueries ? batch : null;
        _isEmpty = batch.Layout.TokenCount == 0;
        _querySlots = batch.Layout.SlotCount;
        _keySlots = keys.SlotCount;
        _device = batch.Device;
        _padding = Padding(batch);
        Kernel = kernel;
        Shape = shape;
        Reason = reason + plan.Remark;
    }

    /// <summary>How this plan attends.</summary>
    public AttentionKernel Kernel { get; }

    /// <summary>Why that kernel was taken, in words.</summary>
    public string Reason { get; }

    /// <summary>The layer that the plan was made for.</summary>
    public AttentionShape Shape { get; }

    /// <summary>The kernel and why it was taken: "Segment: ...".</summary>
    public override string ToString() => $"{Kernel}: {Reason}";

    /// <summary>Plans the attention of a batch's prompts to themselves.</summary>
    /// <param name="batch">The packed prompts; its device is where attention runs.</param>
    /// <param name="shape">The layer.</param>
    /// <param name="kernel">The kernel to use; where none is given, the fastest that device and type allow.</param>
    /// <param name="visibility">Who sees whom; <see cref="Visibility.Causal"/> where nothing is given.</param>
    /// <exception cref="ArgumentNullException">The batch or the shape is <see langword="null"/>.</exception>
    /// <exception cref="ArgumentException">There are spans for another number of prompts.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A span does not lie in its prompt, or overlaps one; the message names it.</exception>
    /// <exception cref="InvalidOperationException">
    /// The batch's prompts go on from earlier tokens: plan with the step of their cache.
    /// </exception>
    /// <exception cref="NotSupportedException">
    /// The kernel asked for cannot do it, a forest's tokens would see those that go on from them (bidirectional attention always), or a
    /// span is given to another node of it than the one it lies in; the message says why.
    /// </exception>
    public static PackedAttention Plan(
        PackedBatch batch, AttentionShape shape, AttentionKernel? kernel = null, Visibility? visibility = null)
    {
        ArgumentNullException.ThrowIfNull(batch);
        ArgumentNullException.ThrowIfNull(shape);
        if (!batch.Layout.IsForest && batch.Layout.PastLengths.ContainsAnyExcept(0))
            throw new InvalidOperationException(
                "The batch goes on from earlier tokens: plan with the step that PackedKVCache.Append gives.");
        return Plan(batch, KeyLayout.Of(batch.Layout), shape, kernel, visibility);
    }

    /// <summary>
    /// Plans the attention of a step's new tokens to what the cache holds of their prompts, themselves included (bottom-right causal).
    /// </summary>
    /// <param name="step">The tokens that were appended to a cache; keys and values are then the cache's.</param>
    /// <param name="shape">The layer.</param>
    /// <param name="kernel">The kernel to use; where none is given, the fastest that device and type allow.</param>
    /// <param name="visibility">
    /// Who sees whom; <see cref="Visibility.Causal"/> where nothing is given. Spans count a prompt's tokens from its first, earlier ones
    /// included.
    /// </param>
    /// <exception cref="ArgumentNullException">The step or the shape is <see langword="null"/>.</exception>
    /// <exception cref="ArgumentException">There are spans for another number of prompts.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A span does not lie in its prompt, or overlaps one; the message names it.</exception>
    /// <exception cref="NotSupportedException">
    /// The kernel asked for cannot do it, or earlier tokens would have had to see new ones; the message says why.
    /// </exception>
    public static PackedAttention Plan(
        PackedCacheStep step, AttentionShape shape, AttentionKernel? kernel = null, Visibility? visibility = null)
    {
        ArgumentNullException.ThrowIfNull(step);
        ArgumentNullException.ThrowIfNull(shape);
        return Plan(step.Batch, step.KeyLayout, shape, kernel, visibility);
    }

    /// <summary>Attends.</summary>
    /// <param name="query">[slots, heads, head size].</param>
    /// <param name="key">[key slots, KV heads, head size]: the batch's slots, or the cache's for a plan made with a step.</param>
    /// <param name="value">Like <paramref name="key"/>.</param>
    /// <returns>[slots, heads, head size]; the caller's.</returns>
    /// <exception cref="ArgumentException">
    /// A tensor has another shape, type or device than planned for, or its last dimension is not contiguous.
    /// </exception>
    /// <exception cref="NotSupportedException">
    /// A tensor requires a gradient, gradients are recorded, and the kernel (<see cref="AttentionKernel.Varlen"/> in float32 with a window)
    /// gives none.
    /// </exception>
    public Tensor Forward(Tensor query, Tensor key, Tensor value) => Attended(query, key, value, rotary: null);

    /// <summary>
    /// Rotates queries and keys by a rotary embedding, and attends: what <see cref="RotaryEmbedding.Apply(Tensor, Tensor, PackedBatch)"/>
    /// and <see cref="Forward(Tensor, Tensor, Tensor)"/> do, with the rotated keys in place, to be kept as a cache. Queries may be rotated
    /// on the way: what is left in <paramref name="query"/> has no meaning. Where a tensor requires a gradient, and gradients are recorded,
    /// all three stay as they are instead.
    /// </summary>
    /// <param name="query">[slots, heads, head size], not yet rotated.</param>
    /// <param name="key">[slots, KV heads, head size], not yet rotated.</param>
    /// <param name="value">Like <paramref name="key"/>.</param>
    /// <param name="rotary">The embedding.</param>
    /// <returns>[slots, heads, head size]; the caller's.</returns>
    /// <exception cref="ArgumentException">
    /// A tensor has another shape, type or device than planned for, or its last dimension is not contiguous; two of them share
    /// memory; or the embedding is for heads of another size.
    /// </exception>
    /// <exception cref="ArgumentOutOfRangeException">The batch has a position beyond the embedding's table.</exception>
    /// <exception cref="InvalidOperationException">
    /// The plan was made with a step: its keys are in a cache, where <see cref="RotaryEmbedding"/> writes them rotated.
    /// </exception>
    /// <exception cref="NotSupportedException">As for the other overload.</exception>
    public Tensor Forward(Tensor query, Tensor key, Tensor value, RotaryEmbedding rotary)
    {
        ArgumentNullException.ThrowIfNull(rotary);
        if (_batch is null)
            throw new InvalidOperationException("The plan attends to a cache: let RotaryEmbedding.Apply write rotated keys there first.");
        return Attended(query, key, value, rotary);
    }

    /// <summary>Frees what the plan put on the device.</summary>
    public void Dispose()
    {
        _plan.Dispose();
        _padding?.Dispose();
    }

    private static PackedAttention Plan(
        PackedBatch batch, KeyLayout keys, AttentionShape shape, AttentionKernel? kernel, Visibility? visibility)
    {
        var seen = new KeyIntervals(batch.Layout, keys, visibility ?? Visibility.Causal, shape.Window);
        var obstacle = VarlenAttention.Obstacle(batch.Device, shape, seen.Visibility);
        var (chosen, reason) = kernel is { } forced
            ? (forced, "asked for")
            : obstacle is null
                ? (AttentionKernel.Varlen, $"{batch.Device.type} with {shape.Dtype}: {VarlenAttention.Describe(shape)}")
                : (AttentionKernel.Segment, $"{obstacle}; dense batches of like lengths need neither a large mask nor that kernel");
        AttentionPlan plan = chosen switch
        {
            AttentionKernel.Varlen when obstacle is not null => throw new NotSupportedException(obstacle),
            AttentionKernel.Varlen when seen.Visibility.HasSpans => new GatheredVarlenAttention(batch, keys, shape, seen),
            AttentionKernel.Varlen => new VarlenAttention(batch, keys, shape, seen),
            AttentionKernel.Segment when CascadeAttention.Suits(batch, keys, seen) => new CascadeAttention(batch, keys, shape, seen),
            AttentionKernel.Segment => new SegmentAttention(
                batch, keys, shape, seen,
                seen.Visibility.IsBidirectional ? SegmentAttention.EqualLengths : SegmentAttention.LikeLengths),
            AttentionKernel.Padded => new SegmentAttention(batch, keys, shape, seen, SegmentAttention.AnyLength),
            AttentionKernel.Dense => new DenseAttention(batch, keys, shape, seen),
            _ => throw new ArgumentOutOfRangeException(nameof(kernel), kernel, "No such kernel."),
        };
        return new PackedAttention(batch, keys, shape, chosen, plan, reason);
    }

    private Tensor Attended(Tensor query, Tensor key, Tensor value, RotaryEmbedding? rotary)
    {
        Check(query, _querySlots, Shape.Heads, nameof(query));
        Check(key, _keySlots, Shape.KeyValueHeads, nameof(key));
        Check(value, _keySlots, Shape.KeyValueHeads, nameof(value));
        var wantGradient = TensorChecks.WantGradient(query, key, value);
        if (wantGradient && _plan.GradientObstacle is { } obstacle)
            throw new NotSupportedException(
                $"{Kernel} attention gives no gradient here ({obstacle}), and an input requires one: " +
                $"plan with {nameof(AttentionKernel)}.{nameof(AttentionKernel.Segment)}, or call it under torch.no_grad().");
        if (rotary is not null)
        {
            TensorChecks.RequireApart(key, nameof(key), query, nameof(query));
            TensorChecks.RequireApart(value, nameof(value), query, nameof(query));
            TensorChecks.RequireApart(value, nameof(value), key, nameof(key));
        }
        if (_isEmpty)
            return _padding is null ? query.alias() : query.index_fill(0, _padding, 0);
        using var scope = NewDisposeScope();
        Tensor? table = null;
        if (rotary is not null && wantGradient)
        {
            (query, key) = (rotary.Rotated(query, _batch!), rotary.Rotated(key, _batch!));
        }
        else if (rotary is { IsPlain: true } && _plan.RotatesQueries)
        {
            rotary.ApplyToKeys(key, _batch!);
            table = rotary.Table32;
        }
        else
        {
            rotary?.Apply(query, key, _batch!);
        }
        return WithoutPadding(_plan.Attend(query, key, value, table)).MoveToOuterDisposeScope();
    }

    /// <summary>Zeros in padding slots: whatever a kernel leaves there, it is no part of a result, of a loss or of a gradient.</summary>
    private Tensor WithoutPadding(Tensor attended) =>
        _padding is null ? attended
        : attended.requires_grad ? attended.index_fill(0, _padding, 0) // a kernel may need its result again to go back
        : attended.index_fill_(0, _padding, 0);

    /// <summary>The batch's padding slots, int64; <see langword="null"/> where there are none.</summary>
    private static Tensor? Padding(PackedBatch batch)
    {
        var layout = batch.Layout;
        if (layout.SlotCount == layout.TokenCount)
            return null;
        var slots = new long[layout.SlotCount - layout.TokenCount];
        var (count, end) = (0, 0);
        foreach (var segment in layout.Segments)
        {
            for (; end < segment.Start; end++)
                slots[count++] = end;
            end = segment.End;
        }
        for (; end < layout.SlotCount; end++)
            slots[count++] = end;
        return tensor(slots, device: batch.Device).DetachFromDisposeScope();
    }

    private void Check(Tensor tensor, long slots, int heads, string name)
    {
        TensorChecks.Require(tensor, name, [slots, heads, Shape.HeadSize], Shape.Dtype, _device);
        if (Shape.HeadSize > 1 && tensor.stride(2) != 1)
            throw new ArgumentException($"The elements of a head must lie side by side, not {tensor.stride(2)} apart.", name);
    }
}

using TorchSharp;
using static TorchSharp.torch;

namespace PackingKit.Attention;

// From packed slots to prompts and back. Packed tensors are [slots, ...]; of [rows, width, ...] take flatten(0, 1), which is a view.
public sealed partial class PackedBatch
{
    /// <summary>
    /// What packed results have for each prompt's last token: all that the language-model head has to see. One index operation.
    /// </summary>
    /// <param name="packed">[slots, ...].</param>
    /// <returns>[prompts, ...], in prompt order.</returns>
    /// <exception cref="ArgumentException">The leading dimension is not the layout's number of slots.</exception>
    public Tensor LastTokens(Tensor packed) => Checked(packed).index_select(0, LastTokenIndices);

    /// <summary>
    /// Packed results in token order, padding left out: a view where the layout is in token order already, else one index operation.
    /// </summary>
    /// <param name="packed">[slots, ...].</param>
    /// <returns>[tokens, ...].</returns>
    /// <exception cref="ArgumentException">The leading dimension is not the layout's number of slots.</exception>
    public Tensor ToTokens(Tensor packed) => Layout.IsTokenOrder ? Checked(packed).alias() : Checked(packed).index_select(0, SlotIndices);

    /// <summary>Tokens into packed slots, zeros in padding: the inverse of <see cref="ToTokens"/>. One index operation.</summary>
    /// <param name="tokens">[tokens, ...], in token order.</param>
    /// <returns>[slots, ...].</returns>
    /// <exception cref="ArgumentException">The leading dimension is not the layout's number of tokens.</exception>
    public Tensor FromTokens(Tensor tokens)
    {
        TensorChecks.RequireLeading(tokens, nameof(tokens), Layout.TokenCount, Device);
        return zeros([Layout.SlotCount, .. tokens.shape[1..]], tokens.dtype, tokens.device).index_copy_(0, SlotIndices, tokens);
    }

    /// <summary>
    /// Packed results as one row per prompt, zeros in padding. One index operation and one fill, whatever the number of prompts.
    /// </summary>
    /// <param name="packed">[slots, ...].</param>
    /// <param name="side">Where the padding shall be.</param>
    /// <returns>[prompts, longest prompt, ...], in prompt order.</returns>
    /// <exception cref="ArgumentException">The leading dimension is not the layout's number of slots.</exception>
    /// <exception cref="NotSupportedException">The layout is a forest, whose prompts have their tokens in several nodes.</exception>
    public Tensor ToPadded(Tensor packed, PaddingSide side)
    {
        RequirePrompts();
        Checked(packed);
        using var scope = NewDisposeScope();
        return Padded(side).Of(packed).MoveToOuterDisposeScope();
    }

    /// <summary>
    /// Which entries of <see cref="ToPadded"/> are tokens, as bool [prompts, longest prompt]: the attention mask of the padded batch.
    /// </summary>
    /// <param name="side">Where the padding is.</param>
    /// <exception cref="NotSupportedException">The layout is a forest, whose prompts have their tokens in several nodes.</exception>
    public Tensor PaddedMask(PaddingSide side)
    {
        RequirePrompts();
        using var scope = NewDisposeScope();
        return Padded(side).Padding.logical_not().MoveToOuterDisposeScope();
    }

    /// <summary>
    /// A packed cache as one row per prompt, zeros in padding: <see cref="ToPadded"/> with the heads between row and column.
    /// </summary>
    /// <param name="cache">Keys or values: [slots, heads, dim] as variable-length kernels write them, or [rows, heads, width, dim].</param>
    /// <param name="side">Where the padding shall be; left is what decoding loops that append want.</param>
    /// <returns>[prompts, heads, longest prompt, dim] (a transposed view of contiguous memory), in prompt order.</returns>
    /// <exception cref="ArgumentException">The dimensions are not the layout's.</exception>
    /// <exception cref="NotSupportedException">The layout is a forest, whose prompts have their tokens in several nodes.</exception>
    public Tensor CacheToPadded(Tensor cache, PaddingSide side)
    {
        RequirePrompts();
        var isRows = IsRows(cache);
        using var scope = NewDisposeScope();
        var gather = Padded(side);
        return (isRows ? gather.OfRows(cache) : gather.Of(cache)).transpose(1, 2).MoveToOuterDisposeScope();
    }

    /// <summary>
    /// Each prompt's part of packed results (of a forest, each node's), as views: nothing is copied, and writing to one writes to the
    /// whole.
    /// </summary>
    /// <param name="packed">[slots, ...], on any device.</param>
    /// <returns>For each prompt or node [length, ...], in their order; the caller frees them.</returns>
    /// <exception cref="ArgumentException">The leading dimension is not the layout's number of slots.</exception>
    public Tensor[] Split(Tensor packed)
    {
        TensorChecks.RequireLeading(packed, nameof(packed), Layout.SlotCount, device: null);
        return Views(segment => packed.narrow(0, segment.Start, segment.Length));
    }

    /// <summary>Each prompt's part of a packed cache, as views: nothing is copied.</summary>
    /// <param name="cache">[slots, heads, dim], or [rows, heads, width, dim].</param>
    /// <returns>For each prompt [heads, length, dim], in prompt order; the caller frees them.</returns>
    /// <exception cref="ArgumentException">The dimensions are not the layout's.</exception>
    /// <exception cref="NotSupportedException">The layout is a forest, whose prompts have their tokens in several nodes.</exception>
    public Tensor[] SplitCache(Tensor cache)
    {
        RequirePrompts();
        var isRows = IsRows(cache);
        return Views(segment =>
        {
            using var part = isRows ? cache.select(0, segment.Row) : cache.narrow(0, segment.Start, segment.Length);
            return isRows ? part.narrow(1, segment.Start - (long)segment.Row * Layout.RowWidth, segment.Length) : part.transpose(0, 1);
        });
    }

    /// <summary>Slot of each token, int64 [tokens].</summary>
    private Tensor SlotIndices => _slotIndices ??= tensor(Layout.SlotIndices.ToArray(), device: Device).DetachFromDisposeScope();

    /// <summary>Slot of each prompt's first token, and each prompt's length, int64 [2, prompts].</summary>
    private Tensor Places
    {
        get
        {
            return _places ??= tensor(Fill(), [2, Layout.PromptCount], device: Device).DetachFromDisposeScope();

            long[] Fill()
            {
                var places = new long[2 * Layout.PromptCount];
                for (var prompt = 0; prompt < Layout.PromptCount; prompt++)
                    (places[prompt], places[Layout.PromptCount + prompt]) = (Layout.SegmentOf(prompt).Start, Layout.Lengths[prompt]);
                return places;
            }
        }
    }

    /// <summary>In the dispose scope at hand.</summary>
    private PaddedGather Padded(PaddingSide side) => new(Places.select(0, 0), Places.select(0, 1), Layout.MaxSeqLen, side);

    private Tensor[] Views(Func<PackedSegment, Tensor> view)
    {
        var views = new Tensor[Layout.PromptCount];
        for (var prompt = 0; prompt < views.Length; prompt++)
            views[prompt] = view(Layout.SegmentOf(prompt));
        return views;
    }

    private void RequirePrompts()
    {
        if (Layout.IsForest)
            throw new NotSupportedException(
                "The layout is a forest, whose prompts have their tokens in several nodes: PackedKVCache.ToPadded and PackedKVCache.Split" +
                " give whole prompts, PackedBatch.Split gives nodes.");
    }

    private Tensor Checked(Tensor packed)
    {
        TensorChecks.RequireLeading(packed, nameof(packed), Layout.SlotCount, Device);
        return packed;
    }

    /// <summary>Whether a cache is [rows, heads, width, dim] rather than [slots, heads, dim].</summary>
    private bool IsRows(Tensor cache)
    {
        ArgumentNullException.ThrowIfNull(cache);
        var shape = cache.shape;
        var isRows = shape.Length == 4 && shape[0] == Layout.RowCount && shape[2] == Layout.RowWidth;
        var isSlots = shape.Length == 3 && shape[0] == Layout.SlotCount;
        return (isRows || isSlots) && !cache.is_sparse && TensorChecks.IsOn(cache, Device)
            ? isRows
            : throw TensorChecks.Mismatch(
                $"[{Layout.SlotCount}, heads, dim] or [{Layout.RowCount}, heads, {Layout.RowWidth}, dim] on {Device}",
                cache, nameof(cache));
    }
}

using TorchSharp;
using static TorchSharp.torch;

namespace PackingKit.Attention;

public sealed partial class PackedBatch
{
    /// <summary>The rows of packed results that belong to each prompt's last token: what the language-model head has to see. One index operation.</summary>
    /// <param name="packed">[rows, width, ...] or [slots, ...]; where both would fit (a width of 1), the first is taken.</param>
    /// <returns>[prompts, ...], in prompt order.</returns>
    /// <exception cref="ArgumentException">The leading dimensions are not the layout's.</exception>
    public Tensor LastTokens(Tensor packed)
    {
        using var scope = NewDisposeScope();
        return Gather(packed, LeadingDimensions(packed), LastTokenIndices).MoveToOuterDisposeScope();
    }

    /// <summary>Packed results in token order, padding left out: a view where the layout is in token order already, else one index operation.</summary>
    /// <param name="packed">[rows, width, ...] or [slots, ...].</param>
    /// <returns>[tokens, ...].</returns>
    /// <exception cref="ArgumentException">The leading dimensions are not the layout's.</exception>
    public Tensor ToTokens(Tensor packed)
    {
        using var scope = NewDisposeScope();
        var leading = LeadingDimensions(packed);
        var tokens = Layout.IsTokenOrder && Slots(packed, leading) is { } slots ? slots.alias() : Gather(packed, leading, _slotIndices);
        return tokens.MoveToOuterDisposeScope();
    }

    /// <summary>Tokens back into packed slots, zeros in padding: the inverse of <see cref="ToTokens"/>. One index operation.</summary>
    /// <param name="tokens">[tokens, ...], in token order.</param>
    /// <returns>[rows, width, ...].</returns>
    /// <exception cref="ArgumentException">The leading dimension is not the layout's number of tokens.</exception>
    public Tensor FromTokens(Tensor tokens)
    {
        ArgumentNullException.ThrowIfNull(tokens);
        if (tokens.dim() < 1 || tokens.shape[0] != Layout.TokenCount)
            throw WrongShape($"[{Layout.TokenCount}, ...]", tokens.shape, nameof(tokens));
        using var scope = NewDisposeScope();
        var rest = tokens.shape[1..];
        var slots = zeros([Layout.SlotCount, .. rest], tokens.dtype, tokens.device).index_copy_(0, _slotIndices, tokens);
        return slots.view([Layout.RowCount, Layout.RowWidth, .. rest]).MoveToOuterDisposeScope();
    }

    /// <summary>Packed results as one row a prompt, zeros in padding. One index operation and one fill, whatever the number of prompts.</summary>
    /// <param name="packed">[rows, width, ...] or [slots, ...].</param>
    /// <param name="side">Where the padding shall be.</param>
    /// <returns>[prompts, longest prompt, ...], in prompt order.</returns>
    /// <exception cref="ArgumentException">The leading dimensions are not the layout's.</exception>
    public Tensor ToPadded(Tensor packed, PaddingSide side) => Pad(packed, LeadingDimensions(packed), side);

    private Tensor Pad(Tensor packed, int leading, PaddingSide side)
    {
        using var scope = NewDisposeScope();
        var offsets = PaddedOffsets(side);
        var real = IsReal(offsets);
        var slots = offsets.add(_starts.unsqueeze(1)).mul_(real).flatten(); // padding reads slot 0, whatever is there, and is then overwritten
        var padded = Gather(packed, leading, slots);
        var rest = padded.shape[1..];
        padded = padded.view([Layout.PromptCount, Layout.MaxSeqLen, .. rest]);
        var padding = real.logical_not().view([Layout.PromptCount, Layout.MaxSeqLen, .. Enumerable.Repeat(1L, rest.Length)]);
        return padded.masked_fill_(padding, 0).MoveToOuterDisposeScope();
    }

    /// <summary>Which entries of <see cref="ToPadded"/> are tokens, as bool [prompts, longest prompt]: the attention mask of the padded batch.</summary>
    /// <param name="side">Where the padding is.</param>
    public Tensor PaddedMask(PaddingSide side)
    {
        using var scope = NewDisposeScope();
        return IsReal(PaddedOffsets(side)).MoveToOuterDisposeScope();
    }

    /// <summary>A packed cache as one row a prompt, zeros in padding: <see cref="ToPadded"/> with the heads between row and column.</summary>
    /// <param name="cache">Keys or values: [rows, heads, width, dim], or [slots, heads, dim] as variable-length kernels write them.</param>
    /// <param name="side">Where the padding shall be; left is what decoding loops that append want.</param>
    /// <returns>[prompts, heads, longest prompt, dim] (a transposed view of contiguous memory), in prompt order.</returns>
    /// <exception cref="ArgumentException">The dimensions are not the layout's.</exception>
    public Tensor CacheToPadded(Tensor cache, PaddingSide side)
    {
        ArgumentNullException.ThrowIfNull(cache);
        var leading = CacheLeadingDimensions(cache);
        using var scope = NewDisposeScope();
        var packed = leading == 2 ? cache.transpose(1, 2) : cache;
        return Pad(packed, leading, side).transpose(1, 2).MoveToOuterDisposeScope();
    }

    /// <summary>Each prompt's part of packed results, as views: nothing is copied, and writing to one writes to the whole.</summary>
    /// <param name="packed">[rows, width, ...] or [slots, ...].</param>
    /// <returns>For each prompt [length, ...], in prompt order; the caller frees them.</returns>
    /// <exception cref="ArgumentException">The leading dimensions are not the layout's.</exception>
    public Tensor[] Split(Tensor packed)
    {
        var leading = LeadingDimensions(packed);
        return Views(segment => leading == 1
            ? packed.narrow(0, segment.Start, segment.Length)
            : Column(packed, segment, 0));
    }

    /// <summary>Each prompt's part of a packed cache, as views: nothing is copied.</summary>
    /// <param name="cache">[rows, heads, width, dim], or [slots, heads, dim].</param>
    /// <returns>For each prompt [heads, length, dim], in prompt order; the caller frees them.</returns>
    /// <exception cref="ArgumentException">The dimensions are not the layout's.</exception>
    public Tensor[] SplitCache(Tensor cache)
    {
        var leading = CacheLeadingDimensions(cache);
        return Views(segment =>
        {
            if (leading == 2)
                return Column(cache, segment, 1);
            using var tokens = cache.narrow(0, segment.Start, segment.Length);
            return tokens.transpose(0, 1);
        });
    }

    private Tensor[] Views(Func<PackedSegment, Tensor> view)
    {
        var views = new Tensor[Layout.PromptCount];
        for (var prompt = 0; prompt < views.Length; prompt++)
            views[prompt] = view(Layout.SegmentOf(prompt));
        return views;
    }

    /// <summary>A segment of [rows, ..., width, ...], where the width is dimension <paramref name="dimension"/> of a row.</summary>
    private Tensor Column(Tensor rows, PackedSegment segment, long dimension)
    {
        using var row = rows.select(0, segment.Row);
        return row.narrow(dimension, segment.Start - (long)segment.Row * Layout.RowWidth, segment.Length);
    }

    /// <summary>Column of the padded batch as an offset into its prompt, [prompts, longest]: negative or beyond the length in padding.</summary>
    private Tensor PaddedOffsets(PaddingSide side)
    {
        var columns = arange(Layout.MaxSeqLen, ScalarType.Int64, Device).unsqueeze(0).expand(Layout.PromptCount, -1);
        return side == PaddingSide.Right ? columns : columns.add(_lengths.unsqueeze(1)).sub_(Layout.MaxSeqLen);
    }

    private Tensor IsReal(Tensor offsets) => offsets.ge(0).logical_and_(offsets.lt(_lengths.unsqueeze(1)));

    /// <summary>Rows of the packed tensor by slot, by one index operation also where it cannot be seen as one list of slots.</summary>
    private Tensor Gather(Tensor packed, int leading, Tensor slots)
    {
        if (Slots(packed, leading) is { } flat)
            return flat.index_select(0, slots);
        var rows = slots.div(Layout.RowWidth, RoundingMode.floor);
        return packed.index(rows, slots.remainder(Layout.RowWidth));
    }

    /// <summary>The packed tensor as [slots, ...] without a copy, or <see langword="null"/> where its strides do not allow that.</summary>
    private Tensor? Slots(Tensor packed, int leading)
    {
        if (leading == 1)
            return packed;
        var mergeable = Layout.RowCount == 1 || Layout.RowWidth == 1 || packed.stride(0) == packed.stride(1) * Layout.RowWidth;
        return mergeable ? packed.flatten(0, 1) : null;
    }

    /// <summary>2 for [rows, width, ...], else 1 for [slots, ...].</summary>
    private int LeadingDimensions(Tensor packed)
    {
        ArgumentNullException.ThrowIfNull(packed);
        var shape = packed.shape;
        if (shape.Length >= 2 && shape[0] == Layout.RowCount && shape[1] == Layout.RowWidth)
            return 2;
        if (shape.Length >= 1 && shape[0] == Layout.SlotCount)
            return 1;
        throw WrongShape($"[{Layout.RowCount}, {Layout.RowWidth}, ...] or [{Layout.SlotCount}, ...]", shape, nameof(packed));
    }

    /// <summary>2 for [rows, heads, width, dim], 1 for [slots, heads, dim].</summary>
    private int CacheLeadingDimensions(Tensor cache)
    {
        ArgumentNullException.ThrowIfNull(cache);
        var shape = cache.shape;
        return shape.Length == 4 && shape[0] == Layout.RowCount && shape[2] == Layout.RowWidth ? 2
            : shape.Length == 3 && shape[0] == Layout.SlotCount ? 1
            : throw WrongShape($"[{Layout.RowCount}, heads, {Layout.RowWidth}, dim] or [{Layout.SlotCount}, heads, dim]", shape, nameof(cache));
    }

    private static ArgumentException WrongShape(string expected, long[] shape, string name) =>
        new($"Expected {expected}, not [{string.Join(", ", shape)}].", name);
}

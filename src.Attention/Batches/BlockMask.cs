using TorchSharp;
using static TorchSharp.torch;

namespace PackingKit.Attention;

/// <summary>The block-diagonal causal mask, from the segment and the position of each query and each key.</summary>
internal static class BlockMask
{
    /// <summary>
    /// [rows, 1, width, width] of a batch's own rows. Padding is open to itself alone: a row closed throughout would be 0 / 0 in a plain
    /// softmax, and NaN in padding would come back in the next layer as 0 * NaN. The caller owns it.
    /// </summary>
    /// <param name="batch">Whose rows.</param>
    /// <param name="dtype">Bool, or a floating type for an additive mask.</param>
    /// <param name="window">Tokens that a token sees, itself included.</param>
    public static Tensor OfRows(PackedBatch batch, ScalarType dtype, int? window = null)
    {
        RequireMemory(batch.Layout.RowCount, batch.Layout.RowWidth, batch.Layout.RowWidth, dtype, batch.Device);
        using var scope = NewDisposeScope();
        var open = Open(batch.SegmentIds, batch.PositionIds, batch.SegmentIds, batch.PositionIds, window);
        var itself = eye(batch.Layout.RowWidth, dtype: ScalarType.Bool, device: batch.Device);
        open.logical_or_(itself.logical_and(batch.SegmentIds.eq(0).unsqueeze(2)));
        return Typed(open.unsqueeze(1), dtype).MoveToOuterDisposeScope();
    }

    /// <summary>
    /// [1, 1, slots, key slots] of queries whose keys lie where a table says, padding open to the first key slot alone. Filled on the host:
    /// O(slots * key slots). The caller owns it.
    /// </summary>
    /// <param name="layout">The queries.</param>
    /// <param name="keys">Their keys.</param>
    /// <param name="dtype">Bool, or a floating type for an additive mask.</param>
    /// <param name="device">Where the mask shall lie.</param>
    /// <param name="window">Tokens that a token sees, itself included.</param>
    public static Tensor OfKeys(PackedLayout layout, KeyLayout keys, ScalarType dtype, Device device, int? window = null)
    {
        RequireMemory(1, layout.SlotCount, keys.SlotCount, dtype, device);
        var rows = new bool[layout.SlotCount, keys.SlotCount];
        var end = 0; // of the slots done
        foreach (var segment in layout.Segments)
        {
            Close(segment.Start);
            var past = keys.Lengths[segment.Prompt] - segment.Length;
            for (; end < segment.End; end++)
            {
                var last = past + end - segment.Start;
                for (var position = window is { } seen ? Math.Max(0, last - seen + 1) : 0; position <= last; position++)
                    rows[end, keys.Slot(segment.Prompt, position)] = true;
            }
        }
        Close(layout.SlotCount);
        using var scope = NewDisposeScope();
        return Typed(tensor(rows, device: device).view(1, 1, layout.SlotCount, keys.SlotCount), dtype).MoveToOuterDisposeScope();

        void Close(int next)
        {
            for (; end < next; end++)
                rows[end, 0] = true;
        }
    }

    /// <summary>Refuses a mask that no memory holds, before anything of it is made.</summary>
    public static void RequireMemory(long rows, long queries, long keys, ScalarType dtype, Device device)
    {
        var bytes = (Int128)rows * queries * keys * TensorChecks.ElementSize(dtype);
        if (TensorChecks.MemoryObstacle($"A mask [{rows}, 1, {queries}, {keys}] of {dtype}", bytes, device) is { } obstacle)
            throw new InvalidOperationException(obstacle);
    }

    /// <summary>
    /// [batch, queries, keys]: open where segments are equal and not 0, and the key is not after the query nor out of its window.
    /// </summary>
    /// <param name="querySegments">[batch, queries]; 0 is padding.</param>
    /// <param name="queryPositions">[batch, queries].</param>
    /// <param name="keySegments">[batch, keys].</param>
    /// <param name="keyPositions">[batch, keys].</param>
    /// <param name="window">Tokens that a token sees, itself included.</param>
    public static Tensor Open(Tensor querySegments, Tensor queryPositions, Tensor keySegments, Tensor keyPositions, int? window)
    {
        var (segment, position, keyPosition) = (querySegments.unsqueeze(2), queryPositions.unsqueeze(2), keyPositions.unsqueeze(1));
        var open = segment.eq(keySegments.unsqueeze(1)).logical_and_(segment.ne(0)).logical_and_(keyPosition.le(position));
        return window is { } seen ? open.logical_and_(keyPosition.gt(position.sub(seen))) : open;
    }

    /// <summary>Itself for bool; for a floating type 0 where open and minus infinity where not.</summary>
    public static Tensor Typed(Tensor open, ScalarType dtype)
    {
        if (dtype == ScalarType.Bool)
            return open;
        // CUDA's masked kernels want rows of a multiple of 8 elements and would make a wider copy of a narrower mask in every layer.
        var keys = open.shape[^1];
        var stored = zeros([.. open.shape[..^1], (keys + 7) / 8 * 8], dtype, open.device).narrow(-1, 0, keys);
        return stored.masked_fill_(open.logical_not(), double.NegativeInfinity);
    }
}

using TorchSharp;
using static TorchSharp.torch;

namespace PackingKit.Attention;

/// <summary>The block-diagonal mask, from the segment and the position of each query and each key.</summary>
internal static class BlockMask
{
    /// <summary>
    /// [rows, 1, width, width] of a batch's own rows. Padding is open to itself alone: a row closed throughout would be 0 / 0 in a plain
    /// softmax, and NaN in padding would come back in the next layer as 0 * NaN. The caller owns it.
    /// </summary>
    /// <param name="batch">Whose rows.</param>
    /// <param name="dtype">Bool, or a floating type for an additive mask.</param>
    /// <param name="seen">Which keys the batch's queries see.</param>
    public static Tensor OfRows(PackedBatch batch, ScalarType dtype, KeyIntervals seen)
    {
        RequireMemory(batch.Layout.RowCount, batch.Layout.RowWidth, batch.Layout.RowWidth, dtype, batch.Device);
        using var scope = NewDisposeScope();
        var (first, last) = Seen(batch, seen, batch.PositionIds.shape);
        var open = Open(batch.SegmentIds, first, last, batch.SegmentIds, batch.PositionIds);
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
    /// <param name="seen">Which of them the queries see.</param>
    public static Tensor OfKeys(PackedLayout layout, KeyLayout keys, ScalarType dtype, Device device, KeyIntervals seen)
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
                var (first, last) = seen.Of(segment.Prompt, past + end - segment.Start);
                for (var position = first; position <= last; position++)
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
    /// First (where it is not 0 throughout) and last position that each query of a batch sees, int64 of a shape with one entry per slot.
    /// </summary>
    public static (Tensor? First, Tensor Last) Seen(PackedBatch batch, KeyIntervals seen, long[] shape)
    {
        if (seen.AreCausal)
            return (seen.Window is { } window ? batch.PositionIds.view(shape).sub(window - 1) : null, batch.PositionIds.view(shape));
        var host = new long[2, batch.Layout.SlotCount];
        foreach (var segment in batch.Layout.Segments)
            for (var i = 0; i < segment.Length; i++)
                (host[0, segment.Start + i], host[1, segment.Start + i]) =
                    seen.Of(segment.Prompt, batch.Layout.PastLengths[segment.Prompt] + i);
        var both = tensor(host, device: batch.Device);
        return (both.select(0, 0).view(shape), both.select(0, 1).view(shape));
    }

    /// <summary>
    /// [batch, queries, keys]: open where segments are equal and not 0, and the key lies within what the query sees.
    /// </summary>
    /// <param name="querySegments">[batch, queries]; 0 is padding.</param>
    /// <param name="first">[batch, queries]: the first position that each query sees; <see langword="null"/> for 0.</param>
    /// <param name="last">[batch, queries]: the last one.</param>
    /// <param name="keySegments">[batch, keys].</param>
    /// <param name="keyPositions">[batch, keys].</param>
    public static Tensor Open(Tensor querySegments, Tensor? first, Tensor last, Tensor keySegments, Tensor keyPositions)
    {
        var (segment, keyPosition) = (querySegments.unsqueeze(2), keyPositions.unsqueeze(1));
        var open = segment.eq(keySegments.unsqueeze(1)).logical_and_(segment.ne(0)).logical_and_(keyPosition.le(last.unsqueeze(2)));
        return first is null ? open : open.logical_and_(keyPosition.ge(first.unsqueeze(2)));
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

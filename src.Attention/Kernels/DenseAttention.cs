using System.Diagnostics;
using TorchSharp;
using static TorchSharp.torch;

namespace PackingKit.Attention;

/// <summary>
/// Attention over full rows under the block mask; over a cache, all its slots are one row of keys. Long rows go in parts of about a
/// thousand queries: where attention is causal the keys after a part are closed to all of it and left out, nearly half of the work.
/// </summary>
internal sealed class DenseAttention : AttentionPlan
{
    private const int UsualPart = 1024; // queries: large enough to fill a device and for libtorch to prepare few shapes
    private const int PartBoundary = 128; // a multiple of what kernels take at a time

    private readonly long _rows;
    private readonly long _part;
    private readonly bool _causal;
    private readonly Tensor _mask;
    private readonly Tensor? _unusedKeys;

    public DenseAttention(PackedBatch batch, KeyLayout keys, AttentionShape shape, KeyIntervals seen)
        : base(shape)
    {
        using var scope = NewDisposeScope();
        _causal = seen.AreCausal;
        if (keys.Table is { } table)
        {
            (_rows, _part) = (1, batch.Layout.SlotCount);
            _mask = BlockMask.OfKeys(batch.Layout, keys, shape.Dtype, batch.Device, seen);
            if (!keys.AreQueries)
            {
                var unused = new bool[keys.SlotCount];
                Array.Fill(unused, true);
                foreach (var slot in table)
                    unused[slot] = false;
                _unusedKeys = tensor(unused, device: batch.Device).view(-1, 1, 1).DetachFromDisposeScope();
            }
        }
        else if (keys.AreQueries)
        {
            _rows = batch.Layout.RowCount;
            _mask = BlockMask.OfRows(batch, shape.Dtype, seen);
            var parts = Math.Max(1, (batch.Layout.RowWidth + UsualPart / 2) / UsualPart);
            _part = ((batch.Layout.RowWidth + parts - 1) / parts + PartBoundary - 1) / PartBoundary * PartBoundary;
        }
        else
        {
            (_rows, _part) = (1, batch.Layout.SlotCount);
            BlockMask.RequireMemory(1, _part, keys.SlotCount, shape.Dtype, batch.Device);
            var (querySegments, keySegments, keyPositions) = Tables(batch, keys);
            var (first, last) = BlockMask.Seen(batch, seen, [1, batch.Layout.SlotCount]);
            var open = BlockMask.Open(querySegments, first, last, keySegments, keyPositions);
            // Padding sees the first slot: nothing comes of it, but a query without any key would be 0 / 0 on the way back.
            open.narrow(2, 0, Math.Min(1, keys.SlotCount)).logical_or_(querySegments.eq(0).unsqueeze(2));
            _mask = BlockMask.Typed(open.unsqueeze(1), shape.Dtype);
            // Slots that no prompt has written hold anything, and a weight of 0 does not make anything 0.
            _unusedKeys = keySegments.eq(0).view(-1, 1, 1).DetachFromDisposeScope();
        }
        _mask.DetachFromDisposeScope();
    }

    public override void Dispose()
    {
        _mask.Dispose();
        _unusedKeys?.Dispose();
    }

    public override Tensor Attend(Tensor query, Tensor key, Tensor value, Tensor? rotaryTable = null)
    {
        Debug.Assert(rotaryTable is null, "Queries are rotated already.");
        if (_unusedKeys is not null)
            (key, value) = (key.masked_fill(_unusedKeys, 0), value.masked_fill(_unusedKeys, 0));
        (query, key, value) = (Rows(query), Rows(Ungrouped(key)), Rows(Ungrouped(value)));
        var width = query.shape[1];
        if (width <= _part)
            return Fused(query, key, value, _mask, causal: false).flatten(0, 1);
        var parts = new List<Tensor>();
        for (long start = 0; start < width; start += _part)
        {
            var (count, end) = (Math.Min(_part, width - start), _causal ? Math.Min(start + _part, width) : width);
            var mask = _mask.narrow(2, start, count).narrow(3, 0, end);
            parts.Add(Fused(query.narrow(1, start, count), key.narrow(1, 0, end), value.narrow(1, 0, end), mask, causal: false));
        }
        return cat([.. parts], 1).flatten(0, 1);
    }

    private Tensor Rows(Tensor slots) => slots.view(_rows, slots.shape[0] / _rows, slots.shape[1], slots.shape[2]);

    /// <summary>
    /// Segment of each query, segment and position of each cache slot, each as one row; prompts are numbered through, what is unused has 0.
    /// </summary>
    private static (Tensor QuerySegments, Tensor KeySegments, Tensor KeyPositions) Tables(PackedBatch batch, KeyLayout keys)
    {
        var layout = batch.Layout;
        var host = new long[layout.SlotCount + 2 * keys.SlotCount];
        var querySegments = host.AsSpan(0, layout.SlotCount);
        var keySegments = host.AsSpan(layout.SlotCount, keys.SlotCount);
        var keyPositions = host.AsSpan(layout.SlotCount + keys.SlotCount);
        for (var prompt = 0; prompt < layout.PromptCount; prompt++)
        {
            var segment = layout.SegmentOf(prompt);
            querySegments.Slice(segment.Start, segment.Length).Fill(prompt + 1);
            keySegments.Slice(keys.Starts[prompt], keys.Lengths[prompt]).Fill(prompt + 1);
            for (var i = 0; i < keys.Lengths[prompt]; i++)
                keyPositions[keys.Starts[prompt] + i] = i;
        }
        var parts = tensor(host, device: batch.Device).unsqueeze(0).split([layout.SlotCount, keys.SlotCount, keys.SlotCount], 1);
        return (parts[0], parts[1], parts[2]);
    }
}

using TorchSharp;
using static TorchSharp.torch;

namespace PackingKit.Attention;

/// <summary>
/// One append to a <see cref="PackedKVCache"/>: where in the cache each of a batch's tokens goes. Made once per batch, used in every layer.
/// </summary>
/// <remarks>
/// Belongs to the batch and the cache, which must live as long. Dispose frees what the step put on the device. Not thread-safe.
/// </remarks>
public sealed class PackedCacheStep : IDisposable
{
    private readonly Tensor _slots;
    private readonly Tensor? _cacheSlots;
    private readonly Tensor? _batchSlots;
    private readonly long? _range;
    private readonly long[] _slotMapping;

    internal PackedCacheStep(PackedKVCache cache, CacheRooms rooms, PackedBatch batch, IReadOnlyList<int> prompts)
    {
        (Cache, Batch) = (cache, batch);
        var layout = batch.Layout;
        var ranges = new List<SlotRange>[prompts.Count];
        _slotMapping = new long[layout.SlotCount];
        Array.Fill(_slotMapping, -1);
        for (var i = 0; i < prompts.Count; i++)
        {
            var segment = layout.SegmentOf(i);
            ranges[i] = rooms.Ranges(prompts[i], layout.PastLengths[i] + segment.Length);
            for (var token = 0; token < segment.Length; token++)
                _slotMapping[segment.Start + token] = rooms.Slot(prompts[i], layout.PastLengths[i] + token);
        }
        KeyLayout = KeyLayout.OfRanges(cache.SlotCount, ranges, areQueries: false);

        using var scope = NewDisposeScope();
        _slots = tensor(_slotMapping, device: batch.Device).DetachFromDisposeScope();
        if (IsRange(_slotMapping))
            _range = _slotMapping.Length == 0 ? 0 : _slotMapping[0];
        else if (layout.SlotCount == layout.TokenCount)
            _cacheSlots = _slots;
        else
        {
            // Padding goes nowhere: only the slots that hold tokens are written.
            var real = Enumerable.Range(0, layout.SlotCount).Where(slot => _slotMapping[slot] >= 0).Select(slot => (long)slot).ToArray();
            _batchSlots = tensor(real, device: batch.Device).DetachFromDisposeScope();
            _cacheSlots = _slots.index_select(0, _batchSlots).DetachFromDisposeScope();
        }
    }

    /// <summary>The cache that is appended to.</summary>
    public PackedKVCache Cache { get; }

    /// <summary>The batch whose tokens are appended.</summary>
    public PackedBatch Batch { get; }

    /// <summary>Cache slot of each of the batch's slots; padding has -1.</summary>
    public ReadOnlySpan<long> SlotMapping => _slotMapping;

    internal KeyLayout KeyLayout { get; }

    /// <summary>The slot mapping on the device, int64 [slots].</summary>
    internal Tensor Slots => _slots;

    /// <summary>
    /// Writes a layer's new keys and values into the cache: one copy or one index operation each, padding left out. What the cache holds is
    /// no part of a graph: gradients end here.
    /// </summary>
    /// <param name="layer">From 0 to the cache's layers - 1.</param>
    /// <param name="key">[slots, KV heads, head size], packed as the batch is, of the cache's type.</param>
    /// <param name="value">Like <paramref name="key"/>.</param>
    /// <exception cref="ArgumentNullException">A tensor is <see langword="null"/>.</exception>
    /// <exception cref="ArgumentException">
    /// A tensor has another shape, type or device; the message has both. Nothing has been written then.
    /// </exception>
    /// <exception cref="ArgumentOutOfRangeException">There is no such layer.</exception>
    public void Write(int layer, Tensor key, Tensor value)
    {
        Check(layer, key, value);
        using var gradients = no_grad();
        using var scope = NewDisposeScope();
        Write(Cache.Keys(layer), key);
        Write(Cache.Values(layer), value);
    }

    /// <summary>Refuses what <see cref="Write(int, Tensor, Tensor)"/> cannot write.</summary>
    internal void Check(int layer, Tensor key, Tensor value)
    {
        var cache = Cache.Keys(layer);
        long[] shape = [Batch.Layout.SlotCount, cache.shape[1], cache.shape[2]];
        TensorChecks.Require(key, nameof(key), shape, cache.dtype, Batch.Device);
        TensorChecks.Require(value, nameof(value), shape, cache.dtype, Batch.Device);
    }

    /// <summary>Frees what the step put on the device.</summary>
    public void Dispose()
    {
        _batchSlots?.Dispose();
        _cacheSlots?.Dispose();
        _slots.Dispose();
    }

    private void Write(Tensor cache, Tensor packed)
    {
        if (_range is { } start)
            cache.narrow(0, start, packed.shape[0]).copy_(packed);
        else
            cache.index_copy_(0, _cacheSlots!, _batchSlots is null ? packed : packed.index_select(0, _batchSlots));
    }

    private static bool IsRange(long[] slots)
    {
        for (var i = 1; i < slots.Length; i++)
            if (slots[i] != slots[0] + i)
                return false;
        return slots.Length == 0 || slots[0] >= 0;
    }
}

using System.Diagnostics;
using TorchSharp;
using static TorchSharp.torch;

namespace PackingKit.Attention;

/// <summary>
/// Keys and values of a set of prompts for every layer, packed: prompt after prompt in one list of slots, each with its own capacity.
/// Prefill writes packed tokens, chunked prefill and decoding append, and each prompt's part is handed out as a view.
/// </summary>
/// <remarks>
/// <para>Prompts may share their beginnings: the nodes of a forest, each stored once, and what <see cref="Fork"/> makes go on from the
/// tokens of another, which stay where they are.</para>
/// <para>Memory: 2 * layers * total capacity * KV heads * head size elements, taken at once and not cleared.</para>
/// <para>The tensors belong to the cache and are outside any dispose scope; what methods return belongs to the caller. Not
/// thread-safe.</para>
/// </remarks>
[DebuggerDisplay("{ToString(),nq}")]
public sealed class PackedKVCache : IDisposable
{
    private readonly Tensor[] _keys;
    private readonly Tensor[] _values;
    private readonly CacheRooms _rooms;

    /// <summary>An empty cache.</summary>
    /// <param name="layers">Layers of the model, at least 1.</param>
    /// <param name="keyValueHeads">KV heads of a layer, at least 1.</param>
    /// <param name="headSize">Elements of a head, at least 1.</param>
    /// <param name="capacities">Tokens that each prompt may have, at least 1: its length and what decoding shall append.</param>
    /// <param name="dtype">Type of keys and values: float16, bfloat16, float32 or float64.</param>
    /// <param name="device">Where they shall lie; the CPU where none is given.</param>
    /// <param name="spareSlots">Slots beside the capacities, at least 0: room for the prompts that <see cref="Fork"/> adds.</param>
    /// <exception cref="ArgumentException">
    /// The type is none of those, there is no such CUDA device, or on the CPU the cache takes more than all memory; the message
    /// has the bytes.
    /// </exception>
    /// <exception cref="ArgumentOutOfRangeException">
    /// A number is below 1 (the spare slots: below 0), the capacities add up beyond the range of an integer (the message names the prompt),
    /// or a layer takes more than 2^63 - 1 bytes.
    /// </exception>
    public PackedKVCache(
        int layers, int keyValueHeads, int headSize, ReadOnlySpan<int> capacities, ScalarType dtype, Device? device = null,
        int spareSlots = 0)
        : this(layers, keyValueHeads, headSize, Rooms(capacities, spareSlots), dtype, device, nameof(capacities))
    {
    }

    /// <summary>
    /// An empty cache for the nodes of a forest: each token of a shared beginning has one slot. Prompts go on by <see cref="Fork"/>.
    /// </summary>
    /// <param name="layers">Layers of the model, at least 1.</param>
    /// <param name="keyValueHeads">KV heads of a layer, at least 1.</param>
    /// <param name="headSize">Elements of a head, at least 1.</param>
    /// <param name="forest">The nodes, of which each becomes a prompt of the cache; any layout will do.</param>
    /// <param name="dtype">Type of keys and values: float16, bfloat16, float32 or float64.</param>
    /// <param name="device">Where they shall lie; the CPU where none is given.</param>
    /// <param name="spareSlots">Slots beside those of the nodes, at least 0: room for the prompts that <see cref="Fork"/> adds.</param>
    /// <exception cref="ArgumentNullException"><paramref name="forest"/> is <see langword="null"/>.</exception>
    /// <exception cref="ArgumentException">
    /// The type is none of those, there is no such CUDA device, or on the CPU the cache takes more than all memory; the message
    /// has the bytes.
    /// </exception>
    /// <exception cref="ArgumentOutOfRangeException">
    /// A number is below 1 (the spare slots: below 0), the slots add up beyond the range of an integer, or a layer takes more than
    /// 2^63 - 1 bytes.
    /// </exception>
    public PackedKVCache(
        int layers, int keyValueHeads, int headSize, PackedLayout forest, ScalarType dtype, Device? device = null, int spareSlots = 0)
        : this(layers, keyValueHeads, headSize, Rooms(forest, spareSlots), dtype, device, nameof(forest))
    {
    }

    // roomsName is the argument that the rooms were made of.
    private PackedKVCache(
        int layers, int keyValueHeads, int headSize, CacheRooms rooms, ScalarType dtype, Device? device, string roomsName)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(layers, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(keyValueHeads, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(headSize, 1);
        _rooms = rooms;
        if (dtype is not (ScalarType.Float16 or ScalarType.BFloat16 or ScalarType.Float32 or ScalarType.Float64))
            throw new ArgumentException($"Keys and values are of a floating type, not {dtype}.", nameof(dtype));
        if ((Int128)SlotCount * keyValueHeads * headSize > long.MaxValue / 16)
            throw new ArgumentOutOfRangeException(
                nameof(headSize), headSize, $"{SlotCount} slots of {keyValueHeads} heads of {headSize} are more than memory has.");
        TensorChecks.RequireDevice(device, nameof(device));
        var bytes = (Int128)2 * layers * SlotCount * keyValueHeads * headSize * TensorChecks.ElementSize(dtype);
        if (TensorChecks.MemoryObstacle("The cache", bytes, device ?? CPU) is { } obstacle)
            throw new ArgumentException(obstacle, roomsName);
        TorchRuntime.EnsureLoaded();
        _keys = Allocate();
        _values = Allocate();

        Tensor[] Allocate()
        {
            var tensors = new Tensor[layers];
            for (var layer = 0; layer < layers; layer++)
                tensors[layer] = empty(SlotCount, keyValueHeads, headSize, dtype, device ?? CPU).DetachFromDisposeScope();
            return tensors;
        }
    }

    /// <summary>Number of prompts.</summary>
    public int PromptCount => _rooms.PromptCount;

    /// <summary>Number of layers.</summary>
    public int LayerCount => _keys.Length;

    /// <summary>Slots of all prompts together, spare ones included.</summary>
    public int SlotCount => _rooms.SlotCount;

    /// <summary>
    /// Tokens that each prompt has in the cache, those that it shares included (of a node that was not yet appended, those of the nodes
    /// before it); 0 of prompts that were released, which keep their places. Valid until the next call that
    /// changes the cache.
    /// </summary>
    public ReadOnlySpan<int> Lengths => _rooms.Lengths;

    /// <summary>Where the keys and values lie.</summary>
    /// <exception cref="ObjectDisposedException">The cache was disposed.</exception>
    public Device Device => Alive(_keys)[0].device;

    /// <summary>
    /// Where a prompt's tokens lie, in the order of their positions: one range, or several where it goes on from another prompt.
    /// </summary>
    /// <param name="prompt">From 0 to <see cref="PromptCount"/> - 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such prompt.</exception>
    /// <exception cref="ArgumentException">The prompt was released.</exception>
    public IReadOnlyList<SlotRange> RangesOf(int prompt)
    {
        RequirePrompt(prompt, nameof(prompt));
        return _rooms.Ranges(prompt).FindAll(range => range.Length > 0);
    }

    /// <summary>"prompts: 3, layers: 2, slots: 12 of 40 in use".</summary>
    public override string ToString() => $"prompts: {PromptCount}, layers: {LayerCount}, slots: {_rooms.UsedSlots} of {SlotCount} in use";

    /// <summary>The keys of a layer, [slots, KV heads, head size].</summary>
    /// <param name="layer">From 0 to <see cref="LayerCount"/> - 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such layer.</exception>
    /// <exception cref="ObjectDisposedException">The cache was disposed.</exception>
    public Tensor Keys(int layer) => Layer(Alive(_keys), layer);

    /// <summary>The values of a layer, [slots, KV heads, head size].</summary>
    /// <param name="layer">From 0 to <see cref="LayerCount"/> - 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such layer.</exception>
    /// <exception cref="ObjectDisposedException">The cache was disposed.</exception>
    public Tensor Values(int layer) => Layer(Alive(_values), layer);

    /// <summary>
    /// Reserves slots for a batch's tokens behind what their prompts have; the step says where each goes. Nothing is written yet.
    /// </summary>
    /// <param name="batch">
    /// The new tokens, made from a layout whose past lengths are the cache's: <c>layout.WithPast(...)</c> (none for a first prefill).
    /// </param>
    /// <param name="prompts">
    /// The cache's number of each of the batch's prompts; where none is given, the batch has all of them in order.
    /// </param>
    /// <exception cref="ArgumentNullException"><paramref name="batch"/> is <see langword="null"/>.</exception>
    /// <exception cref="ArgumentException">
    /// A prompt is named twice or was released, its past is not what the cache has of it (the message names it), or the batch lies on
    /// another device.
    /// </exception>
    /// <exception cref="ArgumentOutOfRangeException">There is no such prompt.</exception>
    /// <exception cref="InvalidOperationException">
    /// A prompt has too few slots left (the message names it, its length and its capacity), or it goes on from a node of which neither the
    /// cache nor the batch has all tokens. Nothing has changed then.
    /// </exception>
    /// <exception cref="ObjectDisposedException">The cache was disposed.</exception>
    public PackedCacheStep Append(PackedBatch batch, IReadOnlyList<int>? prompts = null)
    {
        ArgumentNullException.ThrowIfNull(batch);
        var layout = batch.Layout;
        if (!TensorChecks.IsOn(Alive(_keys)[0], batch.Device))
            throw new ArgumentException($"The batch lies on {batch.Device}, the cache on {Device}.", nameof(batch));
        prompts ??= Enumerable.Range(0, PromptCount).ToArray();
        if (prompts.Count != layout.PromptCount)
            throw new ArgumentException(
                $"The batch holds {layout.PromptCount} prompts, but {prompts.Count} of the cache are meant.", nameof(prompts));
        var seen = new bool[PromptCount];
        for (var i = 0; i < prompts.Count; i++)
        {
            var prompt = prompts[i];
            RequirePrompt(prompt, nameof(prompts));
            if (seen[prompt])
                throw new ArgumentException($"Prompt {prompt} is named twice.", nameof(prompts));
            seen[prompt] = true;
            if (layout.PastLengths[i] != Lengths[prompt])
                throw new ArgumentException(
                    $"Prompt {prompt} has {Lengths[prompt]} tokens in the cache, but {layout.PastLengths[i]} before the batch.",
                    nameof(batch));
            var capacity = _rooms.Capacity(prompt);
            if (layout.Lengths[i] > capacity - Lengths[prompt])
                throw new InvalidOperationException(
                    $"Prompt {prompt} has {Lengths[prompt]} tokens and a capacity of {capacity}: {layout.Lengths[i]} more do not fit.");
        }
        RequireParents(layout, prompts);
        var step = new PackedCacheStep(this, _rooms, batch, prompts);
        for (var i = 0; i < prompts.Count; i++)
            _rooms.SetLength(prompts[i], Lengths[prompts[i]] + layout.Lengths[i]);
        return step;
    }

    /// <summary>
    /// Adds a prompt that goes on from all tokens that another has: they stay where they are, and what either appends is its own. For
    /// several answers to one prompt, or the beams of a search. O(prompts); no device work.
    /// </summary>
    /// <param name="prompt">The prompt to go on from, from 0 to <see cref="PromptCount"/> - 1.</param>
    /// <param name="capacity">Tokens that the new prompt may append, at least 1; they take as many of the cache's spare slots.</param>
    /// <returns>The new prompt's number: the count of prompts before.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There is no such prompt, or the capacity is below 1.</exception>
    /// <exception cref="ArgumentException">The prompt was released.</exception>
    /// <exception cref="InvalidOperationException">
    /// There is no free room of that many slots: make the cache with more spare slots, or release prompts. Nothing has changed then.
    /// </exception>
    public int Fork(int prompt, int capacity)
    {
        RequirePrompt(prompt, nameof(prompt));
        ArgumentOutOfRangeException.ThrowIfLessThan(capacity, 1);
        var fork = _rooms.Add(capacity, prompt, Lengths[prompt]);
        return fork >= 0 ? fork : throw new InvalidOperationException(
            $"{capacity} slots do not fit: the largest free room of the cache has {_rooms.LargestFree}.");
    }

    /// <summary>
    /// Forgets a prompt. Its slots are free for <see cref="Fork"/> again as soon as no prompt goes on from it; its number is not used
    /// again.
    /// </summary>
    /// <param name="prompt">From 0 to <see cref="PromptCount"/> - 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such prompt.</exception>
    /// <exception cref="ArgumentException">The prompt was released before.</exception>
    public void Release(int prompt)
    {
        RequirePrompt(prompt, nameof(prompt));
        _rooms.Release(prompt);
    }

    /// <summary>Forgets what a prompt has beyond its first tokens: to give back a rejected continuation, or to start over.</summary>
    /// <param name="prompt">From 0 to <see cref="PromptCount"/> - 1.</param>
    /// <param name="length">Tokens to keep, from those that it shares with the prompt that it goes on from to the prompt's length.</param>
    /// <exception cref="ArgumentOutOfRangeException">The prompt or the length is out of its range.</exception>
    /// <exception cref="ArgumentException">The prompt was released.</exception>
    /// <exception cref="InvalidOperationException">Another prompt goes on from more of its tokens; the message names it.</exception>
    public void Truncate(int prompt, int length)
    {
        RequirePrompt(prompt, nameof(prompt));
        if (length < _rooms.Shared(prompt) || length > Lengths[prompt])
            throw new ArgumentOutOfRangeException(
                nameof(length), length,
                $"Prompt {prompt} has {Lengths[prompt]} tokens, of which it shares {_rooms.Shared(prompt)}: {length} cannot be kept.");
        if (_rooms.MostShared(prompt) is var (shared, child) && shared > length)
            throw new InvalidOperationException($"Prompt {child} goes on from {shared} tokens of prompt {prompt}: {length} are too few.");
        _rooms.SetLength(prompt, length);
    }

    /// <summary>
    /// Each prompt's part of a layer's keys or values: views, nothing is copied, but of prompts that go on from others, whose tokens are
    /// gathered.
    /// </summary>
    /// <param name="layerTensor"><see cref="Keys"/> or <see cref="Values"/> of a layer.</param>
    /// <returns>
    /// For each number ever given, released prompts too, [KV heads, length, head size]; the caller frees them.
    /// </returns>
    /// <exception cref="ArgumentException">The tensor is not [slots, KV heads, head size] on the cache's device.</exception>
    /// <exception cref="ObjectDisposedException">The cache was disposed.</exception>
    public Tensor[] Split(Tensor layerTensor)
    {
        ArgumentNullException.ThrowIfNull(layerTensor);
        TensorChecks.Require(
            layerTensor, nameof(layerTensor), [SlotCount, TensorChecks.Any, TensorChecks.Any], layerTensor.dtype, Device);
        var views = new Tensor[PromptCount];
        for (var prompt = 0; prompt < views.Length; prompt++)
        {
            var parts = _rooms.Ranges(prompt).ConvertAll(range => layerTensor.narrow(0, range.Start, range.Length));
            using var tokens = parts.Count == 1 ? parts[0].alias() : cat(parts);
            parts.ForEach(part => part.Dispose());
            views[prompt] = tokens.transpose(0, 1);
        }
        return views;
    }

    /// <summary>
    /// Every layer's keys and values as one row per prompt, zeros in padding: by one index operation per tensor, after one upload for all.
    /// </summary>
    /// <param name="side">Where the padding shall be; left is what decoding loops that append want.</param>
    /// <returns>
    /// For each layer keys and values [prompts, KV heads, longest prompt, head size], where a prompt that was released keeps its row; the
    /// caller frees them.
    /// </returns>
    /// <exception cref="ObjectDisposedException">The cache was disposed.</exception>
    public (Tensor Keys, Tensor Values)[] ToPadded(PaddingSide side)
    {
        var device = Device;
        var layout = KeyLayout.OfRanges(
            SlotCount, [.. Enumerable.Range(0, PromptCount).Select(prompt => _rooms.Ranges(prompt))], areQueries: false);
        using var scope = NewDisposeScope();
        var host = tensor(
            (long[])[.. layout.Starts.Concat(layout.Lengths).Concat(layout.Table ?? []).Select(place => (long)place)],
            device: device);
        var gather = new PaddedGather(
            host.narrow(0, 0, PromptCount), host.narrow(0, PromptCount, PromptCount), layout.MaxLength, side,
            layout.Table is null ? null : host.narrow(0, 2 * PromptCount, layout.Table.Length));
        return [.. _keys.Zip(_values, (keys, values) => (Padded(keys), Padded(values)))];

        Tensor Padded(Tensor packed) => gather.Of(packed).transpose(1, 2).MoveToOuterDisposeScope();
    }

    /// <summary>Frees the keys and values.</summary>
    public void Dispose()
    {
        foreach (var tensor in _keys.Concat(_values))
            tensor.Dispose();
    }

    private static CacheRooms Rooms(ReadOnlySpan<int> capacities, int spareSlots)
    {
        var slots = 0;
        for (var prompt = 0; prompt < capacities.Length; prompt++)
        {
            if (capacities[prompt] < 1)
                throw new ArgumentOutOfRangeException(
                    nameof(capacities), capacities[prompt], $"Prompt {prompt} has a capacity of {capacities[prompt]} tokens.");
            if (capacities[prompt] > int.MaxValue - slots)
                throw new ArgumentOutOfRangeException(
                    nameof(capacities), capacities[prompt], $"The capacities up to prompt {prompt} add up to more than an integer counts.");
            slots += capacities[prompt];
        }
        var rooms = new CacheRooms(WithSpare(slots, spareSlots));
        foreach (var capacity in capacities)
            rooms.Add(capacity);
        return rooms;
    }

    private static CacheRooms Rooms(PackedLayout forest, int spareSlots)
    {
        ArgumentNullException.ThrowIfNull(forest);
        var rooms = new CacheRooms(WithSpare(forest.TokenCount, spareSlots));
        for (var node = 0; node < forest.PromptCount; node++)
            if (forest.IsForest)
                rooms.Add(forest.Lengths[node], forest.Parents[node], forest.PastLengths[node]);
            else
                rooms.Add(forest.Lengths[node]); // what its prompts have had before lies in another cache
        return rooms;
    }

    private static int WithSpare(int slots, int spareSlots)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(spareSlots);
        return spareSlots <= int.MaxValue - slots ? slots + spareSlots : throw new ArgumentOutOfRangeException(
            nameof(spareSlots), spareSlots, $"With {slots} slots for prompts they are more than an integer counts.");
    }

    private void RequirePrompt(int prompt, string name)
    {
        IndexChecks.Require(prompt, PromptCount, name, "prompt");
        if (_rooms.IsReleased(prompt))
            throw new ArgumentException($"Prompt {prompt} was released.", name);
    }

    /// <summary>Every token that the batch's prompts share is in the cache, or comes with the batch.</summary>
    private void RequireParents(PackedLayout layout, IReadOnlyList<int> prompts)
    {
        var added = new int[PromptCount];
        for (var i = 0; i < prompts.Count; i++)
            added[prompts[i]] = layout.Lengths[i];
        foreach (var prompt in prompts)
            for (var node = prompt; _rooms.Parent(node) is >= 0 and var parent; node = parent)
                if (_rooms.Stored(parent) + added[parent] < _rooms.Shared(node))
                    throw new InvalidOperationException(
                        $"Prompt {node} goes on from {_rooms.Shared(node)} tokens of prompt {parent}, which has " +
                        $"{_rooms.Stored(parent) + added[parent]}: append that first, or with it.");
    }

    /// <summary>The tensors, which are there until the cache is disposed.</summary>
    private Tensor[] Alive(Tensor[] tensors)
    {
        ObjectDisposedException.ThrowIf(tensors[0].IsInvalid, this);
        return tensors;
    }

    private static Tensor Layer(Tensor[] tensors, int layer)
    {
        IndexChecks.Require(layer, tensors.Length, nameof(layer), "layer");
        return tensors[layer];
    }
}

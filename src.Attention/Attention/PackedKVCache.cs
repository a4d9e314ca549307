using System.Diagnostics;
using TorchSharp;
using static TorchSharp.torch;

namespace PackingKit.Attention;

/// <summary>
/// Keys and values of a set of prompts for every layer, packed: prompt after prompt in one list of slots, each with its own capacity.
/// Prefill writes packed tokens, chunked prefill and decoding append, and each prompt's part is handed out as a view.
/// </summary>
/// <remarks>
/// <para>Memory: 2 * layers * total capacity * KV heads * head size elements, taken at once and not cleared.</para>
/// <para>The tensors belong to the cache and are outside any dispose scope; what methods return belongs to the caller. Not
/// thread-safe.</para>
/// </remarks>
[DebuggerDisplay("{ToString(),nq}")]
public sealed class PackedKVCache : IDisposable
{
    private readonly Tensor[] _keys;
    private readonly Tensor[] _values;
    private readonly int[] _starts;
    private readonly int[] _lengths;

    /// <summary>An empty cache.</summary>
    /// <param name="layers">Layers of the model, at least 1.</param>
    /// <param name="keyValueHeads">KV heads of a layer, at least 1.</param>
    /// <param name="headSize">Elements of a head, at least 1.</param>
    /// <param name="capacities">Tokens that each prompt may have, at least 1: its length and what decoding shall append.</param>
    /// <param name="dtype">Type of keys and values: float16, bfloat16, float32 or float64.</param>
    /// <param name="device">Where they shall lie; the CPU where none is given.</param>
    /// <exception cref="ArgumentException">
    /// The type is none of those, there is no such CUDA device, or on the CPU the cache takes more than all memory; the message
    /// has the bytes.
    /// </exception>
    /// <exception cref="ArgumentOutOfRangeException">
    /// A number is below 1, the capacities add up beyond the range of an integer (the message names the prompt), or a layer takes more
    /// than 2^63 - 1 bytes.
    /// </exception>
    public PackedKVCache(int layers, int keyValueHeads, int headSize, ReadOnlySpan<int> capacities, ScalarType dtype, Device? device = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(layers, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(keyValueHeads, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(headSize, 1);
        _starts = new int[capacities.Length + 1];
        for (var prompt = 0; prompt < capacities.Length; prompt++)
        {
            if (capacities[prompt] < 1)
                throw new ArgumentOutOfRangeException(
                    nameof(capacities), capacities[prompt], $"Prompt {prompt} has a capacity of {capacities[prompt]} tokens.");
            if (capacities[prompt] > int.MaxValue - _starts[prompt])
                throw new ArgumentOutOfRangeException(
                    nameof(capacities), capacities[prompt], $"The capacities up to prompt {prompt} add up to more than an integer counts.");
            _starts[prompt + 1] = _starts[prompt] + capacities[prompt];
        }
        _lengths = new int[capacities.Length];
        if (dtype is not (ScalarType.Float16 or ScalarType.BFloat16 or ScalarType.Float32 or ScalarType.Float64))
            throw new ArgumentException($"Keys and values are of a floating type, not {dtype}.", nameof(dtype));
        if ((Int128)_starts[^1] * keyValueHeads * headSize > long.MaxValue / 16)
            throw new ArgumentOutOfRangeException(
                nameof(headSize), headSize, $"{_starts[^1]} slots of {keyValueHeads} heads of {headSize} are more than memory has.");
        TensorChecks.RequireDevice(device, nameof(device));
        var bytes = (Int128)2 * layers * _starts[^1] * keyValueHeads * headSize * TensorChecks.ElementSize(dtype);
        if (TensorChecks.MemoryObstacle("The cache", bytes, device ?? CPU) is { } obstacle)
            throw new ArgumentException(obstacle, nameof(capacities));
        TorchRuntime.EnsureLoaded();
        _keys = Allocate();
        _values = Allocate();

        Tensor[] Allocate()
        {
            var tensors = new Tensor[layers];
            for (var layer = 0; layer < layers; layer++)
                tensors[layer] = empty(_starts[^1], keyValueHeads, headSize, dtype, device ?? CPU).DetachFromDisposeScope();
            return tensors;
        }
    }

    /// <summary>Number of prompts.</summary>
    public int PromptCount => _lengths.Length;

    /// <summary>Number of layers.</summary>
    public int LayerCount => _keys.Length;

    /// <summary>Slots of all prompts together.</summary>
    public int SlotCount => _starts[^1];

    /// <summary>Tokens that each prompt has in the cache.</summary>
    public ReadOnlySpan<int> Lengths => _lengths;

    /// <summary>Where the keys and values lie.</summary>
    public Device Device => _keys[0].device;

    /// <summary>
    /// First slot of each prompt, and at last <see cref="SlotCount"/>: prompt p has the slots from entry p to before entry p + 1.
    /// </summary>
    public ReadOnlySpan<int> Starts => _starts;

    /// <summary>"prompts: 3, layers: 2, slots: 12 of 40 in use".</summary>
    public override string ToString() => $"prompts: {PromptCount}, layers: {LayerCount}, slots: {_lengths.Sum()} of {SlotCount} in use";

    /// <summary>The keys of a layer, [slots, KV heads, head size].</summary>
    /// <param name="layer">From 0 to <see cref="LayerCount"/> - 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such layer.</exception>
    public Tensor Keys(int layer) => Layer(_keys, layer);

    /// <summary>The values of a layer, [slots, KV heads, head size].</summary>
    /// <param name="layer">From 0 to <see cref="LayerCount"/> - 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such layer.</exception>
    public Tensor Values(int layer) => Layer(_values, layer);

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
    /// A prompt is named twice, its past is not what the cache has of it (the message names it), or the batch lies on another device.
    /// </exception>
    /// <exception cref="ArgumentOutOfRangeException">There is no such prompt.</exception>
    /// <exception cref="InvalidOperationException">
    /// A prompt has too few slots left; the message names it, its length and its capacity. Nothing has changed then.
    /// </exception>
    public PackedCacheStep Append(PackedBatch batch, IReadOnlyList<int>? prompts = null)
    {
        ArgumentNullException.ThrowIfNull(batch);
        var layout = batch.Layout;
        if (!TensorChecks.IsOn(_keys[0], batch.Device))
            throw new ArgumentException($"The batch lies on {batch.Device}, the cache on {Device}.", nameof(batch));
        prompts ??= Enumerable.Range(0, PromptCount).ToArray();
        if (prompts.Count != layout.PromptCount)
            throw new ArgumentException(
                $"The batch holds {layout.PromptCount} prompts, but {prompts.Count} of the cache are meant.", nameof(prompts));
        var seen = new bool[PromptCount];
        for (var i = 0; i < prompts.Count; i++)
        {
            var prompt = prompts[i];
            IndexChecks.Require(prompt, PromptCount, nameof(prompts), "prompt");
            if (seen[prompt])
                throw new ArgumentException($"Prompt {prompt} is named twice.", nameof(prompts));
            seen[prompt] = true;
            if (layout.PastLengths[i] != _lengths[prompt])
                throw new ArgumentException(
                    $"Prompt {prompt} has {_lengths[prompt]} tokens in the cache, but {layout.PastLengths[i]} before the batch.",
                    nameof(batch));
            var capacity = _starts[prompt + 1] - _starts[prompt];
            if (layout.Lengths[i] > capacity - _lengths[prompt])
                throw new InvalidOperationException(
                    $"Prompt {prompt} has {_lengths[prompt]} tokens and a capacity of {capacity}: {layout.Lengths[i]} more do not fit.");
        }
        var step = new PackedCacheStep(this, batch, prompts);
        for (var i = 0; i < prompts.Count; i++)
            _lengths[prompts[i]] += layout.Lengths[i];
        return step;
    }

    /// <summary>Forgets what a prompt has beyond its first tokens: to give back a rejected continuation, or to start over.</summary>
    /// <param name="prompt">From 0 to <see cref="PromptCount"/> - 1.</param>
    /// <param name="length">Tokens to keep, from 0 to the prompt's length.</param>
    /// <exception cref="ArgumentOutOfRangeException">The prompt or the length is out of its range.</exception>
    public void Truncate(int prompt, int length)
    {
        IndexChecks.Require(prompt, PromptCount, nameof(prompt), "prompt");
        if ((uint)length > (uint)_lengths[prompt])
            throw new ArgumentOutOfRangeException(
                nameof(length), length, $"Prompt {prompt} has {_lengths[prompt]} tokens: {length} of them cannot be kept.");
        _lengths[prompt] = length;
    }

    /// <summary>Each prompt's part of a layer's keys or values, as views: nothing is copied.</summary>
    /// <param name="layerTensor"><see cref="Keys"/> or <see cref="Values"/> of a layer.</param>
    /// <returns>For each prompt [KV heads, length, head size]; the caller frees them.</returns>
    /// <exception cref="ArgumentException">The tensor is not [slots, KV heads, head size] on the cache's device.</exception>
    public Tensor[] Split(Tensor layerTensor)
    {
        ArgumentNullException.ThrowIfNull(layerTensor);
        TensorChecks.Require(
            layerTensor, nameof(layerTensor), [SlotCount, TensorChecks.Any, TensorChecks.Any], layerTensor.dtype, Device);
        var views = new Tensor[PromptCount];
        for (var prompt = 0; prompt < views.Length; prompt++)
        {
            using var tokens = layerTensor.narrow(0, _starts[prompt], _lengths[prompt]);
            views[prompt] = tokens.transpose(0, 1);
        }
        return views;
    }

    /// <summary>
    /// Every layer's keys and values as one row per prompt, zeros in padding: by one index operation per tensor, after one upload for all.
    /// </summary>
    /// <param name="side">Where the padding shall be; left is what decoding loops that append want.</param>
    /// <returns>For each layer keys and values [prompts, KV heads, longest prompt, head size]; the caller frees them.</returns>
    public (Tensor Keys, Tensor Values)[] ToPadded(PaddingSide side)
    {
        long[] places = [.. _starts[..^1].Concat(_lengths).Select(place => (long)place)];
        using var scope = NewDisposeScope();
        var table = tensor(places, device: _keys[0].device).view(2, PromptCount);
        var gather = new PaddedGather(table[0], table[1], _lengths.DefaultIfEmpty().Max(), side);
        return [.. _keys.Zip(_values, (keys, values) => (Padded(keys), Padded(values)))];

        Tensor Padded(Tensor packed) => gather.Of(packed).transpose(1, 2).MoveToOuterDisposeScope();
    }

    /// <summary>Frees the keys and values.</summary>
    public void Dispose()
    {
        foreach (var tensor in _keys.Concat(_values))
            tensor.Dispose();
    }

    private static Tensor Layer(Tensor[] tensors, int layer)
    {
        IndexChecks.Require(layer, tensors.Length, nameof(layer), "layer");
        return tensors[layer];
    }
}

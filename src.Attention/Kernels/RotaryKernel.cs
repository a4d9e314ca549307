using System.Diagnostics;
using static TorchSharp.torch;

namespace PackingKit.Attention;

/// <summary>
/// Rotary embedding at packed positions and the write into a packed cache, as one CUDA kernel (Rotary.cu): queries are rotated in place,
/// keys in place or on their way into the cache, values copied there. Each element is read once and written once, where TorchSharp's own
/// operations take a dozen passes.
/// </summary>
internal sealed class RotaryKernel
{
    internal static readonly string Source = CudaSource.Read("Rotary.cu");

    private const int HeadsPerThread = 4; // enough loads in flight, few threads to wait for
    private const int MaxThreads = 512;

    private readonly CudaKernel _kernel;
    private readonly CudaKernel _rotated;
    private readonly int _headSize;
    private readonly int _vector;

    private RotaryKernel(Device device, ScalarType dtype, int headSize)
    {
        (_headSize, _vector) = (headSize, Vector(dtype, headSize));
        _kernel = Compile("rotary");
        _rotated = Compile("rotated");

        CudaKernel Compile(string name) => CudaKernel.Compile(device, dtype, Source, name, Constants(dtype, headSize));
    }

    /// <summary>The kernel for a device, a type and a head size, compiled at first use and kept.</summary>
    /// <exception cref="NotSupportedException">There is none; the message says why.</exception>
    public static RotaryKernel For(Device device, ScalarType dtype, int headSize) => new(device, dtype, headSize);

    /// <summary>The macros that make the source that of one type and head size.</summary>
    internal static (string Name, int Value)[] Constants(ScalarType dtype, int headSize) =>
        [("HEAD", headSize), ("VECTOR", Vector(dtype, headSize))];

    /// <summary>
    /// Launches on libtorch's current stream. Keys and values go to the caches if there are slots; else keys are rotated in place.
    /// </summary>
    /// <param name="query">[slots, heads, head size].</param>
    /// <param name="key">[slots, KV heads, head size].</param>
    /// <param name="value">Like <paramref name="key"/>; only with slots.</param>
    /// <param name="table">float32 [positions, head size].</param>
    /// <param name="positions">int64, one for each slot of the query.</param>
    /// <param name="slots">int64, one for each slot of the query: the cache slot, below 0 for padding.</param>
    /// <param name="keyCache">[cache slots, KV heads, head size], contiguous; only with slots.</param>
    /// <param name="valueCache">Like <paramref name="keyCache"/>.</param>
    /// <returns>Whether the tensors' memory suits the kernel; where not, nothing was done.</returns>
    public bool TryLaunch(
        Tensor query, Tensor key, Tensor? value, Tensor table, Tensor positions, Tensor? slots, Tensor? keyCache, Tensor? valueCache)
    {
        if (!Suits(query) || !Suits(key) || (value is not null && !Suits(value)))
            return false;
        var (tokens, heads, kvHeads) = (query.shape[0], (int)query.shape[1], (int)key.shape[1]);
        Debug.Assert(positions.dtype == ScalarType.Int64 && positions.numel() == tokens && positions.is_contiguous());
        Debug.Assert(table.dtype == ScalarType.Float32 && table.shape[1] == _headSize && table.is_contiguous());
        Debug.Assert(slots is null == keyCache is null && slots is null == valueCache is null && (slots is null || value is not null));
        Debug.Assert(slots is null || (slots.dtype == ScalarType.Int64 && slots.numel() == tokens && slots.is_contiguous()));
        Debug.Assert(keyCache is null || (keyCache.is_contiguous() && keyCache.shape[1] == kvHeads && keyCache.dtype == key.dtype));
        Debug.Assert(valueCache is null || (valueCache.is_contiguous() && valueCache.shape[1] == kvHeads && valueCache.dtype == key.dtype));

        _kernel.Launch(
            tokens, Threads(Math.Max(heads, kvHeads)), query, key, value, table, positions, slots, keyCache, valueCache,
            query.stride(0), key.stride(0), value?.stride(0) ?? 0L, heads, kvHeads);
        return true;
    }

    /// <summary>Heads rotated into a new tensor, with the gradient of that, which is a rotation back.</summary>
    /// <param name="tensor">[slots, heads, head size].</param>
    /// <param name="table">float32 [positions, head size].</param>
    /// <param name="positions">int64, one for each slot.</param>
    /// <returns><see langword="null"/> where the tensor's memory does not suit the kernel.</returns>
    public Tensor? TryRotated(Tensor tensor, Tensor table, Tensor positions) => !Suits(tensor) ? null : CustomGradient.Apply(
        () => (Rotated(tensor, table, positions, 1f), [table, positions]),
        (gradient, kept) =>
            [Rotated(Suits(gradient) ? gradient : gradient.contiguous(), kept[0], kept[1], -1f)],
        tensor);

    private Tensor Rotated(Tensor from, Tensor table, Tensor positions, float direction)
    {
        var heads = (int)from.shape[1];
        var to = empty(from.shape, from.dtype, from.device);
        _rotated.Launch(from.shape[0], Threads(heads), from, to, table, positions, from.stride(0), heads, direction);
        return to;
    }

    private int Threads(int heads)
    {
        var pieces = _headSize / 2 / _vector;
        var lanes = Math.Max(1, Math.Min((heads + HeadsPerThread - 1) / HeadsPerThread, MaxThreads / pieces));
        return (lanes * pieces + 31) / 32 * 32;
    }

    /// <summary>Elements that a thread moves at once: up to 16 bytes, a divisor of half a head.</summary>
    private static int Vector(ScalarType dtype, int headSize)
    {
        var vector = dtype == ScalarType.Float32 ? 4 : 8;
        while (headSize / 2 % vector != 0)
            vector /= 2;
        return vector;
    }

    /// <summary>Heads side by side, and every token and the start on a boundary of the piece that is moved at once.</summary>
    private unsafe bool Suits(Tensor tensor) =>
        tensor.stride(2) == 1 && (tensor.shape[1] == 1 || tensor.stride(1) == _headSize)
        && (tensor.shape[0] == 1 || tensor.stride(0) % _vector == 0)
        && (nint)AotiTorch.DataPointer(tensor) % (_vector * tensor.ElementSize) == 0;
}

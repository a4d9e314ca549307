using TorchSharp;
using static TorchSharp.torch;

namespace PackingKit.Attention;

/// <summary>
/// Rotary embedding at packed positions and the write into a packed cache, as one CUDA kernel of ours: queries are turned in place, keys
/// turned in place or on
/// their way into the cache, values copied there. One read and one write of each element, where TorchSharp's own operations take a dozen.
/// </summary>
internal sealed unsafe class RotaryKernel
{
    /// <summary>
    /// CUDA C, for one element type T and head size HEAD. Each block takes one token; each thread VECTOR neighbouring elements of the first
    /// half of a head and their partners in the second half, loaded and stored as one piece, and the same ones of other heads: the factors
    /// are read once.
    /// </summary>
    internal const string Source = CudaFunction.ElementTypes + """

        struct __align__(VECTOR * sizeof(T)) Piece { T x[VECTOR]; };
        struct __align__(VECTOR < 4 ? VECTOR * 4 : 16) Factors { float x[VECTOR]; };

        __device__ inline void turn(const T* from, T* to, const Factors& cosines, const Factors& sines)
        {
            Piece a = *(const Piece*)from, b = *(const Piece*)(from + HEAD / 2);
            #pragma unroll
            for (int j = 0; j < VECTOR; j++)
            {
                float x = load(a.x[j]), y = load(b.x[j]);
                a.x[j] = store(x * cosines.x[j] - y * sines.x[j]);
                b.x[j] = store(y * cosines.x[j] + x * sines.x[j]);
            }
            *(Piece*)to = a;
            *(Piece*)(to + HEAD / 2) = b;
        }

        // tables: HEAD / 2 cosines and HEAD / 2 sines a position. Strides are in elements from token to token; heads lie side by side. slots is
        // null to turn keys in place and leave values alone; a slot below 0 is padding and is not stored.
        extern "C" __global__ void rotary(
            T* query, T* key, const T* value, const float* tables, const long long* positions, const long long* slots,
            T* keyCache, T* valueCache, long long queryStride, long long keyStride, long long valueStride, int heads, int keyHeads)
        {
            const int pieces = HEAD / 2 / VECTOR;
            long long token = blockIdx.x;
            long long slot = slots ? slots[token] : -1;
            int lanes = blockDim.x / pieces, first = threadIdx.x / pieces, i = threadIdx.x % pieces * VECTOR;
            const float* table = tables + positions[token] * HEAD + i;
            Factors cosines = *(const Factors*)table, sines = *(const Factors*)(table + HEAD / 2);
            T* q = query + token * queryStride + i;
            T* k = key + token * keyStride + i;
            T* stored = slot < 0 ? k : keyCache + slot * keyHeads * HEAD + i;
            if (first < lanes)
            {
                for (int head = first; head < heads; head += lanes)
                    turn(q + head * HEAD, q + head * HEAD, cosines, sines);
                if (slot >= 0 || !slots)
                    for (int head = first; head < keyHeads; head += lanes)
                        turn(k + head * HEAD, stored + head * HEAD, cosines, sines);
            }
            if (slot < 0)
                return;
            const T* v = value + token * valueStride;
            T* to = valueCache + slot * keyHeads * HEAD;
            for (int n = threadIdx.x * VECTOR; n < keyHeads * HEAD; n += blockDim.x * VECTOR)
                *(Piece*)(to + n) = *(const Piece*)(v + n);
        }
        """;

    private readonly CudaFunction _function;
    private readonly int _headSize;
    private readonly int _vector;

    private RotaryKernel(CudaFunction function, int headSize, int vector) => (_function, _headSize, _vector) = (function, headSize, vector);

    /// <summary>The kernel for a device, a type and a head size, compiled at first use and kept.</summary>
    /// <exception cref="NotSupportedException">There is none; the message says why.</exception>
    public static RotaryKernel For(Device device, ScalarType dtype, int headSize)
    {
        if (device.type != DeviceType.CUDA)
            throw new NotSupportedException($"the device is {device.type}");
        var vector = Vector(dtype, headSize);
        return new RotaryKernel(CudaFunction.Compile(device.index, Source, "rotary", Options(dtype, headSize, vector)), headSize, vector);
    }

    /// <summary>The macros that make the source that of one type and head size.</summary>
    internal static string[] Options(ScalarType dtype, int headSize, int vector) =>
        [$"-DHEAD={headSize}", $"-DVECTOR={vector}", dtype switch
        {
            ScalarType.BFloat16 => "-DTYPE_BF16",
            ScalarType.Float16 => "-DTYPE_F16",
            ScalarType.Float32 => "-DTYPE_F32",
            _ => throw new NotSupportedException($"the kernel does not know {dtype}"),
        }];

    /// <summary>Elements that a thread moves at once: up to 16 bytes, a divisor of half a head.</summary>
    internal static int Vector(ScalarType dtype, int headSize)
    {
        var vector = dtype == ScalarType.Float32 ? 4 : 8;
        while (headSize / 2 % vector != 0)
            vector /= 2;
        return vector;
    }

    /// <summary>
    /// Launches on libtorch's current stream. Keys and values go to the caches if there are slots; else keys are turned in place.
    /// </summary>
    /// <returns>Whether the tensors' memory suits the kernel; where not, nothing was done.</returns>
    public bool TryLaunch(
        Tensor query, Tensor key, Tensor? value, Tensor table, Tensor positions, Tensor? slots, Tensor? keyCache, Tensor? valueCache)
    {
        if (!Suits(query) || !Suits(key) || (value is not null && !Suits(value)))
            return false;
        var (tokens, heads, keyHeads) = (query.shape[0], (int)query.shape[1], (int)key.shape[1]);
        if (tokens == 0)
            return true;
        void* q = AotiTorch.DataPointer(query), k = AotiTorch.DataPointer(key), v = Pointer(value);
        void* t = AotiTorch.DataPointer(table), p = AotiTorch.DataPointer(positions), s = Pointer(slots);
        void* kc = Pointer(keyCache), vc = Pointer(valueCache);
        long queryStride = query.stride(0), keyStride = key.stride(0), valueStride = value?.stride(0) ?? 0;
        var arguments = stackalloc void*[] { &q, &k, &v, &t, &p, &s, &kc, &vc, &queryStride, &keyStride, &valueStride, &heads, &keyHeads };
        var pieces = _headSize / 2 / _vector;
        var lanes = Math.Max(1, Math.Min((Math.Max(heads, keyHeads) + 3) / 4, 512 / pieces)); // four heads a thread
        var threads = (lanes * pieces + 31) / 32 * 32;
        _function.Launch((uint)tokens, (uint)threads, AotiTorch.CurrentCudaStream(query.device.index), arguments);
        return true;
    }

    private static void* Pointer(Tensor? tensor) => tensor is null ? null : AotiTorch.DataPointer(tensor);

    /// <summary>Heads side by side, and every token and the start on a boundary of the piece that is moved at once.</summary>
    private bool Suits(Tensor tensor) =>
        tensor.stride(2) == 1 && (tensor.shape[1] == 1 || tensor.stride(1) == _headSize)
        && (tensor.shape[0] == 1 || tensor.stride(0) % _vector == 0)
        && (nint)AotiTorch.DataPointer(tensor) % (_vector * tensor.ElementSize) == 0;
}

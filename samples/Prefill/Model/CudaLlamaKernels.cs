using PackingKit.Attention.Native;
using static TorchSharp.torch;

namespace PackingKit.Samples.Prefill.Model;

/// <summary>CUDA kernels of our own, compiled at run time by NVRTC: each reads and writes every element once.</summary>
internal sealed unsafe class CudaLlamaKernels : LlamaKernels
{
    /// <summary>
    /// Elements are moved in pieces of 16 bytes; arithmetic is in float32.
    /// </summary>
    private const string Source = CudaFunction.ElementTypes + """

        #define VECTOR (16 / sizeof(T))
        struct __align__(16) Piece { T x[VECTOR]; };

        // Root mean square norm of tokens of width elements, a block each; KEPT pieces a thread, which stay in registers between the two passes.
        extern "C" __global__ void rms_norm(const T* input, const T* weight, T* output, int width, float epsilon)
        {
            const Piece* from = (const Piece*)(input + (long long)blockIdx.x * width);
            Piece* to = (Piece*)(output + (long long)blockIdx.x * width);
            int pieces = width / VECTOR;
            Piece kept[KEPT];
            float sum = 0;
            #pragma unroll
            for (int k = 0; k < KEPT; k++)
            {
                int n = threadIdx.x + k * blockDim.x;
                if (n >= pieces) continue;
                kept[k] = from[n];
                for (int j = 0; j < VECTOR; j++)
                {
                    float x = load(kept[k].x[j]);
                    sum += x * x;
                }
            }
            __shared__ float sums[32];
            for (int lane = 16; lane > 0; lane /= 2)
                sum += __shfl_xor_sync(0xffffffffu, sum, lane);
            if (threadIdx.x % 32 == 0)
                sums[threadIdx.x / 32] = sum;
            __syncthreads();
            sum = 0;
            for (int warp = 0; warp < blockDim.x / 32; warp++)
                sum += sums[warp];
            float scale = rsqrtf(sum / width + epsilon);
            #pragma unroll
            for (int k = 0; k < KEPT; k++)
            {
                int n = threadIdx.x + k * blockDim.x;
                if (n >= pieces) continue;
                Piece w = ((const Piece*)weight)[n];
                for (int j = 0; j < VECTOR; j++)
                    kept[k].x[j] = store(load(store(load(kept[k].x[j]) * scale)) * load(w.x[j]));
                to[n] = kept[k];
            }
        }

        // silu(gate) * up, tokens of gate and up side by side, width elements each; one piece a thread.
        extern "C" __global__ void swiglu(const T* input, T* output, int width, long long pieces)
        {
            long long n = (long long)blockIdx.x * blockDim.x + threadIdx.x;
            if (n >= pieces) return;
            int perToken = width / VECTOR;
            const Piece* gate = (const Piece*)input + n / perToken * 2 * perToken + n % perToken;
            Piece g = gate[0], u = gate[perToken];
            for (int j = 0; j < VECTOR; j++)
            {
                float x = load(g.x[j]);
                g.x[j] = store(x / (1 + __expf(-x)) * load(u.x[j]));
            }
            ((Piece*)output)[n] = g;
        }
        """;

    private const int ActivateThreads = 256;
    private readonly CudaFunction _norm;
    private readonly CudaFunction _activate;
    private readonly LlamaShape _shape;
    private readonly int _vector;
    private readonly uint _normThreads;

    private CudaLlamaKernels(LlamaShape shape, Device device, string type, int vector)
    {
        (_shape, _vector) = (shape, vector);
        // Four pieces a thread keep enough loads in flight with few threads to wait for.
        var pieces = shape.Hidden / vector;
        _normThreads = (uint)Math.Clamp((pieces + 127) / 128 * 32, 32, 1024);
        string[] options = [type, $"-DKEPT={(pieces + _normThreads - 1) / _normThreads}"];
        var index = Math.Max(device.index, 0); // a device without a number is the first
        _norm = CudaFunction.Compile(index, Source, "rms_norm", options);
        _activate = CudaFunction.Compile(index, Source, "swiglu", options);
    }

    public override string Description => "CUDA compiled by NVRTC";

    /// <summary>The kernels for a shape and a type.</summary>
    /// <exception cref="NotSupportedException">There are none; the message says why.</exception>
    public static CudaLlamaKernels Create(LlamaShape shape, Device device, ScalarType dtype)
    {
        var (type, vector) = dtype switch
        {
            ScalarType.BFloat16 => ("-DTYPE_BF16", 8),
            ScalarType.Float16 => ("-DTYPE_F16", 8),
            ScalarType.Float32 => ("-DTYPE_F32", 4),
            _ => throw new NotSupportedException($"the kernels do not know {dtype}"),
        };
        if (shape.Hidden % vector != 0 || shape.Intermediate % vector != 0)
            throw new NotSupportedException($"the kernels want widths that are multiples of {vector}");
        return new CudaLlamaKernels(shape, device, type, vector);
    }

    public override Tensor Norm(Tensor hidden, Tensor weight)
    {
        var output = empty_like(hidden);
        void* from = AotiTorch.DataPointer(hidden), scale = AotiTorch.DataPointer(weight), to = AotiTorch.DataPointer(output);
        var (width, epsilon) = (_shape.Hidden, (float)_shape.NormEpsilon);
        Launch(_norm, (uint)hidden.shape[0], _normThreads, hidden, [(nint)(&from), (nint)(&scale), (nint)(&to), (nint)(&width), (nint)(&epsilon)]);
        return output;
    }

    public override Tensor Activate(Tensor gateUp)
    {
        var width = _shape.Intermediate;
        var pieces = gateUp.shape[0] * (width / _vector);
        var output = empty([gateUp.shape[0], width], gateUp.dtype, gateUp.device);
        void* from = AotiTorch.DataPointer(gateUp), to = AotiTorch.DataPointer(output);
        var blocks = (uint)((pieces + ActivateThreads - 1) / ActivateThreads);
        Launch(_activate, blocks, ActivateThreads, gateUp, [(nint)(&from), (nint)(&to), (nint)(&width), (nint)(&pieces)]);
        return output;
    }

    private static void Launch(CudaFunction function, uint blocks, uint threads, Tensor on, ReadOnlySpan<nint> arguments)
    {
        if (blocks == 0)
            return;
        fixed (nint* addresses = arguments)
            function.Launch(blocks, threads, AotiTorch.CurrentCudaStream(on.device.index), (void**)addresses);
    }
}

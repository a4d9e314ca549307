using PackingKit.Attention;
using static TorchSharp.torch;

namespace PackingKit.Samples.Prefill.Model;

/// <summary>CUDA kernels of our own, compiled at run time by NVRTC: each reads and writes every element once.</summary>
internal sealed unsafe class CudaLlamaKernels : LlamaKernels
{
    /// <summary>
    /// A block of THREADS threads for each token. Elements are moved in pieces of 16 bytes, PIECES a thread, all of them asked for before the first is used;
    /// arithmetic is in float32.
    /// </summary>
    private const string Source = CudaFunction.ElementTypes + """

        #define VECTOR (16 / sizeof(T))
        struct __align__(16) Piece { T x[VECTOR]; };

        // Root mean square norm of a token of width elements, which stay in registers between the two passes.
        extern "C" __global__ void __launch_bounds__(THREADS) rms_norm(const T* input, const T* weight, T* output, int width, float epsilon)
        {
            const Piece* from = (const Piece*)(input + (long long)blockIdx.x * width);
            Piece* to = (Piece*)(output + (long long)blockIdx.x * width);
            int pieces = width / VECTOR;
            Piece kept[PIECES];
            #pragma unroll
            for (int k = 0; k < PIECES; k++)
            {
                int n = threadIdx.x + k * THREADS;
                if (n < pieces) kept[k] = from[n];
            }
            float sum = 0;
            #pragma unroll
            for (int k = 0; k < PIECES; k++)
            {
                if (threadIdx.x + k * THREADS >= pieces) break;
                #pragma unroll
                for (int j = 0; j < VECTOR; j++)
                    sum += load(kept[k].x[j]) * load(kept[k].x[j]);
            }
            __shared__ float sums[32];
            for (int lane = 16; lane > 0; lane /= 2)
                sum += __shfl_xor_sync(0xffffffffu, sum, lane);
            if (threadIdx.x % 32 == 0)
                sums[threadIdx.x / 32] = sum;
            __syncthreads();
            sum = 0;
            for (int warp = 0; warp < THREADS / 32; warp++)
                sum += sums[warp];
            float scale = rsqrtf(sum / width + epsilon);
            #pragma unroll
            for (int k = 0; k < PIECES; k++)
            {
                int n = threadIdx.x + k * THREADS;
                if (n >= pieces) break;
                Piece w = ((const Piece*)weight)[n];
                #pragma unroll
                for (int j = 0; j < VECTOR; j++)
                    kept[k].x[j] = store(load(store(load(kept[k].x[j]) * scale)) * load(w.x[j]));
                to[n] = kept[k];
            }
        }

        // silu(gate) * up of a token: width elements of gate, then width elements of up.
        extern "C" __global__ void __launch_bounds__(THREADS) swiglu(const T* input, T* output, int width)
        {
            int pieces = width / VECTOR;
            const Piece* gate = (const Piece*)(input + (long long)blockIdx.x * 2 * width);
            const Piece* up = gate + pieces;
            Piece* to = (Piece*)(output + (long long)blockIdx.x * width);
            Piece g[PIECES], u[PIECES];
            #pragma unroll
            for (int k = 0; k < PIECES; k++)
            {
                int n = threadIdx.x + k * THREADS;
                if (n >= pieces) break;
                g[k] = gate[n];
                u[k] = up[n];
            }
            #pragma unroll
            for (int k = 0; k < PIECES; k++)
            {
                int n = threadIdx.x + k * THREADS;
                if (n >= pieces) break;
                #pragma unroll
                for (int j = 0; j < VECTOR; j++)
                {
                    float x = load(g[k].x[j]);
                    g[k].x[j] = store(__fdividef(x, 1 + __expf(-x)) * load(u[k].x[j]));
                }
                to[n] = g[k];
            }
        }
        """;

    private readonly Kernel _norm;
    private readonly Kernel _activate;
    private readonly LlamaShape _shape;

    private CudaLlamaKernels(LlamaShape shape, Device device, string type, int vector)
    {
        _shape = shape;
        var index = Math.Max(device.index, 0); // a device without a number is the first
        _norm = Kernel.Compile(index, "rms_norm", type, shape.Hidden / vector);
        _activate = Kernel.Compile(index, "swiglu", type, shape.Intermediate / vector);
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
        _norm.Launch(hidden, [(nint)(&from), (nint)(&scale), (nint)(&to), (nint)(&width), (nint)(&epsilon)]);
        return output;
    }

    public override Tensor Activate(Tensor gateUp)
    {
        var width = _shape.Intermediate;
        var output = empty([gateUp.shape[0], width], gateUp.dtype, gateUp.device);
        void* from = AotiTorch.DataPointer(gateUp), to = AotiTorch.DataPointer(output);
        _activate.Launch(gateUp, [(nint)(&from), (nint)(&to), (nint)(&width)]);
        return output;
    }

    /// <summary>A function compiled for tokens of one number of pieces.</summary>
    private readonly record struct Kernel(CudaFunction Function, int Threads)
    {
        public static Kernel Compile(int device, string name, string type, int pieces)
        {
            // Four pieces a thread keep enough loads in flight with few threads to wait for.
            var threads = Math.Clamp((pieces + 127) / 128 * 32, 32, 1024);
            string[] options = [type, $"-DTHREADS={threads}", $"-DPIECES={(pieces + threads - 1) / threads}"];
            return new Kernel(CudaFunction.Compile(device, Source, name, options), threads);
        }

        /// <summary>A block for each of a tensor's tokens.</summary>
        public void Launch(Tensor tokens, ReadOnlySpan<nint> arguments)
        {
            var blocks = (uint)tokens.shape[0];
            if (blocks == 0)
                return;
            fixed (nint* addresses = arguments)
                Function.Launch(blocks, (uint)Threads, AotiTorch.CurrentCudaStream(tokens.device.index), (void**)addresses);
        }
    }
}

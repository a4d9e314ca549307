using PackingKit.Attention;
using static TorchSharp.torch;

namespace PackingKit.Samples.Models;

/// <summary>CUDA kernels of the sample's own (LlamaKernels.cu), compiled at run time: each reads and writes every element once.</summary>
internal sealed class CudaLlamaKernels : LlamaKernels
{
    private static readonly string Source = ReadSource();

    /// <summary>Most blocks that add up a weight's gradient, so that what they write is little beside what they read.</summary>
    private const long MaxSums = 2048;

    private readonly TokenKernel _norm;
    private readonly TokenKernel _normBack;
    private readonly TokenKernel _activate;
    private readonly TokenKernel _activateBack;
    private readonly LlamaShape _shape;

    private CudaLlamaKernels(LlamaShape shape, Device device, ScalarType dtype, int vector)
    {
        _shape = shape;
        _norm = TokenKernel.Compile(device, dtype, "rms_norm", shape.Hidden / vector);
        _normBack = TokenKernel.Compile(device, dtype, "rms_norm_backward", shape.Hidden / vector);
        _activate = TokenKernel.Compile(device, dtype, "swiglu", shape.Intermediate / vector);
        _activateBack = TokenKernel.Compile(device, dtype, "swiglu_backward", shape.Intermediate / vector);
    }

    public override string Description => "CUDA compiled by NVRTC";

    /// <summary>The kernels for a shape and a type.</summary>
    /// <exception cref="NotSupportedException">There are none; the message says why.</exception>
    public static CudaLlamaKernels Create(LlamaShape shape, Device device, ScalarType dtype)
    {
        var vector = dtype == ScalarType.Float32 ? 4 : 8; // elements of a piece of 16 bytes
        if (shape.Hidden % vector != 0 || shape.Intermediate % vector != 0)
            throw new NotSupportedException($"the kernels want widths that are multiples of {vector}");
        return new CudaLlamaKernels(shape, device, dtype, vector);
    }

    public override Tensor Norm(Tensor hidden, Tensor weight) => CustomGradient.Apply(
        () =>
        {
            var output = empty_like(hidden);
            _norm.Launch(hidden.shape[0], hidden, weight, output, _shape.Hidden, Epsilon);
            return (output, [hidden, weight]);
        },
        (gradient, kept) =>
        {
            var (input, scale) = (kept[0], kept[1]);
            var tokens = input.shape[0];
            var blocks = Math.Min(tokens, MaxSums);
            var output = empty_like(input);
            var sums = empty([blocks, _shape.Hidden], ScalarType.Float32, input.device); // of the weight's gradient
            _normBack.Launch(blocks, input, scale, gradient.contiguous(), output, sums, _shape.Hidden, (int)tokens, Epsilon);
            return [output, sums.sum([0L]).to(scale.dtype)];
        },
        hidden, weight);

    public override Tensor Activate(Tensor gateUp) => CustomGradient.Apply(
        () =>
        {
            var output = empty([gateUp.shape[0], _shape.Intermediate], gateUp.dtype, gateUp.device);
            _activate.Launch(gateUp.shape[0], gateUp, output, _shape.Intermediate);
            return (output, [gateUp]);
        },
        (gradient, kept) =>
        {
            var output = empty_like(kept[0]);
            _activateBack.Launch(kept[0].shape[0], kept[0], gradient.contiguous(), output, _shape.Intermediate);
            return [output];
        },
        gateUp);

    private float Epsilon => (float)_shape.NormEpsilon;

    /// <summary>
    /// The macros for tokens of a number of pieces: four pieces per thread keep enough loads in flight with few threads to wait for.
    /// </summary>
    internal static (string Name, int Value)[] Constants(int pieces)
    {
        var threads = Math.Clamp((pieces + 127) / 128 * 32, 32, CudaKernel.MaxThreads);
        return [("THREADS", threads), ("PIECES", (pieces + threads - 1) / threads)];
    }

    internal static string ReadSource()
    {
        using var reader = new StreamReader(typeof(CudaLlamaKernels).Assembly.GetManifestResourceStream("LlamaKernels.cu")!);
        return reader.ReadToEnd();
    }

    /// <summary>A kernel that takes a token in each block.</summary>
    private readonly record struct TokenKernel(CudaKernel Kernel, int Threads)
    {
        public static TokenKernel Compile(Device device, ScalarType dtype, string name, int pieces)
        {
            var constants = Constants(pieces);
            return new TokenKernel(CudaKernel.Compile(device, dtype, Source, name, constants), constants[0].Value);
        }

        public void Launch(long blocks, params ReadOnlySpan<CudaArgument> arguments) => Kernel.Launch(blocks, Threads, arguments);
    }
}

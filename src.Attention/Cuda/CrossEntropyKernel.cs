using System.Diagnostics;
using TorchSharp;
using static TorchSharp.torch;

namespace PackingKit.Attention;

/// <summary>
/// Cross entropy of tokens as CUDA kernels (CrossEntropy.cu): logits are read once on the way there, and once on the way back, where
/// TorchSharp's own operations make float32 copies of what is the largest tensor of a training step.
/// </summary>
internal static class CrossEntropyKernel
{
    internal static readonly string Source = CudaSource.Read("CrossEntropy.cu");

    private const int Threads = 512;

    /// <summary>The loss of each token, float32 [tokens], with its gradient; <see langword="null"/> where there is no kernel.</summary>
    /// <param name="logits">[tokens, vocabulary].</param>
    /// <param name="tokens">int64 [tokens], contiguous; one outside of the vocabulary gives NaN.</param>
    public static Tensor? TryLosses(Tensor logits, Tensor tokens)
    {
        Debug.Assert(logits.dim() == 2 && tokens.is_contiguous() && tokens.dtype == ScalarType.Int64 && tokens.numel() == logits.shape[0]);
        if (logits.device_type != DeviceType.CUDA || logits.shape[1] is < 1 or > int.MaxValue)
            return null;
        var (count, vocabulary) = (logits.shape[0], (int)logits.shape[1]);
        using var scope = NewDisposeScope();
        using var rows = logits.detach().contiguous();
        CudaKernel forward, backward;
        try
        {
            (forward, backward) = (Compile("cross_entropy"), Compile("cross_entropy_backward"));
        }
        catch (NotSupportedException)
        {
            return null;
        }
        return CustomGradient.Apply(
            () =>
            {
                var losses = empty(count, ScalarType.Float32, rows.device);
                var logSums = empty_like(losses);
                forward.Launch(count, Threads, rows, tokens, losses, logSums, vocabulary);
                return (losses, [rows, tokens, logSums]);
            },
            (gradient, kept) =>
            {
                var output = empty_like(kept[0]);
                backward.Launch(count, Threads, kept[0], kept[1], kept[2], gradient.contiguous(), output, vocabulary);
                return [output];
            },
            logits).MoveToOuterDisposeScope();

        CudaKernel Compile(string name) =>
            CudaKernel.Compile(rows.device, rows.dtype, Source, name, Constants(rows.dtype, Vector(rows)));
    }

    /// <summary>The macros for a piece of so many elements.</summary>
    internal static (string Name, int Value)[] Constants(ScalarType dtype, int vector)
    {
        Debug.Assert(vector <= (dtype == ScalarType.Float32 ? 4 : 8));
        return [("THREADS", Threads), ("VECTOR", vector)];
    }

    /// <summary>Elements that are moved at once: up to 16 bytes, so many that every row begins on a boundary.</summary>
    private static unsafe int Vector(Tensor rows)
    {
        var vector = rows.dtype == ScalarType.Float32 ? 4 : 8;
        while (rows.shape[1] % vector != 0 || (nint)AotiTorch.DataPointer(rows) % (vector * rows.ElementSize) != 0)
            vector /= 2;
        return vector;
    }
}

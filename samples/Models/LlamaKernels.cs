using TorchSharp;
using static TorchSharp.torch;

namespace PackingKit.Samples.Models;

/// <summary>What a Llama does between its products: norm and activation, with their gradients.</summary>
internal abstract class LlamaKernels
{
    /// <summary>Which code that is, and why not a faster one.</summary>
    public abstract string Description { get; }

    /// <summary>The fastest code that device and type allow.</summary>
    public static LlamaKernels For(LlamaShape shape, Device device, ScalarType dtype)
    {
        if (device.type != DeviceType.CUDA)
            return new PlainLlamaKernels(shape.NormEpsilon, "libtorch's operations");
        try
        {
            return CudaLlamaKernels.Create(shape, device, dtype);
        }
        catch (NotSupportedException obstacle)
        {
            return new PlainLlamaKernels(shape.NormEpsilon, $"libtorch's operations ({obstacle.Message})");
        }
    }

    /// <summary>x / rms(x) * weight for each token, in float32 where x is of a half type.</summary>
    /// <param name="hidden">[slots, hidden], contiguous.</param>
    /// <param name="weight">[hidden].</param>
    /// <returns>[slots, hidden].</returns>
    public abstract Tensor Norm(Tensor hidden, Tensor weight);

    /// <summary>silu(gate) * up.</summary>
    /// <param name="gateUp">[slots, 2 * intermediate]: gate, then up; contiguous.</param>
    /// <returns>[slots, intermediate].</returns>
    public abstract Tensor Activate(Tensor gateUp);
}

using static TorchSharp.torch;

namespace PackingKit.Samples.Prefill.Model;

/// <summary>What a Llama does between its products: norm, rotation, activation.</summary>
internal abstract class LlamaKernels : IDisposable
{
    public abstract string Description { get; }

    /// <summary>The fastest code that device and type allow.</summary>
    public static LlamaKernels For(LlamaShape shape, Device device, ScalarType dtype) => new PlainLlamaKernels(shape);

    /// <summary>x / rms(x) * weight for each token, in float32 where x is of a half type.</summary>
    /// <param name="hidden">[slots, hidden].</param>
    /// <param name="weight">[hidden].</param>
    /// <returns>[slots, hidden].</returns>
    public abstract Tensor Norm(Tensor hidden, Tensor weight);

    /// <summary>Turns each pair (x[i], x[i + size / 2]) of a head by position * base^(-2i / size), in place.</summary>
    /// <param name="heads">[slots, heads, head size].</param>
    /// <param name="positions">int64 [slots].</param>
    public abstract void Rotate(Tensor heads, Tensor positions);

    /// <summary>silu(gate) * up.</summary>
    /// <param name="gateUp">[slots, 2 * intermediate]: gate, then up.</param>
    /// <returns>[slots, intermediate].</returns>
    public abstract Tensor Activate(Tensor gateUp);

    public abstract void Dispose();
}

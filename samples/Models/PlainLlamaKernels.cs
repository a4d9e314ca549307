using static TorchSharp.torch;

namespace PackingKit.Samples.Models;

/// <summary>libtorch's own operations: any device, any type.</summary>
internal sealed class PlainLlamaKernels(double epsilon, string description) : LlamaKernels
{
    public override string Description => description;

    public override Tensor Norm(Tensor hidden, Tensor weight)
    {
        using var scope = NewDisposeScope();
        var wide = hidden.dtype is ScalarType.Float16 or ScalarType.BFloat16 ? hidden.to(ScalarType.Float32) : hidden;
        var scale = wide.square().mean([1L], keepdim: true).add(epsilon).rsqrt();
        return wide.mul(scale).to(hidden.dtype).mul(weight).MoveToOuterDisposeScope();
    }

    public override Tensor Activate(Tensor gateUp)
    {
        using var scope = NewDisposeScope();
        var halves = gateUp.chunk(2, -1);
        return nn.functional.silu(halves[0]).mul(halves[1]).MoveToOuterDisposeScope();
    }
}

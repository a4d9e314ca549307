using TorchSharp;
using static TorchSharp.torch;

namespace PackingKit.Samples.Prefill.Model;

/// <summary>libtorch's own operations: any device, any type.</summary>
internal sealed class PlainLlamaKernels(LlamaShape shape) : LlamaKernels
{
    private Tensor? _positions;
    private (Tensor Cos, Tensor Sin) _angles;

    public override string Description => "libtorch's operations";

    public override Tensor Norm(Tensor hidden, Tensor weight)
    {
        using var scope = NewDisposeScope();
        var wide = Wide(hidden);
        var scale = wide.square().mean([1L], keepdim: true).add_(shape.NormEpsilon).rsqrt_();
        return wide.mul(scale).to(hidden.dtype).mul_(weight).MoveToOuterDisposeScope();
    }

    public override void Rotate(Tensor heads, Tensor positions)
    {
        using var scope = NewDisposeScope();
        var (cos, sin) = Angles(positions, heads.dtype);
        var halves = heads.chunk(2, -1);
        var (first, second) = (Wide(halves[0]), Wide(halves[1]));
        var turned = first.mul(cos).sub_(second.mul(sin));
        halves[1].copy_(second.mul(cos).add_(first.mul(sin)));
        halves[0].copy_(turned);
    }

    public override Tensor Activate(Tensor gateUp)
    {
        using var scope = NewDisposeScope();
        var halves = gateUp.chunk(2, -1);
        return nn.functional.silu(halves[0]).mul_(halves[1]).MoveToOuterDisposeScope();
    }

    public override void Dispose() => ForgetAngles();

    /// <summary>[slots, 1, half a head], the same for every layer of a pass.</summary>
    private (Tensor Cos, Tensor Sin) Angles(Tensor positions, ScalarType dtype)
    {
        if (ReferenceEquals(_positions, positions))
            return _angles;
        ForgetAngles();
        // In float64 whatever the type: angles at large positions need it, and this happens once a pass.
        var exponents = arange(0, shape.HeadSize, 2, ScalarType.Float64, positions.device).div_(-shape.HeadSize);
        var angles = positions.unsqueeze(1).mul(tensor(shape.RotaryBase, ScalarType.Float64, positions.device).pow(exponents)).unsqueeze(1);
        var wide = dtype == ScalarType.Float64 ? dtype : ScalarType.Float32;
        _angles = (angles.cos().to(wide).DetachFromDisposeScope(), angles.sin().to(wide).DetachFromDisposeScope());
        _positions = positions;
        return _angles;
    }

    private void ForgetAngles()
    {
        if (_positions is null)
            return;
        _angles.Cos.Dispose();
        _angles.Sin.Dispose();
        _positions = null;
    }

    private static Tensor Wide(Tensor tensor) => tensor.dtype is ScalarType.Float16 or ScalarType.BFloat16 ? tensor.to(ScalarType.Float32) : tensor.alias();
}

using TorchSharp;
using static TorchSharp.torch;

namespace PackingKit.Samples.Train;

/// <summary>
/// All weights of a model side by side in one tensor, and their gradients in another: a step of the optimizer is a few operations on long
/// vectors, whatever the number of layers.
/// </summary>
internal sealed class Weights : IDisposable
{
    private readonly List<(Tensor Parameter, long Start)> _parameters = [];
    private Tensor _flat;
    private Tensor? _gradients;
    private Optimizer? _optimizer;

    public Weights(Device device, ScalarType dtype, int seed)
    {
        (Device, Type) = (device, dtype);
        manual_seed(seed);
        _flat = empty(0, dtype, device).DetachFromDisposeScope();
    }

    public Device Device { get; }

    public ScalarType Type { get; }

    /// <summary>Number of weights.</summary>
    public long Count { get; private set; }

    /// <summary>A matrix [outputs, inputs], random.</summary>
    public Tensor Matrix(long outputs, long inputs) => Add(randn(outputs, inputs).mul_(0.02));

    /// <summary>The factors of a norm.</summary>
    public Tensor Ones(long size) => Add(ones(size));

    /// <summary>Puts all weights side by side: no more can be added.</summary>
    public void Seal(double learningRate)
    {
        using var scope = NewDisposeScope();
        using var gradients = no_grad();
        _flat = cat([.. _parameters.Select(entry => entry.Parameter.flatten())]).DetachFromDisposeScope();
        _gradients = zeros_like(_flat).DetachFromDisposeScope();
        foreach (var (parameter, start) in _parameters)
        {
            parameter.set_(_flat.narrow(0, start, parameter.numel()).view(parameter.shape));
            parameter.grad = _gradients.narrow(0, start, parameter.numel()).view(parameter.shape); // to which backward adds
        }
        _optimizer = new Optimizer(_flat, learningRate);
    }

    /// <summary>Clips the gradients that backward has added up, takes a step of AdamW, and forgets them.</summary>
    /// <param name="maxNorm">The largest norm that stays as it is.</param>
    public void Step(double maxNorm)
    {
        _optimizer!.Step(_gradients!, maxNorm);
        _gradients!.zero_();
    }

    public void Dispose()
    {
        _optimizer?.Dispose();
        foreach (var (parameter, _) in _parameters)
            parameter.Dispose();
        _gradients?.Dispose();
        _flat.Dispose();
    }

    private Tensor Add(Tensor value)
    {
        var parameter = value.to(Type).to(Device).requires_grad_().DetachFromDisposeScope();
        _parameters.Add((parameter, Count));
        Count += parameter.numel();
        return parameter;
    }
}

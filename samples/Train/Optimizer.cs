using TorchSharp;
using static TorchSharp.torch;

namespace PackingKit.Samples.Train;

/// <summary>
/// AdamW by libtorch's fused operation, which TorchSharp does not bind: one pass over weights, moments and gradients. Weights of a half
/// type have a float32 copy that steps are taken on, so that small ones are not rounded away.
/// </summary>
internal sealed class Optimizer : IDisposable
{
    private static readonly Lazy<jit.CompilationUnit> Script = new(static () => jit.compile("""
        def step(weights, gradients, mean, square, steps, rate: float, divisor):
            written = [weights] # a list that is read again: TorchScript leaves out what is only written to
            torch._fused_adamw_(
                written, [gradients], [mean], [square], [], [steps], lr=rate, beta1=0.9, beta2=0.999, weight_decay=0.01, eps=1e-8,
                amsgrad=False, maximize=False, grad_scale=divisor, found_inf=None)
            return written[0]

        """));

    private readonly Tensor _weights;
    private readonly Tensor _master;
    private readonly Tensor _mean;
    private readonly Tensor _square;
    private readonly Tensor _steps;
    private readonly double _learningRate;

    /// <param name="weights">[weights]; stays the caller's.</param>
    /// <param name="learningRate">The same at every step.</param>
    public Optimizer(Tensor weights, double learningRate)
    {
        (_weights, _learningRate) = (weights, learningRate);
        _master = weights.to(ScalarType.Float32).DetachFromDisposeScope(); // the weights themselves where they are of that type
        _mean = zeros_like(_master).DetachFromDisposeScope();
        _square = zeros_like(_master).DetachFromDisposeScope();
        _steps = zeros(1, ScalarType.Float32, weights.device).DetachFromDisposeScope();
    }

    /// <summary>Takes a step, which nothing waits for: the norm is not read back.</summary>
    /// <param name="gradients">Like the weights.</param>
    /// <param name="maxNorm">The largest norm that stays as it is.</param>
    public void Step(Tensor gradients, double maxNorm)
    {
        using var scope = NewDisposeScope();
        using var unrecorded = no_grad();
        var wide = gradients.to(ScalarType.Float32);
        var divisor = wide.norm().div(maxNorm).clamp(min: 1);
        ((Tensor)Script.Value.invoke("step", _master, wide, _mean, _square, _steps.add_(1), _learningRate, divisor)).Dispose();
        if (_weights.dtype != ScalarType.Float32)
            _weights.copy_(_master);
    }

    public void Dispose()
    {
        foreach (var tensor in (Tensor[])[_master, _mean, _square, _steps])
            tensor.Dispose();
    }
}

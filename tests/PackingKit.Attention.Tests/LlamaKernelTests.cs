using PackingKit.Samples.Models;
using PackingKit.Samples.Prefill.Model;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace PackingKit.Attention.Tests;

/// <summary>The model's run-time compiled CUDA kernels against libtorch's operations in float64.</summary>
public class LlamaKernelTests
{
    public static TheoryData<ScalarType, int, int> Shapes
    {
        get
        {
            var data = new TheoryData<ScalarType, int, int>();
            foreach (var type in (ScalarType[])[ScalarType.BFloat16, ScalarType.Float16, ScalarType.Float32])
                foreach (var (hidden, intermediate) in ((int, int)[])[
                    (8, 8), (64, 160), (256, 688), (2048, 5504), (4096, 14336), (5120, 13824)])
                    data.Add(type, hidden, intermediate);
            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void They_are_as_exact_as_their_type(ScalarType dtype, int hidden, int intermediate)
    {
        using var scope = Cuda.Scope();
        var shape = new LlamaShape(hidden, 1, 1, 1, intermediate, 8);
        var kernels = CudaLlamaKernels.Create(shape, CUDA, dtype);
        var exact = new PlainLlamaKernels(shape.NormEpsilon, "float64");
        var tokens = 37;
        var input = randn([tokens, hidden], ScalarType.Float64, CUDA).mul_(3).to(dtype);
        var weight = rand([hidden], ScalarType.Float64, CUDA).add_(0.5).to(dtype);
        var gateUp = randn([tokens, 2 * intermediate], ScalarType.Float64, CUDA).mul_(4).to(dtype);
        var rounding = dtype switch { ScalarType.BFloat16 => 1 / 256.0, ScalarType.Float16 => 1 / 2048.0, _ => 1e-6 };
        AssertNear(exact.Norm(Wide(input), Wide(weight)), kernels.Norm(input, weight), 2 * rounding);
        AssertNear(exact.Activate(Wide(gateUp)), kernels.Activate(gateUp), 2 * rounding);
        foreach (var tokens2 in (int[])[1, tokens, 5000]) // more than there are sums of a weight's gradient
        {
            var many = randn([tokens2, hidden], ScalarType.Float64, CUDA).mul_(3).to(dtype);
            AssertSameGradients(x => exact.Norm(x[0], x[1]), x => kernels.Norm(x[0], x[1]), 2 * rounding, many, weight);
        }
        AssertSameGradients(x => exact.Activate(x[0]), x => kernels.Activate(x[0]), 2 * rounding, gateUp);
    }

    /// <summary>Gradients of a sum with random weights, which come in rows that lie apart.</summary>
    private static void AssertSameGradients(
        Func<Tensor[], Tensor> exact, Func<Tensor[], Tensor> actual, double bound, params Tensor[] inputs)
    {
        Tensor? weights = null;
        var (expected, got) = (Gradients(exact, Wide), Gradients(actual, tensor => tensor));
        foreach (var (one, other) in expected.Zip(got))
            AssertNear(one, other, bound);

        Tensor[] Gradients(Func<Tensor[], Tensor> operation, Func<Tensor, Tensor> type)
        {
            var own = Array.ConvertAll(inputs, input => type(input).detach().clone().requires_grad_());
            var result = operation(own);
            weights ??= randn([result.shape[1], result.shape[0]], ScalarType.Float64, CUDA).to(inputs[0].dtype);
            result.mul(type(weights).t()).sum().backward();
            return Array.ConvertAll(own, input => input.grad!);
        }
    }

    private static Tensor Wide(Tensor tensor) => tensor.to(ScalarType.Float64);

    private static void AssertNear(Tensor expected, Tensor actual, double bound)
    {
        var error = ((Wide(actual) - expected).norm() / expected.norm()).item<double>();
        Assert.True(error <= bound, $"The relative error is {error:E2}, the bound {bound:E2}.");
    }
}

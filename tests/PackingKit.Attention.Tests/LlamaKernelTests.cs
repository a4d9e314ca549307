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
    }

    private static Tensor Wide(Tensor tensor) => tensor.to(ScalarType.Float64);

    private static void AssertNear(Tensor expected, Tensor actual, double bound)
    {
        var error = ((Wide(actual) - expected).norm() / expected.norm()).item<double>();
        Assert.True(error <= bound, $"The relative error is {error:E2}, the bound {bound:E2}.");
    }
}

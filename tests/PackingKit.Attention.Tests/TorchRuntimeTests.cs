using TorchSharp;
using Xunit;

namespace PackingKit.Attention.Tests;

public class TorchRuntimeTests
{
    [Fact]
    public void TorchSharp_multiplies_matrices_once_loaded()
    {
        using var scope = torch.NewDisposeScope();
        var product = torch.ones(2, 3).matmul(torch.ones(3, 2));
        Assert.Equal([3f, 3f, 3f, 3f], product.data<float>().ToArray());
    }
}

using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace PackingKit.Attention.Tests;

/// <summary>What every test on a CUDA device begins with.</summary>
internal static class Cuda
{
    /// <summary>Skips the test, visibly, where there is no CUDA device.</summary>
    public static void Require()
    {
        if (!cuda.is_available())
            Assert.Skip("No CUDA device.");
    }

    /// <summary>A scope for the test's tensors; skips the test where there is no CUDA device.</summary>
    public static DisposeScope Scope()
    {
        Require();
        return NewDisposeScope();
    }
}

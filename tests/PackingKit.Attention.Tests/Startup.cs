using System.Runtime.CompilerServices;

// libtorch has threads of its own, and the tests that count tensors must be alone.
[assembly: Xunit.v3.Parallelization(Mode = Xunit.Sdk.ParallelMode.None)]

namespace PackingKit.Attention.Tests;

internal static class Startup
{
    /// <summary>
    /// Before any test, and before TorchSharp is first touched. The tensors are tiny: a second thread would only be waited for.
    /// </summary>
    [ModuleInitializer]
    internal static void LoadTorch()
    {
        TorchRuntime.EnsureLoaded();
        TorchSharp.torch.set_num_threads(1);
    }
}

using System.Runtime.CompilerServices;

namespace PackingKit.Attention.Tests;

internal static class Startup
{
    /// <summary>Before any test, and before TorchSharp is first touched.</summary>
    [ModuleInitializer]
    internal static void LoadTorch() => TorchRuntime.EnsureLoaded();
}

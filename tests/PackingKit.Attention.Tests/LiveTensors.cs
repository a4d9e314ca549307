using Xunit;
using static TorchSharp.torch;

namespace PackingKit.Attention.Tests;

/// <summary>Counts tensors that are not disposed of.</summary>
internal static class LiveTensors
{
    /// <summary>
    /// Their number before a test, when what earlier tests left to the finalizer is gone: else it might go during the test, and the
    /// number be lower afterwards.
    /// </summary>
    public static long CountBefore()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        return Tensor.TotalCount;
    }

    /// <summary>Holds a step that is done again and again to leaving no tensor behind; it has been done once before.</summary>
    public static void AssertNoneLeft(int steps, Action step)
    {
        var before = CountBefore();
        for (var i = 0; i < steps; i++)
            step();
        Assert.Equal(before, Tensor.TotalCount);
    }
}

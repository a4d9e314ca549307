using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;

namespace PackingKit.Samples.Prefill;

/// <summary>What a process holds between batches: if either number grows from batch to batch, something is not freed.</summary>
/// <param name="Tensors">Tensors alive.</param>
/// <param name="DeviceBytes">
/// Bytes of the CUDA device in use as its driver counts them, what libtorch keeps for later included; <see langword="null"/> on the CPU.
/// </param>
internal readonly partial record struct MemoryState(long Tensors, long? DeviceBytes)
{
    public static MemoryState Of(Device device) => new(
        Tensor.TotalCount, device.type == DeviceType.CUDA && GetInfo(out var free, out var total) == 0 ? (long)(total - free) : null);

    [LibraryImport("libcuda.so.1", EntryPoint = "cuMemGetInfo_v2")]
    private static partial int GetInfo(out nuint free, out nuint total);
}

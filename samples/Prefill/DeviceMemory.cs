using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;

namespace PackingKit.Samples.Prefill;

/// <summary>Memory of a CUDA device, as its driver counts it.</summary>
internal static partial class DeviceMemory
{
    /// <summary>Bytes in use by whomever, what libtorch keeps for later included; <see langword="null"/> on the CPU.</summary>
    public static long? InUse(Device device) =>
        device.type == DeviceType.CUDA && GetInfo(out var free, out var total) == 0 ? (long)(total - free) : null;

    [LibraryImport("libcuda.so.1", EntryPoint = "cuMemGetInfo_v2")]
    private static partial int GetInfo(out nuint free, out nuint total);
}

using System.Diagnostics;
using TorchSharp;
using static TorchSharp.torch;

namespace PackingKit.Attention;

/// <summary>
/// Memory on the host for what goes to a device; for CUDA page-locked, so that the device copies from it while the host goes on.
/// </summary>
/// <typeparam name="T">int, long or float.</typeparam>
internal readonly unsafe ref struct HostMemory<T> : IDisposable
    where T : unmanaged
{
    private readonly Tensor _memory;
    private readonly Device _device;

    public HostMemory(long count, Device device)
    {
        Debug.Assert(typeof(T) == typeof(int) || typeof(T) == typeof(long) || typeof(T) == typeof(float));
        var dtype = typeof(T) == typeof(int) ? ScalarType.Int32 : typeof(T) == typeof(long) ? ScalarType.Int64 : ScalarType.Float32;
        _device = device;
        _memory = device.type == DeviceType.CUDA ? AotiTorch.EmptyPinned(count, dtype) : empty(count, dtype, CPU);
        Debug.Assert(_memory.is_contiguous() && _memory.numel() == count && _memory.ElementSize == sizeof(T));
        Values = new Span<T>(AotiTorch.DataPointer(_memory), checked((int)count));
    }

    /// <summary>What to upload; not cleared.</summary>
    public Span<T> Values { get; }

    /// <summary>The values on the device, in the dispose scope at hand; what is written afterwards may or may not get there.</summary>
    public Tensor Upload() => _device.type == DeviceType.CPU ? _memory.alias() : _memory.to(_device, non_blocking: true);

    /// <summary>Gives the memory back; libtorch does not use it anew before a copy from it has ended.</summary>
    public void Dispose() => _memory.Dispose();
}

using TorchSharp;
using static TorchSharp.torch;

namespace PackingKit.Attention;

/// <summary>
/// What entry points ask of the tensors that they are given, whatever the device and the path: all of it before anything is written,
/// because neither libtorch's broadcasting nor a CUDA kernel would notice.
/// </summary>
internal static class TensorChecks
{
    /// <summary>Stands in a shape for a size that may be any.</summary>
    public const long Any = -1;

    private static readonly Lazy<int> CudaDevices = new(static () => cuda.is_available() ? cuda.device_count() : 0);

    /// <summary>Refuses a sparse tensor, and one of another shape or type, or on another device.</summary>
    /// <param name="tensor">What was given.</param>
    /// <param name="name">The argument's name.</param>
    /// <param name="shape">Its sizes, <see cref="Any"/> for one that may be any.</param>
    /// <param name="dtype">Its type.</param>
    /// <param name="device">Where it must lie; one without a number is any of its kind.</param>
    public static void Require(Tensor tensor, string name, ReadOnlySpan<long> shape, ScalarType dtype, Device device)
    {
        ArgumentNullException.ThrowIfNull(tensor, name);
        if (tensor.is_sparse || !Fits(tensor.shape, shape) || tensor.dtype != dtype || !IsOn(tensor, device))
            throw Mismatch($"{Text(shape)} of {dtype} on {device}", tensor, name);
    }

    /// <summary>Refuses a sparse tensor, and one with other leading entries, or on another device where one is given.</summary>
    public static void RequireLeading(Tensor tensor, string name, long count, Device? device)
    {
        ArgumentNullException.ThrowIfNull(tensor, name);
        if (tensor.is_sparse || tensor.dim() < 1 || tensor.shape[0] != count || (device is not null && !IsOn(tensor, device)))
            throw Mismatch(device is null ? $"[{count}, ...]" : $"[{count}, ...] on {device}", tensor, name);
    }

    /// <summary>Refuses a CUDA device that is not there; <see langword="null"/> is the CPU.</summary>
    public static void RequireDevice(Device? device, string name)
    {
        if (device is null || device.type != DeviceType.CUDA)
            return;
        TorchRuntime.EnsureLoaded();
        if (Math.Max(device.index, 0) >= CudaDevices.Value)
            throw new ArgumentException($"There is no device {device}: libtorch finds {CudaDevices.Value} CUDA devices.", name);
    }

    /// <summary>
    /// What is wrong with a tensor of so many bytes, or <see langword="null"/>: on the CPU it must fit into the memory that the process may
    /// have at all.
    /// </summary>
    public static string? MemoryObstacle(string what, Int128 bytes, Device device)
    {
        if (device.type != DeviceType.CPU)
            return null;
        var memory = GC.GetGCMemoryInfo();
        // A limit set for the managed heap alone is none for tensors; the threshold of high load is a share of all memory.
        var limit = Math.Max(memory.TotalAvailableMemoryBytes, memory.HighMemoryLoadThresholdBytes);
        return limit > 0 && bytes > limit ? $"{what} would take {bytes} bytes of the {limit} that there are." : null;
    }

    /// <summary>Bytes of an element of bool or of a floating type.</summary>
    public static int ElementSize(ScalarType dtype) => dtype switch
    {
        ScalarType.Bool => 1,
        ScalarType.Float16 or ScalarType.BFloat16 => 2,
        ScalarType.Float32 => 4,
        _ => 8,
    };

    /// <summary>The exception that says what was expected and what was given.</summary>
    public static ArgumentException Mismatch(string expected, Tensor tensor, string name) =>
        new(
            $"Expected {expected}, not {(tensor.is_sparse ? "sparse " : "")}{Text(tensor.shape)} of {tensor.dtype} on {tensor.device}.",
            name);

    /// <summary>Refuses to write into a tensor whose elements share memory, as those that <c>expand</c> gives do.</summary>
    public static void RequireOwnMemory(Tensor tensor, string name)
    {
        var (shape, strides) = (tensor.shape, tensor.stride());
        for (var i = 0; i < shape.Length; i++)
            if (shape[i] > 1 && strides[i] == 0)
                throw new ArgumentException($"It is written to, but its {shape[i]} entries of dimension {i} share one memory.", name);
    }

    /// <summary>Refuses two tensors of one type that share an element, where one of them is written to.</summary>
    /// <param name="tensor">What to refuse.</param>
    /// <param name="name">Its argument's name.</param>
    /// <param name="other">The other tensor.</param>
    /// <param name="otherName">The other's argument's name.</param>
    public static void RequireApart(Tensor tensor, string name, Tensor other, string otherName)
    {
        if (MemoryOverlap.Shows(tensor, other))
            throw new ArgumentException($"It and {otherName} share memory, and rotation in place would write to both.", name);
    }

    /// <summary>Whether gradients are recorded and an input requires one.</summary>
    public static bool WantGradient(params ReadOnlySpan<Tensor> inputs)
    {
        if (!is_grad_enabled())
            return false;
        foreach (var input in inputs)
            if (input.requires_grad)
                return true;
        return false;
    }

    /// <summary>Refuses inputs that require a gradient, while gradients are recorded, where none would be given back.</summary>
    /// <param name="operation">What gives none, as the beginning of a sentence.</param>
    /// <param name="instead">What to do where a gradient is wanted.</param>
    /// <param name="inputs">The tensors.</param>
    public static void RefuseGradient(string operation, string instead, params ReadOnlySpan<Tensor> inputs)
    {
        if (WantGradient(inputs))
            throw new InvalidOperationException(
                $"{operation} gives no gradient, and an input requires one: {instead}, or call it under torch.no_grad().");
    }

    private static bool Fits(long[] actual, ReadOnlySpan<long> expected)
    {
        if (actual.Length != expected.Length)
            return false;
        for (var i = 0; i < actual.Length; i++)
            if (expected[i] != Any && actual[i] != expected[i])
                return false;
        return true;
    }

    /// <summary>Whether a tensor lies on a device; one without a number is any of its kind.</summary>
    public static bool IsOn(Tensor tensor, Device device) =>
        tensor.device_type == device.type && (device.type == DeviceType.CPU || device.index < 0 || tensor.device_index == device.index);

    private static string Text(ReadOnlySpan<long> shape)
    {
        var sizes = new string[shape.Length];
        for (var i = 0; i < sizes.Length; i++)
            sizes[i] = shape[i] == Any ? "any" : $"{shape[i]}";
        return $"[{string.Join(", ", sizes)}]";
    }
}

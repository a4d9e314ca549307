using System.Diagnostics;
using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;

namespace PackingKit.Attention;

/// <summary>
/// The few functions of libtorch's stable C interface (torch/csrc/inductor/aoti_torch) that TorchSharp does not bind. A tensor handle there
/// is the pointer that TorchSharp's <c>Tensor.Handle</c> holds; arguments are borrowed, results are owned by the caller, optional arguments
/// are pointers, and 0 means success.
/// </summary>
internal static unsafe class AotiTorch
{
    private static readonly nint Cpu = TorchRuntime.Library("torch_cpu");
    private static readonly nint Cuda = TorchRuntime.Library("torch_cuda");
    private static readonly delegate* unmanaged<nint, int> DeleteTensor =
        (delegate* unmanaged<nint, int>)Export(Cpu, "aoti_torch_delete_tensor_object");
    private static readonly delegate* unmanaged<nint, void**, int> GetDataPointer =
        (delegate* unmanaged<nint, void**, int>)Export(Cpu, "aoti_torch_get_data_ptr");
    private static readonly delegate* unmanaged<long, long*, long*, int, int, int, nint*, int> EmptyStridedPinned =
        (delegate* unmanaged<long, long*, long*, int, int, int, nint*, int>)Export(Cpu, "aoti_torch_empty_strided_pinned");
    private static readonly delegate* unmanaged<int, void**, int> GetCurrentCudaStream =
        (delegate* unmanaged<int, void**, int>)Export(Cuda, "aoti_torch_get_current_cuda_stream");
    private static readonly delegate* unmanaged<
        nint, nint, nint, nint*, nint*, long, long, double, int, int, double*, long*, long*, nint*, nint*,
        nint*, nint*, nint*, nint*, nint*, int> Flash =
        (delegate* unmanaged<
            nint, nint, nint, nint*, nint*, long, long, double, int, int, double*, long*, long*, nint*, nint*,
            nint*, nint*, nint*, nint*, nint*, int>)
        Export(Cuda, "aoti_torch_cuda__flash_attention_forward");
    private static readonly delegate* unmanaged<
        nint, nint, nint, nint*, nint*, nint*, long*, long*, double, long, int, double*, nint*, long*,
        nint*, nint*, nint*, nint*, long*, long*, int> Efficient =
        (delegate* unmanaged<
            nint, nint, nint, nint*, nint*, nint*, long*, long*, double, long, int, double*, nint*, long*,
            nint*, nint*, nint*, nint*, long*, long*, int>)
        Export(Cuda, "aoti_torch_cuda__efficient_attention_forward");

    /// <summary>Why the variable-length kernels cannot be called here, or <see langword="null"/>.</summary>
    public static string? VarlenObstacle() =>
        Cuda == 0 ? "libtorch_cuda is not loaded"
        : Flash == null || Efficient == null ? "this libtorch does not export the variable-length kernels (it is older than 2.7)"
        : null;

    /// <summary>Address of a tensor's first element.</summary>
    public static void* DataPointer(Tensor tensor)
    {
        Debug.Assert(GetDataPointer != null, "This libtorch has no stable C interface.");
        void* pointer;
        Check(GetDataPointer(tensor.Handle, &pointer), "aoti_torch_get_data_ptr");
        GC.KeepAlive(tensor);
        return pointer;
    }

    /// <summary>Page-locked memory on the host, not cleared. Only where there is CUDA.</summary>
    public static Tensor EmptyPinned(long count, ScalarType dtype)
    {
        if (EmptyStridedPinned == null)
            return empty(count, dtype, CPU); // libtorch older than 2.7: copies are waited for
        nint tensor;
        long stride = 1;
        Check(EmptyStridedPinned(1, &count, &stride, (int)dtype, (int)DeviceType.CPU, 0, &tensor), "aoti_torch_empty_strided_pinned");
        return Tensor.UnsafeCreateTensor(tensor);
    }

    /// <summary>The stream on which libtorch works for this thread; the default stream where it cannot be asked.</summary>
    public static void* CurrentCudaStream(int device)
    {
        if (GetCurrentCudaStream == null)
            return null;
        void* stream;
        Check(GetCurrentCudaStream(device, &stream), "aoti_torch_get_current_cuda_stream");
        return stream;
    }

    /// <summary>
    /// FlashAttention-2 over cumulative lengths, where causal from the bottom right; a window is on both sides where not. Tensors are
    /// [tokens, heads, head size], lengths int32.
    /// </summary>
    public static Tensor FlashAttention(
        Tensor query, Tensor key, Tensor value, Tensor queryStarts, Tensor keyStarts, Tensor? keyLengths,
        long maxQueries, long maxKeys, double scale, int? window, bool causal)
    {
        AssertSuits(query, key, value, queryStarts, keyStarts, keyLengths);
        Debug.Assert(query.dim() == 3 && query.dtype is ScalarType.Float16 or ScalarType.BFloat16);
        var (startsQ, startsK, lengths) = (queryStarts.Handle, keyStarts.Handle, keyLengths?.Handle ?? 0);
        long left = (window ?? 0) - 1, right = causal ? 0 : left;
        var results = stackalloc nint[5];
        Check(Flash(
            query.Handle, key.Handle, value.Handle, &startsQ, &startsK, maxQueries, maxKeys, 0.0, causal ? 1 : 0, 0, &scale,
            window is null ? null : &left, window is null ? null : &right, lengths == 0 ? null : &lengths, null,
            results, results + 1, results + 2, results + 3, results + 4), "_flash_attention_forward");
        KeepAlive(query, key, value, queryStarts, keyStarts, keyLengths);
        return TakeFirst(results, 5);
    }

    /// <summary>
    /// libtorch's memory-efficient kernel over cumulative lengths, where causal from the bottom right; it has a window only there. Tensors
    /// are [1, tokens, heads, head size].
    /// </summary>
    public static Tensor EfficientAttention(
        Tensor query, Tensor key, Tensor value, Tensor queryStarts, Tensor keyStarts, Tensor? keyLengths,
        long maxQueries, long maxKeys, double scale, int? window, bool causal)
    {
        Debug.Assert(causal || window is null);
        AssertSuits(query, key, value, queryStarts, keyStarts, keyLengths);
        Debug.Assert(query.dim() == 4 && query.shape[0] == 1 && query.shape[2] == key.shape[2]);
        var (startsQ, startsK, lengths) = (queryStarts.Handle, keyStarts.Handle, keyLengths?.Handle ?? 0);
        long seen = window ?? 0;
        var results = stackalloc nint[4];
        long usedQueries, usedKeys;
        Check(Efficient(
            query.Handle, key.Handle, value.Handle, null, &startsQ, &startsK, &maxQueries, &maxKeys, 0.0, EfficientMask(causal), 0, &scale,
            lengths == 0 ? null : &lengths, window is null ? null : &seen,
            results, results + 1, results + 2, results + 3, &usedQueries, &usedKeys), "_efficient_attention_forward");
        KeepAlive(query, key, value, queryStarts, keyStarts, keyLengths);
        return TakeFirst(results, 4);
    }

    /// <summary>The memory-efficient kernel's number for queries that see their keys up to themselves, or all.</summary>
    public static long EfficientMask(bool causal) => causal ? 2 : 0;

    /// <summary>The kernels follow the lengths wherever they lead, and load 16 bytes at a time.</summary>
    [Conditional("DEBUG")]
    private static void AssertSuits(
        Tensor query, Tensor key, Tensor value, Tensor queryStarts, Tensor keyStarts, Tensor? keyLengths)
    {
        foreach (var tensor in (Tensor[])[query, key, value])
        {
            Debug.Assert(tensor.device_type == DeviceType.CUDA && tensor.dtype == query.dtype && tensor.shape[^1] == query.shape[^1]);
            Debug.Assert(tensor.stride((int)tensor.dim() - 1) == 1 && (nint)DataPointer(tensor) % 16 == 0);
        }
        Debug.Assert(key.shape.AsSpan().SequenceEqual(value.shape));
        foreach (var table in (Tensor?[])[queryStarts, keyStarts, keyLengths])
            Debug.Assert(
                table is null || (table.dtype == ScalarType.Int32 && table.is_contiguous() && table.device_type == DeviceType.CUDA));
        Debug.Assert(queryStarts.numel() == keyStarts.numel() && (keyLengths is null || keyLengths.numel() == keyStarts.numel() - 1));
    }

    /// <summary>Frees a tensor that nobody wants.</summary>
    public static void Delete(nint tensor) => DeleteTensor(tensor);

    private static Tensor TakeFirst(nint* results, int count)
    {
        Debug.Assert(results[0] != 0, "libtorch reported success and gave no result.");
        for (var i = 1; i < count; i++)
            if (results[i] != 0)
                DeleteTensor(results[i]);
        return Tensor.UnsafeCreateTensor(results[0]);
    }

    private static void KeepAlive(params ReadOnlySpan<Tensor?> tensors)
    {
        foreach (var tensor in tensors)
            GC.KeepAlive(tensor);
    }

    private static void Check(int error, string function)
    {
        if (error != 0)
            throw new InvalidOperationException($"libtorch refused {function}; it has written the reason to standard error.");
    }

    private static nint Export(nint library, string name) =>
        library != 0 && NativeLibrary.TryGetExport(library, name, out var address) ? address : 0;
}

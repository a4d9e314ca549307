using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace PackingKit.Attention;

/// <summary>
/// Operations of libtorch called by name through its dispatcher: what they do is recorded for gradients, unlike what the functions of
/// <see cref="AotiTorch"/> do, which lie below that record.
/// </summary>
/// <remarks>
/// Arguments and results are values of 8 bytes on one stack (libtorch's stable ABI): a tensor is a handle of its own, an optional argument
/// the address of its value in memory that the callee frees, or 0.
/// </remarks>
internal static unsafe class Dispatcher
{
    /// <summary>No value of an optional argument.</summary>
    public const ulong None = 0;

    /// <summary>Room for an operation's arguments and results: more than any has, since later versions add optional ones.</summary>
    public const int StackSize = 32;

    private static readonly nint Cpu = TorchRuntime.Library("torch_cpu");
    private static readonly delegate* unmanaged<byte*, byte*, ulong*, int> CallDispatcher =
        (delegate* unmanaged<byte*, byte*, ulong*, int>)Export("aoti_torch_call_dispatcher");
    private static readonly delegate* unmanaged<nint, nint*, int> NewTensorHandle =
        (delegate* unmanaged<nint, nint*, int>)Export("aoti_torch_new_tensor_handle");

    /// <summary>Why operations cannot be called, or <see langword="null"/>.</summary>
    public static string? Obstacle =>
        CallDispatcher == null || NewTensorHandle == null ? "this libtorch does not export its dispatcher (it is older than 2.7)" : null;

    /// <summary>A tensor as an argument. The callee frees the handle, not the caller's tensor.</summary>
    public static ulong Of(Tensor tensor)
    {
        nint handle;
        if (NewTensorHandle(tensor.Handle, &handle) != 0)
            throw new InvalidOperationException("libtorch gave no second handle of a tensor.");
        GC.KeepAlive(tensor);
        return (ulong)handle;
    }

    /// <summary>A whole number as an argument.</summary>
    public static ulong Of(long value) => (ulong)value;

    /// <summary>A floating-point number as an argument.</summary>
    public static ulong Of(double value) => BitConverter.DoubleToUInt64Bits(value);

    /// <summary>Yes or no as an argument.</summary>
    public static ulong Of(bool value) => value ? 1UL : 0UL;

    /// <summary>The value of an optional argument.</summary>
    public static ulong Some(ulong value)
    {
        var place = (ulong*)NativeMemory.Alloc(sizeof(ulong)); // C's malloc, which is what the callee's delete gives back to
        *place = value;
        return (ulong)place;
    }

    /// <summary>Calls an operation, and keeps the first of its results, which are tensors.</summary>
    /// <param name="operation">Its name with its namespace.</param>
    /// <param name="stack">Its arguments, then zeros: <see cref="StackSize"/> values.</param>
    /// <param name="tensors">How many tensors it gives.</param>
    /// <exception cref="InvalidOperationException">libtorch refused it.</exception>
    public static Tensor Call(ReadOnlySpan<byte> operation, Span<ulong> stack, int tensors)
    {
        Call(operation, stack);
        for (var i = 1; i < tensors; i++)
            if (stack[i] != 0)
                AotiTorch.Delete((nint)stack[i]);
        return Tensor.UnsafeCreateTensor((nint)stack[0]);
    }

    /// <summary>Calls an operation that gives two tensors.</summary>
    /// <inheritdoc cref="Call(ReadOnlySpan{byte}, Span{ulong}, int)"/>
    public static (Tensor First, Tensor Second) CallForTwo(ReadOnlySpan<byte> operation, Span<ulong> stack)
    {
        Call(operation, stack);
        return (Tensor.UnsafeCreateTensor((nint)stack[0]), Tensor.UnsafeCreateTensor((nint)stack[1]));
    }

    private static void Call(ReadOnlySpan<byte> operation, Span<ulong> stack)
    {
        fixed (byte* name = operation, noOverload = "\0"u8)
        fixed (ulong* values = stack)
            if (CallDispatcher(name, noOverload, values) != 0)
                throw new InvalidOperationException(
                    $"libtorch refused {System.Text.Encoding.UTF8.GetString(operation)}; it has written the reason to standard error.");
    }

    private static nint Export(string name) => Cpu != 0 && NativeLibrary.TryGetExport(Cpu, name, out var address) ? address : 0;
}

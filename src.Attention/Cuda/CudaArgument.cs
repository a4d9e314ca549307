using static TorchSharp.torch;

namespace PackingKit.Attention;

/// <summary>
/// One argument of a <see cref="CudaKernel"/>: a tensor, which the kernel gets as the address of its first element (no tensor: as a null
/// pointer), or a number. Tensors, <see cref="int"/>, <see cref="uint"/>, <see cref="long"/> and <see cref="float"/> convert by themselves.
/// </summary>
public readonly record struct CudaArgument
{
    private CudaArgument(Tensor? tensor, long bits, int size) => (Tensor, Bits, Size) = (tensor, bits, size);

    /// <summary>The tensor whose address is meant; <see langword="null"/> for a number and for no tensor.</summary>
    internal Tensor? Tensor { get; }

    /// <summary>A number's bits, in the low bytes.</summary>
    internal long Bits { get; }

    /// <summary>Bytes that the kernel's parameter takes.</summary>
    internal int Size { get; }

    /// <summary>A pointer to a tensor's first element; strides and shape are not passed.</summary>
    /// <param name="tensor">On the kernel's device; <see langword="null"/> for a null pointer.</param>
    public static implicit operator CudaArgument(Tensor? tensor) => new(tensor, 0, sizeof(long));

    /// <summary>An <c>int</c>.</summary>
    /// <param name="value">The number.</param>
    public static implicit operator CudaArgument(int value) => new(null, value, sizeof(int));

    /// <summary>An <c>unsigned</c>.</summary>
    /// <param name="value">The number.</param>
    public static implicit operator CudaArgument(uint value) => new(null, value, sizeof(uint));

    /// <summary>A <c>long long</c>.</summary>
    /// <param name="value">The number.</param>
    public static implicit operator CudaArgument(long value) => new(null, value, sizeof(long));

    /// <summary>A <c>float</c>.</summary>
    /// <param name="value">The number.</param>
    public static implicit operator CudaArgument(float value) => new(null, BitConverter.SingleToInt32Bits(value), sizeof(float));
}

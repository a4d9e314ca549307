using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;

namespace PackingKit.Samples.Training;

/// <summary>Arrays of whole numbers as they lie in files: how each is encoded, and reading many in little memory.</summary>
/// <param name="Width">Bytes of a number: 1, 2, 4 or 8.</param>
/// <param name="IsSigned">Whether numbers may be negative.</param>
/// <param name="IsBigEndian">Whether the high byte comes first.</param>
internal readonly record struct WholeNumbers(int Width, bool IsSigned, bool IsBigEndian = false)
{
    /// <summary>Numbers read at a time.</summary>
    private const int AtOnce = 1 << 15;

    public static IReadOnlyList<string> Names { get; } = ["uint8", "uint16", "uint32", "int32", "int64", "uint64"];

    public static WholeNumbers Named(string name) => new(int.Parse(name.AsSpan(name.IndexOf('t') + 1), null) / 8, name[0] == 'i');

    /// <summary>Reads so many numbers and hands them over in runs.</summary>
    /// <exception cref="FormatException">The stream ends before, or a number is above the range of <see cref="long"/>.</exception>
    public void Read(Stream stream, long count, Action<ReadOnlySpan<long>> take)
    {
        var bytes = new byte[(int)Math.Min(count, AtOnce) * Width];
        var numbers = new long[Math.Min(count, AtOnce)];
        for (var left = count; left > 0;)
        {
            var run = numbers.AsSpan(0, (int)Math.Min(left, AtOnce));
            var wanted = bytes.AsSpan(0, run.Length * Width);
            if (stream.ReadAtLeast(wanted, wanted.Length, throwOnEndOfStream: false) < wanted.Length)
                throw new FormatException("The file is cut short.");
            Decode(wanted, run);
            take(run);
            left -= run.Length;
        }
    }

    private void Decode(Span<byte> bytes, Span<long> numbers)
    {
        switch (Width, IsSigned)
        {
            case (1, false):
                Widen<byte>(bytes, numbers);
                break;
            case (1, true):
                Widen<sbyte>(bytes, numbers);
                break;
            case (2, false):
                Swap<ushort>(bytes, BinaryPrimitives.ReverseEndianness);
                Widen<ushort>(bytes, numbers);
                break;
            case (2, true):
                Swap<short>(bytes, BinaryPrimitives.ReverseEndianness);
                Widen<short>(bytes, numbers);
                break;
            case (4, false):
                Swap<uint>(bytes, BinaryPrimitives.ReverseEndianness);
                Widen<uint>(bytes, numbers);
                break;
            case (4, true):
                Swap<int>(bytes, BinaryPrimitives.ReverseEndianness);
                Widen<int>(bytes, numbers);
                break;
            default:
                Swap<long>(bytes, BinaryPrimitives.ReverseEndianness);
                Widen<long>(bytes, numbers);
                if (!IsSigned && numbers.ContainsAnyInRange(long.MinValue, -1))
                    throw new FormatException("A number leaves the range of a signed 64-bit integer.");
                break;
        }
    }

    /// <summary>Turns the bytes where they are in the order that this machine does not have.</summary>
    private void Swap<T>(Span<byte> bytes, Reverser<T> reverse)
        where T : unmanaged
    {
        var numbers = MemoryMarshal.Cast<byte, T>(bytes);
        if (IsBigEndian == BitConverter.IsLittleEndian)
            reverse(numbers, numbers);
    }

    private static void Widen<T>(ReadOnlySpan<byte> bytes, Span<long> numbers)
        where T : unmanaged, IBinaryInteger<T>
    {
        var narrow = MemoryMarshal.Cast<byte, T>(bytes);
        for (var i = 0; i < numbers.Length; i++)
            numbers[i] = long.CreateTruncating(narrow[i]);
    }

    private delegate void Reverser<T>(ReadOnlySpan<T> from, Span<T> to);
}

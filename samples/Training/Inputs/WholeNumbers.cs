using System.Buffers.Binary;

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

    private void Decode(ReadOnlySpan<byte> bytes, Span<long> numbers)
    {
        for (var i = 0; i < numbers.Length; i++)
        {
            var at = bytes.Slice(i * Width, Width);
            numbers[i] = (Width, IsSigned, IsBigEndian) switch
            {
                (1, false, _) => at[0],
                (1, true, _) => (sbyte)at[0],
                (2, false, false) => BinaryPrimitives.ReadUInt16LittleEndian(at),
                (2, true, false) => BinaryPrimitives.ReadInt16LittleEndian(at),
                (4, false, false) => BinaryPrimitives.ReadUInt32LittleEndian(at),
                (4, true, false) => BinaryPrimitives.ReadInt32LittleEndian(at),
                (8, _, false) => BinaryPrimitives.ReadInt64LittleEndian(at),
                (2, false, true) => BinaryPrimitives.ReadUInt16BigEndian(at),
                (2, true, true) => BinaryPrimitives.ReadInt16BigEndian(at),
                (4, false, true) => BinaryPrimitives.ReadUInt32BigEndian(at),
                (4, true, true) => BinaryPrimitives.ReadInt32BigEndian(at),
                _ => BinaryPrimitives.ReadInt64BigEndian(at),
            };
            if (!IsSigned && numbers[i] < 0)
                throw new FormatException($"The number {(ulong)numbers[i]} leaves the range of a signed 64-bit integer.");
        }
    }
}

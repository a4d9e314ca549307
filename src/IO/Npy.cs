using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace PackingKit;

/// <summary>
/// Arrays of whole numbers in NumPy's .npy format, version 1.0: what <c>numpy.load</c> reads and <c>numpy.save</c> writes.
/// </summary>
/// <remarks>Reference: NumPy Enhancement Proposal 1, "A Simple File Format for NumPy Arrays".</remarks>
public static class Npy
{
    private const int Alignment = 64;
    private const int PrefixLength = 10; // magic, version, length of the header

    private const int ElementsAtOnce = 8192;

    private const string CutShort = "The .npy data is cut short.";

    private static ReadOnlySpan<byte> Magic => [0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y'];

    /// <summary>Writes one array, in this machine's byte order. O(n), nothing is copied.</summary>
    /// <typeparam name="T">An integer type of 1, 2, 4 or 8 bytes.</typeparam>
    /// <param name="stream">Takes the bytes; not closed.</param>
    /// <param name="values">The elements, the last dimension running fastest.</param>
    /// <param name="shape">The dimensions; where none is given, one of all elements.</param>
    /// <exception cref="ArgumentException">The dimensions do not make up the number of elements, or NumPy has no such type.</exception>
    public static void Write<T>(Stream stream, ReadOnlySpan<T> values, params ReadOnlySpan<int> shape)
        where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T>
    {
        if (shape.IsEmpty)
            shape = [values.Length];
        if (shape.ContainsAnyInRange(int.MinValue, -1) || NpyHeader.Product(shape) != values.Length)
            throw new ArgumentException($"{values.Length} elements are not of shape ({Join(shape)}).", nameof(shape));
        WriteHeader<T>(stream, shape);
        stream.Write(MemoryMarshal.AsBytes(values));
    }

    /// <summary>
    /// Writes what comes before the elements, so that they can follow bit by bit: <c>MemoryMarshal.AsBytes</c> of them, in this machine's
    /// byte order. O(1).
    /// </summary>
    /// <typeparam name="T">An integer type of 1, 2, 4 or 8 bytes.</typeparam>
    /// <param name="stream">Takes the bytes; not closed.</param>
    /// <param name="shape">The dimensions, not negative; as many elements have to follow as their product.</param>
    /// <exception cref="ArgumentException">A dimension is negative, or NumPy has no such type.</exception>
    public static void WriteHeader<T>(Stream stream, params ReadOnlySpan<int> shape)
        where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T>
    {
        ArgumentNullException.ThrowIfNull(stream);
        var width = Unsafe.SizeOf<T>();
        if (width is not (1 or 2 or 4 or 8))
            throw new ArgumentException($"NumPy has no integer of {width} bytes.", nameof(T));
        if (shape.ContainsAnyInRange(int.MinValue, -1))
            throw new ArgumentException($"No array has the shape ({Join(shape)}).", nameof(shape));
        var order = width == 1 ? '|' : BitConverter.IsLittleEndian ? '<' : '>';
        var kind = T.IsNegative(T.MinValue) ? 'i' : 'u';
        var header = $"{{'descr': '{order}{kind}{width}', 'fortran_order': False, 'shape': ({Join(shape)}), }}";
        // At least one byte more than the header, for the closing line end.
        var length = (PrefixLength + header.Length + Alignment) / Alignment * Alignment - PrefixLength;
        Span<byte> prefix = stackalloc byte[PrefixLength];
        Magic.CopyTo(prefix);
        prefix[6] = 1; // version 1.0
        BinaryPrimitives.WriteUInt16LittleEndian(prefix[8..], (ushort)length);
        stream.Write(prefix);
        stream.Write(Encoding.ASCII.GetBytes($"{header.PadRight(length - 1)}\n"));
    }

    /// <summary>Reads what an array holds before any of it is read. O(1).</summary>
    /// <param name="stream">At the first byte of the array; left at its first element.</param>
    /// <exception cref="FormatException">
    /// This is not an array of whole numbers: not .npy, another type, column order, or more elements than an array holds.
    /// </exception>
    public static NpyHeader ReadHeader(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        return NpyHeader.Parse(HeaderText(stream));
    }

    /// <summary>Reads one array of whole numbers of any width and byte order. O(n).</summary>
    /// <param name="stream">At the first byte of the array; left after its last.</param>
    /// <returns>The elements, the last dimension running fastest, and the dimensions.</returns>
    /// <remarks>
    /// A header is not believed: where the stream knows its length, it is held against that, and else memory grows with what has arrived.
    /// </remarks>
    /// <exception cref="FormatException">
    /// This is not such an array: not .npy, a type other than integers, column order, cut short, or an
    /// element above the range of <see cref="long"/>.
    /// </exception>
    public static (long[] Values, int[] Shape) Read(Stream stream)
    {
        var header = ReadHeader(stream);
        var count = header.Count;
        if (stream.CanSeek && stream.Length - stream.Position < (long)count * header.Width)
            throw new FormatException(CutShort);
        var values = new long[stream.CanSeek ? count : Math.Min(count, ElementsAtOnce)];
        var buffer = new byte[header.Width * Math.Min(count, ElementsAtOnce)];
        for (var done = 0; done < count;)
        {
            var chunk = buffer.AsSpan(0, header.Width * Math.Min(count - done, ElementsAtOnce));
            Fill(stream, chunk);
            if (done + chunk.Length / header.Width > values.Length)
                Array.Resize(ref values, (int)Math.Min(count, 2L * values.Length));
            for (; !chunk.IsEmpty; chunk = chunk[header.Width..])
                values[done++] = header.Decode(chunk[..header.Width]);
        }
        return (values, [.. header.Shape]);
    }

    /// <summary>The elements one after the other, whatever the shape, in little memory.</summary>
    /// <exception cref="FormatException">As for <see cref="Read"/>.</exception>
    internal static IEnumerable<long> Elements(Stream stream)
    {
        var header = ReadHeader(stream);
        var buffer = new byte[header.Width * Math.Min(header.Count, ElementsAtOnce)];
        for (var left = header.Count; left > 0;)
        {
            var length = header.Width * Math.Min(left, ElementsAtOnce);
            Fill(stream, buffer.AsSpan(0, length));
            for (var at = 0; at < length; at += header.Width, left--)
                yield return header.Decode(buffer.AsSpan(at, header.Width));
        }
    }

    private static string HeaderText(Stream stream)
    {
        Span<byte> prefix = stackalloc byte[PrefixLength + 2];
        Fill(stream, prefix[..PrefixLength]);
        if (!prefix.StartsWith(Magic))
            throw new FormatException("The data does not begin as .npy does.");
        int length = BinaryPrimitives.ReadUInt16LittleEndian(prefix[8..]);
        if (prefix[6] is 2 or 3) // the length has four bytes
        {
            Fill(stream, prefix[PrefixLength..]);
            length = BinaryPrimitives.ReadInt32LittleEndian(prefix[8..]);
        }
        else if (prefix[6] != 1)
            throw new FormatException($"The .npy version is {prefix[6]}, not 1 to 3.");
        if (length is < 0 or > ushort.MaxValue)
            throw new FormatException($"The .npy header has {(uint)length} bytes.");
        var header = new byte[length];
        Fill(stream, header);
        return Encoding.UTF8.GetString(header);
    }

    private static void Fill(Stream stream, Span<byte> bytes)
    {
        if (stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false) < bytes.Length)
            throw new FormatException(CutShort);
    }

    /// <summary>As Python writes a tuple's elements: one alone is followed by a comma.</summary>
    private static string Join(ReadOnlySpan<int> shape) =>
        shape.Length == 1 ? string.Create(CultureInfo.InvariantCulture, $"{shape[0]},") : string.Join(", ", shape.ToArray());
}

using System.Numerics;
using System.Text;
using FsCheck.Xunit;
using Xunit;

namespace PackingKit.Tests.IO;

public class NpyTests
{
    [Fact]
    public void The_bytes_are_those_of_numpy()
    {
        // numpy.save of numpy.array([1, -2, 3], dtype='<i4'): a header of 118 bytes, so that the data starts at 128.
        var header = "{'descr': '<i4', 'fortran_order': False, 'shape': (3,), }".PadRight(117) + "\n";
        byte[] expected = [0x93, .. "NUMPY"u8, 1, 0, 118, 0, .. Encoding.ASCII.GetBytes(header), 1, 0, 0, 0, 0xFE, 0xFF, 0xFF, 0xFF, 3, 0,
            0, 0];
        Assert.Equal(expected, Written<int>([1, -2, 3]));
    }

    [Property]
    public void Every_width_survives(
        sbyte[] bytes, short[] shorts, int[] ints, long[] longs, byte[] octets, ushort[] words, uint[] unsigned)
    {
        AssertSurvives(bytes);
        AssertSurvives(shorts);
        AssertSurvives(ints);
        AssertSurvives(longs);
        AssertSurvives(octets);
        AssertSurvives(words);
        AssertSurvives(unsigned);
        AssertSurvives<long>([long.MinValue, 0, long.MaxValue]);
        AssertSurvives<ulong>([0, (ulong)long.MaxValue]);
    }

    [Fact]
    public void Shapes_survive()
    {
        foreach (var shape in (int[][])[[6], [2, 3], [1, 6, 1], [0, 5], [6, 0], []])
        {
            var values = Enumerable.Range(1, shape.Aggregate(1, (product, dimension) => product * dimension)).ToArray();
            if (shape.Length == 0)
                values = [1]; // no shape given: one dimension
            Assert.Equal(shape.Length == 0 ? [1] : shape, Npy.Read(new MemoryStream(Written<int>(values, shape))).Shape);
        }
    }

    [Fact]
    public void Arrays_follow_each_other_in_one_stream()
    {
        var stream = new MemoryStream([.. Written<int>([1, 2]), .. Written<byte>([3])]);
        Assert.Equal([1, 2], Npy.Read(stream).Values);
        Assert.Equal([3], Npy.Read(stream).Values);
    }

    [Fact]
    public void Other_byte_orders_and_versions_are_read()
    {
        Assert.Equal([258, -2], Read("{'descr': '>i2', 'fortran_order': False, 'shape': (2,)}", [1, 2, 0xFF, 0xFE]).Values);
        Assert.Equal([7], Read("{'shape': (1,), 'fortran_order': True, 'descr': '<u8'}", [7, 0, 0, 0, 0, 0, 0, 0]).Values);
        Assert.Equal([7], Read("{'descr': '|u1', 'fortran_order': False, 'shape': ()}", [7]).Values);
        byte[] second = [0x93, .. "NUMPY"u8, 2, 0, 56, 0, 0, 0, .. "{'descr': '|u1', 'fortran_order': False, 'shape': (1,)}\n"u8, 9];
        Assert.Equal([9], Npy.Read(new MemoryStream(second)).Values);
    }

    [Theory]
    [InlineData("{'descr': '<f8', 'fortran_order': False, 'shape': (1,)}", "type <f8, not whole numbers")]
    [InlineData("{'descr': '|O', 'fortran_order': False, 'shape': (1,)}", "type |O")]
    [InlineData("{'descr': [('a', '<i4')], 'shape': (1,)}", "names no type")]
    [InlineData("{'descr': '<i4', 'fortran_order': False}", "names no shape")]
    [InlineData("{'descr': '<i4', 'fortran_order': True, 'shape': (2, 2)}", "column order")]
    [InlineData("{'descr': '<i4', 'fortran_order': False, 'shape': (3,)}", "cut short")]
    [InlineData("{'descr': '<i4', 'fortran_order': False, 'shape': (99999, 99999)}", "more elements than an array holds")]
    [InlineData("{'descr': '<i4', 'fortran_order': False, 'shape': (99999999999,)}", "99999999999")]
    [InlineData("{'descr': '<u8', 'fortran_order': False, 'shape': (1,)}", "18446744073709551615")]
    public void What_is_not_an_array_of_whole_numbers_is_refused_with_the_reason(string header, string reason)
    {
        var refusal = Assert.Throws<FormatException>(() => Read(header, [.. Enumerable.Repeat((byte)0xFF, 8)]));
        Assert.Contains(reason, refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_empty_array_may_have_any_other_dimensions() => Assert.Equal(
        (0, "65536,65536,65536,65536,0"),
        Read("{'descr': '<i4', 'fortran_order': False, 'shape': (65536, 65536, 65536, 65536, 0)}", []) is var (values, shape)
            ? (values.Length, string.Join(',', shape)) : default);

    [Fact]
    public void Too_many_dimensions_are_refused()
    {
        var header = $"{{'descr': '<i4', 'fortran_order': False, 'shape': ({string.Concat(Enumerable.Repeat("1,", 65))})}}";
        var refusal = Assert.Throws<FormatException>(() => Read(header, [1, 0, 0, 0]));
        Assert.Contains("65 dimensions", refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{'descr': '|u1', 'fortran_order': False, 'shape': (2000000000,)}")]
    [InlineData("{'descr': '<i8', 'fortran_order': False, 'shape': (2000000000,)}")]
    public void Memory_is_taken_for_what_arrives_and_not_for_what_is_promised(string header)
    {
        byte[] data = [.. Prefix(header), .. new byte[1000]];
        foreach (var stream in (Stream[])[new MemoryStream(data), new BufferedStream(new PipeStream(data))])
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            Assert.Throws<FormatException>(() => Npy.Read(stream));
            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1_000_000);
        }
    }

    [Fact]
    public void A_stream_of_unknown_length_is_read_whole()
    {
        int[] values = [.. Enumerable.Range(0, 100_000)];
        Assert.Equal(values.Select(value => (long)value), Npy.Read(new PipeStream(Written<int>(values))).Values);
    }

    [Fact]
    public void A_stream_that_ends_anywhere_before_the_end_is_refused()
    {
        var whole = Written<int>([1, 2, 3]);
        for (var length = 0; length < whole.Length; length++)
            Assert.Throws<FormatException>(() => Npy.Read(new MemoryStream(whole, 0, length)));
        Assert.Contains(
            "begin", Assert.Throws<FormatException>(() => Npy.Read(new MemoryStream(new byte[200]))).Message, StringComparison.Ordinal);
        whole[6] = 9;
        Assert.Contains(
            "version is 9", Assert.Throws<FormatException>(() => Npy.Read(new MemoryStream(whole))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_has_no_numpy_type_or_no_such_shape_is_not_written()
    {
        Assert.Throws<ArgumentException>(() => Npy.Write<Int128>(Stream.Null, [1]));
        Assert.Throws<ArgumentException>(() => Npy.Write<int>(Stream.Null, [1, 2], 3));
        Assert.Throws<ArgumentException>(() => Npy.Write<int>(Stream.Null, [1, 2], -1, -2));
        Assert.Throws<ArgumentNullException>(() => Npy.Write<int>(null!, [1]));
        Assert.Throws<ArgumentNullException>(() => Npy.Read(null!));
    }

    private static void AssertSurvives<T>(T[] values)
        where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T>
    {
        var (read, shape) = Npy.Read(new MemoryStream(Written<T>(values)));
        Assert.Equal([values.Length], shape);
        Assert.Equal(values.Select(long.CreateChecked), read);
    }

    private static byte[] Written<T>(ReadOnlySpan<T> values, params ReadOnlySpan<int> shape)
        where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T>
    {
        using var stream = new MemoryStream();
        Npy.Write(stream, values, shape);
        return stream.ToArray();
    }

    private static (long[] Values, int[] Shape) Read(string header, byte[] data) =>
        Npy.Read(new MemoryStream([.. Prefix(header), .. data]));

    private static byte[] Prefix(string header) =>
        [0x93, .. "NUMPY"u8, 1, 0, (byte)header.Length, (byte)(header.Length >> 8), .. Encoding.ASCII.GetBytes(header)];
}

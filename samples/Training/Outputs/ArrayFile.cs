using System.Numerics;
using System.Runtime.InteropServices;

namespace PackingKit.Samples.Training;

/// <summary>Writes arrays bit by bit, so that none of them is ever whole in memory.</summary>
internal static class ArrayFile
{
    private const int AtOnce = 1 << 14;

    /// <summary>Writes one element after the other.</summary>
    public static void Write<T>(Stream stream, IEnumerable<T> elements)
        where T : unmanaged
    {
        var buffer = new T[AtOnce];
        var count = 0;
        foreach (var element in elements)
        {
            buffer[count++] = element;
            if (count < buffer.Length)
                continue;
            stream.Write(MemoryMarshal.AsBytes(buffer.AsSpan()));
            count = 0;
        }
        stream.Write(MemoryMarshal.AsBytes(buffer.AsSpan(0, count)));
    }

    /// <summary>The same as .npy.</summary>
    public static void WriteNpy<T>(Stream stream, IEnumerable<T> elements, params ReadOnlySpan<int> shape)
        where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T>
    {
        Npy.WriteHeader<T>(stream, shape);
        Write(stream, elements);
    }

    public static void Write(Stream stream, ReadOnlySpan<int> elements) => stream.Write(MemoryMarshal.AsBytes(elements));

    public static int[] ReadInts(string path)
    {
        using var stream = File.OpenRead(path);
        var elements = new int[stream.Length / sizeof(int)];
        stream.ReadExactly(MemoryMarshal.AsBytes(elements.AsSpan()));
        return elements;
    }
}

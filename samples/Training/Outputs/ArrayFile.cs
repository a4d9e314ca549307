using System.Numerics;
using System.Runtime.InteropServices;

namespace PackingKit.Samples.Training;

/// <summary>Arrays in files, run by run, so that none of them is ever whole in memory.</summary>
internal static class ArrayFile
{
    /// <summary>Groups in a run.</summary>
    public const int AtOnce = 1 << 12;

    /// <summary>Fills a run of elements.</summary>
    /// <param name="first">Number of the first.</param>
    /// <param name="run">Takes them.</param>
    public delegate void Filler<T>(int first, Span<T> run);

    /// <summary>Writes groups of <paramref name="width"/> elements; <paramref name="fill"/> counts groups.</summary>
    public static void Write<T>(Stream stream, int count, int width, Filler<T> fill)
        where T : unmanaged
    {
        var buffer = new T[AtOnce * width];
        for (var first = 0; first < count; first += AtOnce)
        {
            var run = buffer.AsSpan(0, Math.Min(AtOnce, count - first) * width);
            fill(first, run);
            stream.Write(MemoryMarshal.AsBytes(run));
        }
    }

    /// <summary>The same as .npy: [count], or [count, width].</summary>
    public static void WriteNpy<T>(Stream stream, int count, int width, Filler<T> fill)
        where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T>
    {
        if (width == 1)
            Npy.WriteHeader<T>(stream, count);
        else
            Npy.WriteHeader<T>(stream, count, width);
        Write(stream, count, width, fill);
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

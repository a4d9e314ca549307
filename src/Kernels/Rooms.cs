using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace PackingKit.Kernels;

/// <summary>Scans of rooms that stand side by side. A closed bin has room -1.</summary>
internal static class Rooms
{
    public const long Closed = -1;

    /// <summary>The first room that is not below a size, or -1.</summary>
    public static int First(ReadOnlySpan<long> rooms, long size) => rooms.IndexOfAnyInRange(size, long.MaxValue);

    /// <summary>The largest room; <see cref="Closed"/> where there is none.</summary>
    public static long Most(ReadOnlySpan<long> rooms)
    {
        var most = Closed;
        var vectors = MemoryMarshal.Cast<long, Vector512<long>>(rooms);
        if (!vectors.IsEmpty)
        {
            var largest = vectors[0];
            foreach (var vector in vectors[1..])
                largest = Vector512.Max(largest, vector);
            var half = Vector256.Max(largest.GetLower(), largest.GetUpper());
            var quarter = Vector128.Max(half.GetLower(), half.GetUpper());
            most = Math.Max(quarter[0], quarter[1]);
        }
        foreach (var room in rooms[(vectors.Length * Vector512<long>.Count)..])
            most = Math.Max(most, room);
        return most;
    }
}

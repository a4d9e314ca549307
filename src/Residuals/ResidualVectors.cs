using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace PackingKit;

/// <summary>Scans of rooms that stand side by side. A closed bin has room -1.</summary>
internal static class ResidualVectors
{
    public const long Closed = -1;

    /// <summary>The first room that is not below a size, or -1.</summary>
    public static int First(ReadOnlySpan<long> rooms, long size) => rooms.IndexOfAnyInRange(size, long.MaxValue);

    /// <summary>The largest of a vector of rooms.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TRoom Most<TRoom>(Vector512<TRoom> rooms)
        where TRoom : struct, IBinaryInteger<TRoom>
    {
        var half = Vector256.Max(rooms.GetLower(), rooms.GetUpper());
        var quarter = Vector128.Max(half.GetLower(), half.GetUpper());
        quarter = Vector128.Max(quarter, Vector128.Shuffle(quarter.AsUInt64(), Vector128.Create(1UL, 0)).As<ulong, TRoom>());
        if (Vector128<TRoom>.Count == 4)
            quarter = Vector128.Max(quarter, Vector128.Shuffle(quarter.AsUInt32(), Vector128.Create(1U, 0, 3, 2)).As<uint, TRoom>());
        return quarter[0];
    }

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
            most = Most(largest);
        }
        foreach (var room in rooms[(vectors.Length * Vector512<long>.Count)..])
            most = Math.Max(most, room);
        return most;
    }
}

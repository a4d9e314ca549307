namespace PackingKit;

/// <summary>Scans of residual capacities side by side. A closed bin has -1.</summary>
internal static class ResidualVectors
{
    public const long Closed = -1;

    /// <summary>Index of the first residual capacity that is not below a size, or -1.</summary>
    public static int First(ReadOnlySpan<long> residuals, long size) => residuals.IndexOfAnyInRange(size, long.MaxValue);

    /// <summary>The largest of a vector of residual capacities.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TResidual Max<TResidual>(Vector512<TResidual> residuals)
        where TResidual : struct, IBinaryInteger<TResidual>
    {
        var half = Vector256.Max(residuals.GetLower(), residuals.GetUpper());
        var quarter = Vector128.Max(half.GetLower(), half.GetUpper());
        quarter = Vector128.Max(quarter, Vector128.Shuffle(quarter.AsUInt64(), Vector128.Create(1UL, 0)).As<ulong, TResidual>());
        if (Vector128<TResidual>.Count == 4)
            quarter = Vector128.Max(quarter, Vector128.Shuffle(quarter.AsUInt32(), Vector128.Create(1U, 0, 3, 2)).As<uint, TResidual>());
        return quarter[0];
    }

    /// <summary>The largest residual capacity; <see cref="Closed"/> where there is none.</summary>
    public static long Max(ReadOnlySpan<long> residuals)
    {
        var max = Closed;
        var vectors = MemoryMarshal.Cast<long, Vector512<long>>(residuals);
        if (!vectors.IsEmpty)
        {
            var largest = vectors[0];
            foreach (var vector in vectors[1..])
                largest = Vector512.Max(largest, vector);
            max = Max(largest);
        }
        foreach (var residual in residuals[(vectors.Length * Vector512<long>.Count)..])
            max = Math.Max(max, residual);
        return max;
    }
}

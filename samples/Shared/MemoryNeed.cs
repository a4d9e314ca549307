namespace PackingKit.Samples;

/// <summary>Refuses work that this process has no memory for, before any of it is done.</summary>
internal static class MemoryNeed
{
    /// <returns>Why so many items are too many; <see langword="null"/> where they are not.</returns>
    /// <param name="items">Their number.</param>
    /// <param name="bytesEach">Memory that all the work on an item takes at most at one time.</param>
    public static string? Refusal(long items, int bytesEach)
    {
        var available = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
        return items <= Array.MaxLength && items * bytesEach <= available ? null
            : $"{items:N0} items need about {Megabytes(items * (double)bytesEach)} MB of memory; "
                + $"this process may use {Megabytes(available)} MB, and {Array.MaxLength:N0} items at most.";
    }

    /// <summary>What is said where the need could not be told before.</summary>
    public static string Exhausted =>
        $"There is not enough memory for this: the process may use {Megabytes(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes)} MB.";

    private static string Megabytes(double bytes) => $"{bytes / (1 << 20):N0}";
}

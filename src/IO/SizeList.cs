namespace PackingKit;

/// <summary>Sizes that were read from a file, each with the line it came from, and the capacity where the file names one.</summary>
/// <remarks>Immutable and thread-safe. 12 bytes per item.</remarks>
public sealed class SizeList
{
    private readonly long[] _sizes;
    private readonly int[] _lines;

    internal SizeList(SizeFormat format, long[] sizes, int[] lines, long? capacity = null) =>
        (Format, _sizes, _lines, Capacity) = (format, sizes, lines, capacity);

    /// <summary>The layout that the file was read in.</summary>
    public SizeFormat Format { get; }

    /// <summary>Size of each item, not negative, in the order of the file.</summary>
    public ReadOnlySpan<long> Sizes => _sizes;

    /// <summary>The capacity that the file names, at least 1; <see langword="null"/> in layouts that have none.</summary>
    public long? Capacity { get; }

    /// <summary>The line of the file that an item came from, from 1.</summary>
    /// <param name="item">From 0 to the number of items - 1.</param>
    public int LineOf(int item) => _lines[item];

    /// <summary>The problem of packing these sizes. O(n).</summary>
    /// <param name="capacity">What one bin holds, at least 1; <see langword="null"/> for the capacity that the file names.</param>
    /// <param name="maxItems">The most items in one bin, at least 1; <see cref="BinLimits.Unlimited"/> for no limit.</param>
    /// <exception cref="SizeFormatException">
    /// No capacity is known, a size is above it, or the total is beyond <see cref="long"/>.
    /// </exception>
    /// <exception cref="ArgumentOutOfRangeException">A limit is below 1.</exception>
    public PackingProblem ToProblem(long? capacity = null, long maxItems = BinLimits.Unlimited)
    {
        if (capacity is { } given)
            ArgumentOutOfRangeException.ThrowIfLessThan(given, 1, nameof(capacity));
        var holds = capacity ?? Capacity ?? throw new SizeFormatException(0, "The file names no capacity, so one must be given.");
        long total = 0;
        for (var item = 0; item < _sizes.Length; item++)
        {
            if (_sizes[item] > holds)
                throw new SizeFormatException(_lines[item], TooLarge(item, holds));
            total = unchecked(total + _sizes[item]);
            if (total < 0)
                throw new SizeFormatException(_lines[item], "The total of the sizes leaves the range of a 64-bit integer here.");
        }
        return PackingProblem.Own(_sizes, new BinLimits(holds, maxItems));
    }

    private string TooLarge(int item, long capacity)
    {
        var others = _sizes.Count(size => size > capacity) - 1;
        var tail = others == 0 ? "." : $", and so {(others == 1 ? "is 1 more" : $"are {others} more")}.";
        return $"Size {_sizes[item]} is above the capacity {capacity}{tail}";
    }
}

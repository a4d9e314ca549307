namespace PackingKit;

/// <summary>Sizes that were read from a file, each with the line it came from, and the capacity where the file names one.</summary>
/// <remarks>
/// Immutable and thread-safe. 12 bytes a line; 16 where lines stand for several items. The items themselves are made when
/// <see cref="Sizes"/> or <see cref="ToProblem"/> asks for them.
/// </remarks>
public sealed class SizeList
{
    private readonly long[] _sizes; // of each line
    private readonly int[] _lines;
    private readonly int[]? _ends; // of each line's items; null where every line is one
    private long[]? _items;

    internal SizeList(
        SizeFormat format, long[] sizes, int[] lines, int[]? ends, int decimals, long? capacity, IReadOnlyList<string> columns,
        char? delimiter) =>
        (Format, _sizes, _lines, _ends, Decimals, Capacity, Columns, Delimiter) =
            (format, sizes, lines, ends, decimals, capacity, columns, delimiter);

    /// <summary>The layout that the file was read in.</summary>
    public SizeFormat Format { get; }

    /// <summary>Number of items.</summary>
    public int ItemCount => _ends is null ? _sizes.Length : _ends[^1];

    /// <summary>
    /// Size of each item, not negative, in the order of the file, in units of 10^-<see cref="Decimals"/>. Where lines stand for several
    /// items, the first use takes 8 bytes an item.
    /// </summary>
    public ReadOnlySpan<long> Sizes => _ends is null ? _sizes : _items ??= Expand(size => size);

    /// <summary>
    /// Whether items stand in the order of the file; not where <see cref="SizeReader.ReadCounts"/> merged the lines of one size, the
    /// first of which is then the line of them all.
    /// </summary>
    public bool IsOrdered { get; internal init; } = true;

    /// <summary>Digits after the decimal point of the unit of sizes and capacity, 0 for whole numbers.</summary>
    public int Decimals { get; }

    /// <summary>
    /// The capacity that the file names, at least 1, in units of the sizes; <see langword="null"/> in layouts that have none.
    /// </summary>
    public long? Capacity { get; }

    /// <summary>The names in the header of CSV; empty where there is none.</summary>
    public IReadOnlyList<string> Columns { get; }

    /// <summary>What parts the fields of CSV: a comma, a semicolon or a tab; <see langword="null"/> in layouts without columns.</summary>
    public char? Delimiter { get; }

    /// <summary>The line of the file that an item came from, from 1. O(log lines) where lines stand for several items, else O(1).</summary>
    /// <param name="item">From 0 to the number of items - 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such item.</exception>
    public int LineOf(int item)
    {
        if ((uint)item >= (uint)ItemCount)
            throw new ArgumentOutOfRangeException(nameof(item), item, $"There are {ItemCount} items.");
        if (_ends is null)
            return _lines[item];
        var entry = Array.BinarySearch(_ends, item + 1);
        return _lines[entry >= 0 ? entry : ~entry];
    }

    /// <summary>
    /// A capacity in the unit of the sizes, rounded down: what is below a unit holds no item, so no packing is lost.
    /// </summary>
    /// <exception cref="SizeFormatException">The capacity is not at least one unit, or leaves the range of <see cref="long"/>.</exception>
    public long ToUnits(decimal capacity)
    {
        var unit = UnitsInOne;
        if (capacity > long.MaxValue / unit)
            throw new SizeFormatException(
                0, FormattableString.Invariant(
                    $"With the decimals of the sizes, the capacity {capacity} leaves the range of a 64-bit integer."));
        var units = decimal.Floor(capacity * unit);
        return units >= 1 ? (long)units
            : throw new SizeFormatException(
                0, FormattableString.Invariant($"The capacity {capacity} is below {1 / unit}, the unit of the sizes."));
    }

    /// <summary>A size or capacity as the file has it.</summary>
    public decimal FromUnits(long units) => units / UnitsInOne;

    /// <summary>The sizes without those of some lines. O(lines).</summary>
    /// <exception cref="ArgumentNullException"><paramref name="lines"/> is <see langword="null"/>.</exception>
    public SizeList Without(IReadOnlySet<int> lines)
    {
        ArgumentNullException.ThrowIfNull(lines);
        if (lines.Count == 0)
            return this;
        int[] kept = [.. Enumerable.Range(0, _lines.Length).Where(entry => !lines.Contains(_lines[entry]))];
        var ends = _ends is null ? null : new int[kept.Length];
        for (var at = 0; at < ends?.Length; at++)
            ends[at] = (at == 0 ? 0 : ends[at - 1]) + CountOf(kept[at]);
        return new SizeList(
            Format, Array.ConvertAll(kept, entry => _sizes[entry]), Array.ConvertAll(kept, entry => _lines[entry]),
            ends is [] ? null : ends, Decimals, Capacity, Columns, Delimiter)
        {
            IsOrdered = IsOrdered,
        };
    }

    /// <summary>The problem of packing these sizes. O(n); takes 4 bytes an item, 8 where a size needs them.</summary>
    /// <param name="capacity">
    /// What one bin holds, at least 1, in units of the sizes; <see langword="null"/> for the capacity that the file names.
    /// </param>
    /// <param name="maxItems">The most items in one bin, at least 1; <see cref="BinLimits.Unlimited"/> for no limit.</param>
    /// <exception cref="SizeFormatException">
    /// No capacity is known, a size is above it, or the total is beyond <see cref="long"/>.
    /// </exception>
    /// <exception cref="ArgumentOutOfRangeException">A limit is below 1.</exception>
    public PackingProblem ToProblem(long? capacity = null, long maxItems = BinLimits.Unlimited)
    {
        var limits = new BinLimits(Check(capacity), maxItems);
        if (_ends is null)
            return PackingProblem.Own(_sizes, limits);
        return _sizes.AsSpan().ContainsAnyExceptInRange(0L, int.MaxValue)
            ? PackingProblem.Own(Expand(size => size), limits)
            : PackingProblem.Borrow(Expand(size => (int)size), limits);
    }

    /// <summary>The capacity, which every size is at most.</summary>
    private long Check(long? capacity)
    {
        if (capacity is { } given)
            ArgumentOutOfRangeException.ThrowIfLessThan(given, 1, nameof(capacity));
        var holds = capacity ?? Capacity ?? throw new SizeFormatException(0, "The file names no capacity, so one must be given.");
        Int128 total = 0;
        for (var entry = 0; entry < _sizes.Length; entry++)
        {
            if (_sizes[entry] > holds)
                throw new SizeFormatException(_lines[entry], TooLarge(entry, holds));
            total += (Int128)_sizes[entry] * CountOf(entry);
            if (total > long.MaxValue)
                throw new SizeFormatException(_lines[entry], "The total of the sizes leaves the range of a 64-bit integer here.");
        }
        return holds;
    }

    /// <summary>The sizes, counted; items are not made. O(lines log lines).</summary>
    /// <param name="capacity">What a size may be at most; <see langword="null"/> for the capacity that the file names.</param>
    /// <exception cref="SizeFormatException">
    /// No capacity is known, a size is above it, or the total is beyond <see cref="long"/>.
    /// </exception>
    /// <exception cref="ArgumentOutOfRangeException">The capacity is below 1.</exception>
    public SizeHistogram ToHistogram(long? capacity = null)
    {
        Check(capacity);
        return _ends is null ? SizeHistogram.Of(_sizes)
            : SizeHistogram.FromCounts(_sizes.Select((size, entry) => new SizeCount(size, CountOf(entry))));
    }

    private decimal UnitsInOne
    {
        get
        {
            var units = 1m;
            for (var i = 0; i < Decimals; i++)
                units *= 10;
            return units;
        }
    }

    private int CountOf(int entry) => _ends is null ? 1 : entry == 0 ? _ends[0] : _ends[entry] - _ends[entry - 1];

    private T[] Expand<T>(Func<long, T> convert)
    {
        var items = new T[ItemCount];
        for (int entry = 0, start = 0; entry < _sizes.Length; start = _ends![entry++])
            items.AsSpan(start, CountOf(entry)).Fill(convert(_sizes[entry]));
        return items;
    }

    private string TooLarge(int line, long capacity)
    {
        long others = -1;
        for (var entry = line; entry < _sizes.Length; entry++)
            others += _sizes[entry] > capacity ? CountOf(entry) : 0;
        var tail = others == 0 ? "." : $", and so {(others == 1 ? "is 1 more" : $"are {others} more")}.";
        return FormattableString.Invariant($"Size {FromUnits(_sizes[line])} is above the capacity {FromUnits(capacity)}{tail}");
    }
}

using System.Numerics;
using PackingKit.Kernels;

namespace PackingKit;

/// <summary>
/// What is to be packed: the sizes of the items, the capacity that every bin has, and optionally the largest number of items a bin may
/// hold. Immutable and valid by construction: every check happens in the factory, once, so that strategies can trust what they are given.
/// </summary>
/// <remarks>
/// Items are numbered from 0 in input order. Sizes are whole numbers from 0 to the capacity, in the caller's own unit (tokens, millimetres,
/// bytes). <see cref="int"/> sizes are kept as <see cref="int"/>: four bytes an item, never widened. Thread-safe.
/// </remarks>
public sealed class PackingProblem
{
    private readonly ReadOnlyMemory<int> _ints;
    private readonly ReadOnlyMemory<long> _longs;
    private readonly SizeCounts _counted;
    private SizeHistogram? _histogram;

    private PackingProblem(ReadOnlyMemory<int> ints, ReadOnlyMemory<long> longs, long capacity, int? maxItemsPerBin)
    {
        if (maxItemsPerBin is { } most)
            ArgumentOutOfRangeException.ThrowIfLessThan(most, 1, nameof(maxItemsPerBin));
        (_ints, _longs, Capacity, MaxItemsPerBin) = (ints, longs, capacity, maxItemsPerBin);
        TotalSize = longs.IsEmpty ? Check(ints.Span, out _counted) : Check(longs.Span, out _counted);
    }

    /// <summary>A problem over a copy of <paramref name="sizes"/>. O(n).</summary>
    /// <param name="sizes">Size of each item, from 0 to <paramref name="capacity"/>. May be empty.</param>
    /// <param name="capacity">What one bin holds, at least 1.</param>
    /// <param name="maxItemsPerBin">The most items a bin may hold, at least 1; <see langword="null"/> for no limit.</param>
    /// <exception cref="ArgumentOutOfRangeException">
    /// The capacity or the item limit is below 1, or a size is negative or above the capacity: the message names the index, the size and
    /// the capacity.
    /// </exception>
    public static PackingProblem Create(ReadOnlySpan<int> sizes, long capacity, int? maxItemsPerBin = null) =>
        new(sizes.ToArray(), default, capacity, maxItemsPerBin);

    /// <inheritdoc cref="Create(ReadOnlySpan{int}, long, int?)"/>
    /// <exception cref="ArgumentOutOfRangeException">
    /// As for the other overload, and also where the total of all sizes leaves the range of <see cref="long"/>.
    /// </exception>
    public static PackingProblem Create(ReadOnlySpan<long> sizes, long capacity, int? maxItemsPerBin = null) =>
        new(default, sizes.ToArray(), capacity, maxItemsPerBin);

    /// <summary>
    /// A problem over the caller's own memory, without a copy. The caller must not change it while the problem is in use.
    /// </summary>
    /// <inheritdoc cref="Create(ReadOnlySpan{int}, long, int?)"/>
    public static PackingProblem Borrow(ReadOnlyMemory<int> sizes, long capacity, int? maxItemsPerBin = null) =>
        new(sizes, default, capacity, maxItemsPerBin);

    /// <summary>
    /// A problem over real-valued sizes, made safe in integers: the unit becomes capacity / <paramref name="resolution"/>, every size is
    /// rounded up to a whole number of units and the capacity down, so that a packing of the rounded problem always fits the real one.
    /// </summary>
    /// <param name="sizes">Size of each item, finite, from 0 to <paramref name="capacity"/>.</param>
    /// <param name="capacity">What one bin holds, finite and above 0.</param>
    /// <param name="resolution">Units in a bin, from 1 to 2^52; the default 2^40 loses less than one part in 10^12 an item.</param>
    /// <param name="maxItemsPerBin">The most items a bin may hold, at least 1; <see langword="null"/> for no limit.</param>
    /// <remarks>
    /// Sizes that are exact in the real numbers but not in binary (three times 0.1 in 0.3) may round up to one unit too much each and so
    /// need another bin; where sizes have a natural unit, scale them to integers and use
    /// <see cref="Create(ReadOnlySpan{long}, long, int?)"/>.
    /// </remarks>
    /// <exception cref="ArgumentOutOfRangeException">
    /// An argument is out of its range; the message names the index and the value of a bad size.
    /// </exception>
    public static PackingProblem FromReal(
        ReadOnlySpan<double> sizes, double capacity, long resolution = 1L << 40, int? maxItemsPerBin = null)
    {
        if (!double.IsFinite(capacity) || capacity <= 0)
            throw new ArgumentOutOfRangeException(nameof(capacity), capacity, "The capacity must be finite and above 0.");
        ArgumentOutOfRangeException.ThrowIfLessThan(resolution, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(resolution, 1L << 52);

        var units = new long[sizes.Length];
        for (var i = 0; i < sizes.Length; i++)
        {
            if (!(sizes[i] >= 0 && sizes[i] <= capacity)) // also refuses NaN
                throw new ArgumentOutOfRangeException(nameof(sizes), sizes[i], $"Item {i} has size {sizes[i]:R}, outside 0..{capacity:R}.");
            units[i] = RoundUp(sizes[i], capacity, resolution);
        }
        return new PackingProblem(default, units, resolution, maxItemsPerBin);
    }

    /// <summary>Number of items, n.</summary>
    public int ItemCount => _longs.IsEmpty ? _ints.Length : _longs.Length;

    /// <summary>What one bin holds, at least 1.</summary>
    public long Capacity { get; }

    /// <summary>The most items a bin may hold, or <see langword="null"/> for no limit.</summary>
    public int? MaxItemsPerBin { get; }

    /// <summary>The sum of all sizes.</summary>
    public long TotalSize { get; }

    /// <summary>Size of an item.</summary>
    /// <param name="item">From 0 to <see cref="ItemCount"/> - 1.</param>
    public long this[int item] => _longs.IsEmpty ? _ints.Span[item] : _longs.Span[item];

    /// <summary>
    /// The distinct sizes with their counts. Free where the capacity is small beside the number of items, because checking the sizes has
    /// counted them; else built at first use, O(n log n), and kept.
    /// </summary>
    public SizeHistogram Histogram => _histogram ??= _longs.IsEmpty ? SizeHistogram.Of(_ints.Span) : SizeHistogram.Of(_longs.Span);

    /// <summary>What is known of the shards that the items were counted in.</summary>
    internal ref readonly SizeCounts Counted => ref _counted;

    /// <summary>The sizes, where the problem holds them as <see cref="int"/>.</summary>
    /// <returns><see langword="false"/> where the sizes are <see cref="long"/>; then use <see cref="GetInt64Sizes"/>.</returns>
    public bool TryGetInt32Sizes(out ReadOnlySpan<int> sizes)
    {
        sizes = _ints.Span;
        return _longs.IsEmpty;
    }

    /// <summary>The sizes, where the problem holds them as <see cref="long"/>; empty otherwise.</summary>
    public ReadOnlySpan<long> GetInt64Sizes() => _longs.Span;

    /// <summary>One pass over the sizes: by counting them, where a table for it pays.</summary>
    private long Check<T>(ReadOnlySpan<T> sizes, out SizeCounts kept)
        where T : struct, IBinaryInteger<T>
    {
        kept = default;
        if (Capacity < 1 || !SizeCounts.HasTable(Capacity, sizes.Length))
            return SizeChecks.Total(sizes, Capacity);
        var counted = SizeCounts.Of(sizes, (int)Capacity);
        if (counted.HasOutlier)
            SizeChecks.Total(sizes, Capacity); // names it
        var (distinct, counts) = Counting.Sum(counted);
        _histogram = SizeHistogram.Trusted(distinct, counts);
        if (counted.Shards > 1)
            kept = counted;
        else
            counted.Dispose();
        return _histogram.TotalSize;
    }

    /// <summary>
    /// Smallest number of units that is not below size / capacity of a bin, decided exactly where the division may have rounded.
    /// </summary>
    private static long RoundUp(double size, double capacity, long resolution)
    {
        var units = (long)Math.Ceiling(size / capacity * resolution);
        // The quotient carries up to one rounding error in either direction: step until units / resolution >= size / capacity holds exactly.
        while (units > 0 && Covers(units - 1, size, capacity, resolution))
            units--;
        while (!Covers(units, size, capacity, resolution))
            units++;
        return units;
    }

    private static bool Covers(long units, double size, double capacity, long resolution)
    {
        // units * capacity >= size * resolution in exact arithmetic: both sides are integers times a power of two.
        var (sizeMantissa, sizeExponent) = Split(size);
        var (capacityMantissa, capacityExponent) = Split(capacity);
        var left = new BigInteger(units) * capacityMantissa;
        var right = new BigInteger(resolution) * sizeMantissa;
        var shift = capacityExponent - sizeExponent;
        return shift >= 0 ? left << shift >= right : left >= right << -shift;
    }

    private static (long Mantissa, int Exponent) Split(double value)
    {
        var bits = BitConverter.DoubleToInt64Bits(value);
        var exponent = (int)(bits >> 52) & 0x7FF;
        var fraction = bits & 0xF_FFFF_FFFF_FFFF;
        return exponent == 0 ? (fraction, -1074) : (fraction | 1L << 52, exponent - 1075);
    }
}

namespace PackingKit;

/// <summary>
/// What is to be packed: the sizes of the items, the capacity that every bin has, and optionally the largest number of items a bin may
/// hold. Immutable and valid by construction: every check happens in the factory, once, so that strategies can trust what they are given.
/// </summary>
/// <remarks>
/// Items are numbered from 0 in input order. Sizes are whole numbers from 0 to the capacity, in the caller's own unit (tokens, millimetres,
/// bytes). <see cref="int"/> sizes are kept as <see cref="int"/>: four bytes per item, never widened. Thread-safe.
/// </remarks>
[DebuggerDisplay("{ToString(),nq}")]
public sealed class PackingProblem : IEquatable<PackingProblem>
{
    private readonly ReadOnlyMemory<int> _ints;
    private readonly ReadOnlyMemory<long> _longs;
    private readonly SizeCounts _counted;
    private SizeHistogram? _histogram;

    private PackingProblem(ReadOnlyMemory<int> ints, ReadOnlyMemory<long> longs, BinLimits limits)
    {
        limits.ThrowIfDefault(nameof(limits));
        (_ints, _longs, Limits) = (ints, longs, limits);
        TotalSize = longs.IsEmpty ? Check(ints.Span, out _counted) : Check(longs.Span, out _counted);
    }

    /// <summary>A problem over a copy of <paramref name="sizes"/>. O(n).</summary>
    /// <param name="sizes">Size of each item, from 0 to the capacity. May be empty.</param>
    /// <param name="limits">What one bin takes: a capacity such as <c>2048</c>, or <c>new BinLimits(2048, maxItems: 8)</c>.</param>
    /// <exception cref="ArgumentOutOfRangeException">
    /// A size is negative or above the capacity: the message names the index, the size and the capacity. Or
    /// <paramref name="limits"/> is the default value.
    /// </exception>
    public static PackingProblem Create(ReadOnlySpan<int> sizes, BinLimits limits) =>
        new(sizes.ToArray(), default, limits);

    /// <inheritdoc cref="Create(ReadOnlySpan{int}, BinLimits)"/>
    /// <exception cref="ArgumentOutOfRangeException">
    /// As for the other overload, and also where the total of all sizes leaves the range of <see cref="long"/>.
    /// </exception>
    [OverloadResolutionPriority(-1)] // no sizes at all fit both
    public static PackingProblem Create(ReadOnlySpan<long> sizes, BinLimits limits) =>
        new(default, sizes.ToArray(), limits);

    /// <summary>
    /// A problem over the caller's own memory, without a copy. The sizes are checked once, here. Changing them while the problem is in use
    /// breaks memory safety, not only the result: packing looks them up in tables without bounds checks and would write outside them.
    /// </summary>
    /// <inheritdoc cref="Create(ReadOnlySpan{int}, BinLimits)"/>
    public static PackingProblem Borrow(ReadOnlyMemory<int> sizes, BinLimits limits) =>
        new(sizes, default, limits);

    /// <summary>
    /// A problem over an array that nobody else keeps: four bytes per item where they suffice, else the array itself. O(n).
    /// </summary>
    internal static PackingProblem Own(long[] sizes, BinLimits limits) =>
        sizes.AsSpan().ContainsAnyExceptInRange(0L, int.MaxValue)
            ? new(default, sizes, limits)
            : new(Array.ConvertAll(sizes, size => (int)size), default, limits);

    /// <summary>
    /// A problem over real-valued sizes, made safe in integers: the unit becomes capacity / <paramref name="resolution"/>, every size is
    /// rounded up to a whole number of units and the capacity down, so that a packing of the rounded problem always fits the real one.
    /// </summary>
    /// <param name="sizes">Size of each item, finite, from 0 to <paramref name="capacity"/>.</param>
    /// <param name="capacity">What one bin holds, finite and above 0.</param>
    /// <param name="resolution">Units in a bin, from 1 to 2^52; the default 2^40 loses less than one part in 10^12 per item.</param>
    /// <param name="maxItems">The most items in one bin, at least 1; <see cref="BinLimits.Unlimited"/> for no limit.</param>
    /// <remarks>
    /// Sizes that are exact in the real numbers but not in binary (three times 0.1 in 0.3) may round up to one unit too much each and so
    /// need another bin; <see cref="FromReal(ReadOnlySpan{decimal}, decimal, long)"/> takes such sizes as they are written.
    /// </remarks>
    /// <exception cref="ArgumentOutOfRangeException">
    /// An argument is out of its range; the message names the index and the value of a bad size.
    /// </exception>
    public static PackingProblem FromReal(
        ReadOnlySpan<double> sizes, double capacity, long resolution = 1L << 40, long maxItems = BinLimits.Unlimited)
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
        return new PackingProblem(default, units, new BinLimits(resolution, maxItems));
    }

    /// <summary>
    /// A problem over sizes with decimals, exactly: the unit is the power of ten that makes all sizes and the capacity whole, so nothing is
    /// rounded. Three times 0.1m fills 0.3m. O(n).
    /// </summary>
    /// <param name="sizes">Size of each item, from 0 to <paramref name="capacity"/>.</param>
    /// <param name="capacity">What one bin holds, above 0.</param>
    /// <param name="maxItems">The most items in one bin, at least 1; <see cref="BinLimits.Unlimited"/> for no limit.</param>
    /// <exception cref="ArgumentOutOfRangeException">
    /// An argument is out of its range; the message names the index and the value of a bad size. Or, in that unit, the capacity or the
    /// total of all sizes leaves the range of <see cref="long"/>.
    /// </exception>
    [OverloadResolutionPriority(-1)] // whole numbers fit both: they stay with double
    public static PackingProblem FromReal(ReadOnlySpan<decimal> sizes, decimal capacity, long maxItems = BinLimits.Unlimited)
    {
        if (capacity <= 0)
            throw new ArgumentOutOfRangeException(nameof(capacity), capacity, "The capacity must be above 0.");
        int digits = Normalized(capacity).Scale;
        for (var i = 0; i < sizes.Length; i++)
        {
            if (sizes[i] < 0 || sizes[i] > capacity)
                throw new ArgumentOutOfRangeException(
                    nameof(sizes), sizes[i], FormattableString.Invariant($"Item {i} has size {sizes[i]}, outside 0..{capacity}."));
            digits = Math.Max(digits, Normalized(sizes[i]).Scale);
        }
        var units = 1m;
        for (var i = 0; i < digits; i++)
            units *= 10;
        if (capacity > long.MaxValue / units)
            throw new ArgumentOutOfRangeException(
                nameof(capacity), capacity,
                FormattableString.Invariant($"With {digits} decimals the capacity {capacity} leaves the range of a 64-bit integer."));
        var whole = new long[sizes.Length];
        for (var i = 0; i < sizes.Length; i++)
            whole[i] = (long)(sizes[i] * units);
        return new PackingProblem(default, whole, new BinLimits((long)(capacity * units), maxItems));

        // Without zeros at its end: dividing by one with all the digits there are drops them.
        static decimal Normalized(decimal value) => value / 1.0000000000000000000000000000m;
    }

    /// <summary>Number of items, n.</summary>
    public int ItemCount => _longs.IsEmpty ? _ints.Length : _longs.Length;

    /// <summary>What one bin takes.</summary>
    public BinLimits Limits { get; }

    /// <summary>What one bin holds, at least 1: <see cref="BinLimits.Capacity"/> of <see cref="Limits"/>.</summary>
    public long Capacity => Limits.Capacity;

    /// <summary>The sum of all sizes.</summary>
    public long TotalSize { get; }

    /// <summary>Size of an item.</summary>
    /// <param name="item">From 0 to <see cref="ItemCount"/> - 1.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="item"/> is outside that range.</exception>
    public long this[int item] =>
        (uint)item >= (uint)ItemCount
            ? throw new ArgumentOutOfRangeException(nameof(item), item, $"There is no item {item}, only 0..{ItemCount - 1}.")
        : _longs.IsEmpty ? _ints.Span[item] : _longs.Span[item];

    /// <summary>
    /// The distinct sizes with their counts. Free where the capacity is small beside the number of items, because checking the sizes has
    /// counted them; else built at first use, O(n log n), and kept.
    /// </summary>
    public SizeHistogram Histogram => _histogram ??= _longs.IsEmpty ? SizeHistogram.Of(_ints.Span) : SizeHistogram.Of(_longs.Span);

    /// <summary>The counts of each shard that the items were counted in, where there were several.</summary>
    internal ref readonly SizeCounts Counted => ref _counted;

    /// <summary>Whether the other problem has the same sizes in the same order and the same limits. O(n).</summary>
    public bool Equals(PackingProblem? other) =>
        other is not null && (ReferenceEquals(this, other) || (Limits == other.Limits && HasSizesOf(other)));

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as PackingProblem);

    /// <summary>Of the limits, the number of items and the total size alone: problems are seldom keys. O(1).</summary>
    public override int GetHashCode() => HashCode.Combine(Limits, ItemCount, TotalSize);

    /// <summary>"1000 items into bins of 2048".</summary>
    public override string ToString() => $"{Plural.Of(ItemCount, "item")} into bins of {Limits}";

    /// <summary>The sizes, where the problem holds them as <see cref="int"/>; else they are <see cref="GetInt64Sizes"/>.</summary>
    internal bool TryGetInt32Sizes(out ReadOnlySpan<int> sizes)
    {
        sizes = _ints.Span;
        return _longs.IsEmpty;
    }

    /// <summary>The sizes, where the problem holds them as <see cref="long"/>; empty otherwise.</summary>
    internal ReadOnlySpan<long> GetInt64Sizes() => _longs.Span;

    private bool HasSizesOf(PackingProblem other)
    {
        if (ItemCount != other.ItemCount || TotalSize != other.TotalSize)
            return false;
        if (_longs.IsEmpty && other._longs.IsEmpty)
            return _ints.Span.SequenceEqual(other._ints.Span);
        for (var item = 0; item < ItemCount; item++)
            if (this[item] != other[item])
                return false;
        return true;
    }

    /// <summary>One pass over the sizes: by counting them, where a table for it pays.</summary>
    private long Check<T>(ReadOnlySpan<T> sizes, out SizeCounts kept)
        where T : struct, IBinaryInteger<T>
    {
        kept = default;
        if (!SizeChecks.TryCount(sizes, Capacity, out var counted, out var total))
            return total;
        var (distinct, counts) = SizeCounter.Sum(counted);
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
        // The quotient carries up to one rounding error in either direction: step until units / resolution >= size / capacity holds
        // exactly.
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

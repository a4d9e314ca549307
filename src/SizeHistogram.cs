namespace PackingKit;

/// <summary>
/// Distinct sizes with counts, in decreasing size. Items of one size are interchangeable, so this is all that offline packing needs to know
/// of them; a histogram of 10^12 items is as small as one of 10^4, and histograms of shards add up.
/// </summary>
/// <remarks>Immutable and thread-safe. Counts and totals are 64-bit; a total beyond that is refused.</remarks>
[DebuggerDisplay("{ToString(),nq}")]
public sealed class SizeHistogram : IEquatable<SizeHistogram>
{
    private readonly long[] _sizes;
    private readonly long[] _counts;

    private SizeHistogram(long[] sizes, long[] counts, string argument = "sizes")
    {
        (_sizes, _counts) = (sizes, counts);
        try
        {
            checked
            {
                for (var i = 0; i < sizes.Length; i++)
                {
                    ItemCount += counts[i];
                    TotalSize += sizes[i] * counts[i];
                }
            }
        }
        catch (OverflowException)
        {
            throw TooMuch(argument);
        }
    }

    /// <summary>The histogram of no items.</summary>
    public static SizeHistogram Empty { get; } = new([], []);

    /// <summary>Distinct sizes, strictly decreasing.</summary>
    public ReadOnlySpan<long> Sizes => _sizes;

    /// <summary>How many items have each of <see cref="Sizes"/>; at least 1 each.</summary>
    public ReadOnlySpan<long> Counts => _counts;

    /// <summary>Number of distinct sizes, D.</summary>
    public int DistinctCount => _sizes.Length;

    /// <summary>Number of items.</summary>
    public long ItemCount { get; }

    /// <summary>The sum of all items' sizes.</summary>
    public long TotalSize { get; }

    /// <summary>Counts the items of a list. O(n) where the range of sizes is small beside n, else O(n log n).</summary>
    /// <param name="sizes">Size of each item, not negative.</param>
    /// <exception cref="ArgumentOutOfRangeException">A size is negative, or the total leaves the range of <see cref="long"/>.</exception>
    public static SizeHistogram Of(ReadOnlySpan<int> sizes) => Count(sizes);

    /// <inheritdoc cref="Of(ReadOnlySpan{int})"/>
    public static SizeHistogram Of(ReadOnlySpan<long> sizes) => Count(sizes);

    /// <summary>A histogram from pairs in any order; equal sizes are added up and zero counts dropped. O(D log D).</summary>
    /// <exception cref="ArgumentOutOfRangeException">
    /// A size or a count is negative (the message names the pair), or a total leaves the range of <see cref="long"/>.
    /// </exception>
    public static SizeHistogram FromCounts(IEnumerable<SizeCount> counts)
    {
        ArgumentNullException.ThrowIfNull(counts);
        var sum = new SortedDictionary<long, long>(Comparer<long>.Create((a, b) => b.CompareTo(a)));
        var index = 0;
        foreach (var (size, count) in counts)
        {
            if (size < 0 || count < 0)
                throw new ArgumentOutOfRangeException(
                    nameof(counts), $"Entry {index} has size {size} and count {count}; neither may be negative.");
            var known = sum.GetValueOrDefault(size);
            if (count > long.MaxValue - known)
                throw TooMuch(nameof(counts));
            if (count > 0)
                sum[size] = known + count;
            index++;
        }
        return new SizeHistogram([.. sum.Keys], [.. sum.Values], nameof(counts));
    }

    /// <summary>The histogram of both sets of items together: shards count, one place plans. O(D).</summary>
    /// <exception cref="ArgumentOutOfRangeException">A total leaves the range of <see cref="long"/>.</exception>
    public static SizeHistogram operator +(SizeHistogram left, SizeHistogram right)
    {
        ArgumentNullException.ThrowIfNull(left);
        ArgumentNullException.ThrowIfNull(right);
        return FromCounts(left.Pairs().Concat(right.Pairs()));
    }

    /// <summary>Number of items of one size; 0 where there are none. O(log D).</summary>
    public long CountOf(long size) => IndexOf(size) is var index and >= 0 ? _counts[index] : 0;

    /// <summary>Place of a size in <see cref="Sizes"/>, or a negative number where it does not occur. O(log D).</summary>
    public int IndexOf(long size) => _sizes.AsSpan().BinarySearch(new Decreasing(size));

    /// <summary>Size and count pairs, in decreasing size.</summary>
    public IEnumerable<SizeCount> Pairs() => _sizes.Zip(_counts, (size, count) => new SizeCount(size, count));

    /// <summary>Whether both count the same sizes equally often. O(D).</summary>
    public bool Equals(SizeHistogram? other) => other is not null
        && (ReferenceEquals(this, other) || (_sizes.AsSpan().SequenceEqual(other._sizes) && _counts.AsSpan().SequenceEqual(other._counts)));

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as SizeHistogram);

    /// <summary>Of the totals alone. O(1).</summary>
    public override int GetHashCode() => HashCode.Combine(DistinctCount, ItemCount, TotalSize);

    /// <summary>"1000 items of 120 sizes, 512000 in all".</summary>
    public override string ToString() =>
        $"{Plural.Of(ItemCount, "item")} of {Plural.Of(DistinctCount, "size")}, {TotalSize} in all";

    /// <summary>Trusted: sizes strictly decreasing and not negative, counts positive. Checked in debug builds only.</summary>
    internal static SizeHistogram Trusted(long[] sizes, long[] counts)
    {
        AssertInvariants(sizes, counts);
        return new SizeHistogram(sizes, counts);

        [Conditional("DEBUG")]
        static void AssertInvariants(long[] sizes, long[] counts)
        {
            Debug.Assert(sizes.Length == counts.Length);
            for (var i = 0; i < sizes.Length; i++)
                Debug.Assert(sizes[i] >= 0 && counts[i] > 0 && (i == 0 || sizes[i] < sizes[i - 1]), $"Entry {i} is wrong.");
        }
    }

    /// <summary>Trusted as well, but for counts of 0, which are left out.</summary>
    internal static SizeHistogram Present(long[] sizes, long[] counts)
    {
        var present = Enumerable.Range(0, sizes.Length).Where(i => counts[i] > 0).ToArray();
        return Trusted(Array.ConvertAll(present, i => sizes[i]), Array.ConvertAll(present, i => counts[i]));
    }

    private static SizeHistogram Count<T>(ReadOnlySpan<T> sizes)
        where T : struct, IBinaryInteger<T>
    {
        var (distinct, counts) = SizeCounter.Count(sizes);
        if (distinct is [.., < 0])
            for (var i = 0; i < sizes.Length; i++)
                if (T.IsNegative(sizes[i]))
                    throw new ArgumentOutOfRangeException(nameof(sizes), sizes[i], $"Item {i} has size {sizes[i]}, which is negative.");
        return new SizeHistogram(distinct, counts);
    }

    private static ArgumentOutOfRangeException TooMuch(string argument) =>
        new(argument, "The total size or the number of items leaves the range of a 64-bit integer.");

    private readonly record struct Decreasing(long Size) : IComparable<long>
    {
        public int CompareTo(long other) => other.CompareTo(Size);
    }
}

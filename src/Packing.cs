namespace PackingKit;

/// <summary>
/// Which items go into which bin, as compressed sparse rows: bin b holds <c>ItemIndices[BinOffsets[b] .. BinOffsets[b + 1]]</c>.
/// </summary>
/// <remarks>
/// <para>Invariants: <see cref="BinOffsets"/> has one entry more than there are bins, starts with 0, never falls and ends with the number
/// of items; <see cref="ItemIndices"/> holds every item exactly once. Whether bins are within their capacity is a matter of the problem:
/// see <see cref="PackingValidator"/>.</para>
/// <para>Immutable and thread-safe. 4 bytes per item and 4 per bin, and 4 more per item once <see cref="BinOf"/> has been called.</para>
/// </remarks>
[DebuggerDisplay("{ToString(),nq}")]
public sealed class Packing : IEquatable<Packing>
{
    private readonly int[] _binOffsets;
    private readonly int[] _itemIndices;
    private int[]? _binOfItem;

    private Packing(int[] binOffsets, int[] itemIndices, int[]? binOfItem = null) =>
        (_binOffsets, _itemIndices, _binOfItem) = (binOffsets, itemIndices, binOfItem);

    /// <summary>The packing of no items into no bins.</summary>
    public static Packing Empty { get; } = new([0], []);

    /// <summary>Start of each bin in <see cref="ItemIndices"/>; length <see cref="BinCount"/> + 1.</summary>
    public ReadOnlySpan<int> BinOffsets => _binOffsets;

    /// <summary>Items by bin; length <see cref="ItemCount"/>. Inside a bin items are in the order of placement.</summary>
    public ReadOnlySpan<int> ItemIndices => _itemIndices;

    /// <summary>Number of bins.</summary>
    public int BinCount => _binOffsets.Length - 1;

    /// <summary>Number of items.</summary>
    public int ItemCount => _itemIndices.Length;

    /// <summary>A view of one bin.</summary>
    /// <param name="bin">From 0 to <see cref="BinCount"/> - 1.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="bin"/> is outside that range.</exception>
    public Bin this[int bin] => (uint)bin < (uint)BinCount ? new Bin(this, bin)
        : throw new ArgumentOutOfRangeException(nameof(bin), bin, $"There are {BinCount} bins.");

    /// <summary>All bins in order: <c>foreach (var bin in packing.Bins)</c>, or LINQ.</summary>
    public BinSequence Bins => new(this);

    /// <summary>The bin of each item, in input order. The first call fills a table in O(n); later ones are free.</summary>
    public ReadOnlySpan<int> BinOfItem
    {
        get
        {
            if (_binOfItem is not null)
                return _binOfItem;
            var binOfItem = new int[ItemCount];
            for (var bin = 0; bin < BinCount; bin++)
                foreach (var item in ItemsOf(bin))
                    binOfItem[item] = bin;
            return _binOfItem = binOfItem;
        }
    }

    /// <summary>The bin of one item.</summary>
    /// <param name="item">From 0 to <see cref="ItemCount"/> - 1.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="item"/> is outside that range.</exception>
    public int BinOf(int item) => (uint)item < (uint)ItemCount ? BinOfItem[item]
        : throw new ArgumentOutOfRangeException(nameof(item), item, $"There are {ItemCount} items.");

    /// <summary>Whether the other packing has the same items in the same order in the same bins. O(n + bins).</summary>
    public bool Equals(Packing? other) =>
        other is not null && _binOffsets.AsSpan().SequenceEqual(other._binOffsets)
        && _itemIndices.AsSpan().SequenceEqual(other._itemIndices);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as Packing);

    /// <summary>Of the numbers of bins and items alone: packings are seldom keys. O(1).</summary>
    public override int GetHashCode() => HashCode.Combine(BinCount, ItemCount);

    /// <summary>"245 bins of 1000 items".</summary>
    public override string ToString() => $"{Plural.Of(BinCount, "bin")} of {Plural.Of(ItemCount, "item")}";

    /// <summary>A packing from the bin of each item; inside a bin items are in input order. O(n + bins).</summary>
    /// <param name="binOfItem">Bin of each item, from 0 to <paramref name="binCount"/> - 1.</param>
    /// <param name="binCount">Number of bins, 4 bytes each whether they are empty or not.</param>
    /// <exception cref="ArgumentOutOfRangeException">
    /// A bin is outside that range, where the message names the item and the bin; or there are more bins than an array can hold.
    /// </exception>
    public static Packing FromAssignment(ReadOnlySpan<int> binOfItem, int binCount)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(binCount);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(binCount, Array.MaxLength);
        var offsets = new int[binCount + 1];
        for (var item = 0; item < binOfItem.Length; item++)
        {
            if ((uint)binOfItem[item] >= (uint)binCount)
                throw new ArgumentOutOfRangeException(
                    nameof(binOfItem), binOfItem[item], $"Item {item} is in bin {binOfItem[item]}, outside 0..{binCount - 1}.");
            offsets[binOfItem[item]]++;
        }
        // Counting sort: turn counts into starts, scatter, and the starts have become the ends.
        var start = 0;
        for (var bin = 0; bin <= binCount; bin++)
            (offsets[bin], start) = (start, start + offsets[bin]);
        var items = new int[binOfItem.Length];
        for (var item = 0; item < binOfItem.Length; item++)
            items[offsets[binOfItem[item]]++] = item;
        for (var bin = binCount; bin > 0; bin--)
            offsets[bin] = offsets[bin - 1];
        offsets[0] = 0;
        return new Packing(offsets, items, binOfItem.ToArray());
    }

    /// <summary>A packing from compressed sparse rows. O(n + bins).</summary>
    /// <param name="binOffsets">Start of each bin, then the number of items.</param>
    /// <param name="itemIndices">Items by bin: every number from 0 to length - 1 once.</param>
    /// <exception cref="ArgumentException">
    /// The offsets do not start with 0, fall, or do not end with the number of items; or an item is missing or occurs twice.
    /// </exception>
    public static Packing FromRows(ReadOnlySpan<int> binOffsets, ReadOnlySpan<int> itemIndices)
    {
        CheckRows(binOffsets, itemIndices);
        return new Packing(binOffsets.ToArray(), itemIndices.ToArray());
    }

    /// <summary>Trusted: takes over the arrays, which must satisfy the invariants. They are checked in debug builds only.</summary>
    internal static Packing Trusted(int[] binOffsets, int[] itemIndices, int[]? binOfItem = null)
    {
        AssertInvariants(binOffsets, itemIndices);
        return new Packing(binOffsets, itemIndices, binOfItem);

        [Conditional("DEBUG")]
        static void AssertInvariants(int[] binOffsets, int[] itemIndices) => CheckRows(binOffsets, itemIndices);
    }

    internal ReadOnlySpan<int> ItemsOf(int bin) => _itemIndices.AsSpan(_binOffsets[bin].._binOffsets[bin + 1]);

    /// <summary>Refuses offsets that do not cut a number of items (or item indices) into rows.</summary>
    internal static void CheckOffsets(ReadOnlySpan<int> binOffsets, int end, string of)
    {
        if (binOffsets.IsEmpty || binOffsets[0] != 0 || binOffsets[^1] != end)
            throw new ArgumentException($"Offsets must start with 0 and end with the number of {of}, {end}.", nameof(binOffsets));
        for (var bin = 1; bin < binOffsets.Length; bin++)
            if (binOffsets[bin] < binOffsets[bin - 1])
                throw new ArgumentException(
                    $"Offset {bin} is {binOffsets[bin]}, below the one before it, {binOffsets[bin - 1]}.", nameof(binOffsets));
    }

    private static void CheckRows(ReadOnlySpan<int> binOffsets, ReadOnlySpan<int> itemIndices)
    {
        CheckOffsets(binOffsets, itemIndices.Length, "items");
        var seen = new bool[itemIndices.Length];
        for (var at = 0; at < itemIndices.Length; at++)
        {
            var item = itemIndices[at];
            if ((uint)item >= (uint)seen.Length)
                throw new ArgumentException($"Index {at} holds item {item}, outside 0..{seen.Length - 1}.", nameof(itemIndices));
            if (seen[item])
                throw new ArgumentException($"Index {at} holds item {item} for the second time.", nameof(itemIndices));
            seen[item] = true;
        }
    }
}

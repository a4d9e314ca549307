namespace PackingKit;

/// <summary>A packing of the caller's own items: <c>documents.Pack(d => d.Length, 2048)</c>.</summary>
/// <typeparam name="T">The caller's item.</typeparam>
/// <remarks>Keeps the items and the result; immutable and thread-safe as far as the items are.</remarks>
[DebuggerDisplay("{ToString(),nq}")]
public sealed class Packing<T>
{
    private readonly IReadOnlyList<T> _items;

    internal Packing(IReadOnlyList<T> items, PackingResult result) => (_items, Result) = (items, result);

    /// <summary>The result by item numbers, with its bound and status.</summary>
    public PackingResult Result { get; }

    /// <summary>Number of bins.</summary>
    public int BinCount => Result.Packing.BinCount;

    /// <summary>The items of one bin, in the order of placement. O(items in the bin).</summary>
    /// <param name="bin">From 0 to <see cref="BinCount"/> - 1.</param>
    public IReadOnlyList<T> this[int bin] => Result.Packing[bin].Select(item => _items[item]).ToArray();

    /// <summary>All bins in order.</summary>
    public IEnumerable<IReadOnlyList<T>> Bins => Enumerable.Range(0, BinCount).Select(bin => this[bin]);

    /// <summary>That of <see cref="Result"/>: "245 bins, bound 245 (L2), fill 99.75 %".</summary>
    public override string ToString() => Result.ToString();
}

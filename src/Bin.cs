using System.Collections;

namespace PackingKit;

/// <summary>
/// One bin of a <see cref="Packing"/>: a view of its items, no copy. A list of item numbers for
/// LINQ and <c>await</c>, and a span for loops.
/// </summary>
[DebuggerDisplay("{ToString(),nq}")]
public readonly struct Bin : IReadOnlyList<int>, IEquatable<Bin>
{
    private readonly Packing? _packing;

    internal Bin(Packing packing, int index) => (_packing, Index) = (packing, index);

    /// <summary>Place of the bin in the packing, from 0.</summary>
    public int Index { get; }

    /// <summary>The items in the bin, by their numbers in input order, in the order of placement.</summary>
    public ReadOnlySpan<int> Items => _packing is null ? [] : _packing.ItemsOf(Index);

    /// <summary>Number of items in the bin.</summary>
    public int Count => Items.Length;

    /// <summary>An item of the bin.</summary>
    /// <param name="index">From 0 to <see cref="Count"/> - 1.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="index"/> is outside that range.</exception>
    public int this[int index] => (uint)index < (uint)Count ? Items[index]
        : throw new ArgumentOutOfRangeException(nameof(index), index, $"Bin {Index} has {Count} items.");

    /// <summary>Walks the items without allocating.</summary>
    public ReadOnlySpan<int>.Enumerator GetEnumerator() => Items.GetEnumerator();

    IEnumerator<int> IEnumerable<int>.GetEnumerator()
    {
        for (var i = 0; i < Count; i++)
            yield return Items[i];
    }

    IEnumerator IEnumerable.GetEnumerator() => ((IEnumerable<int>)this).GetEnumerator();

    /// <summary>Whether both are the same bin of the same packing.</summary>
    public bool Equals(Bin other) => ReferenceEquals(_packing, other._packing) && Index == other.Index;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is Bin other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(_packing, Index);

    /// <summary>"bin 3: 4 items".</summary>
    public override string ToString() => $"bin {Index}: {Plural.Of(Count, "item")}";

    /// <summary>The same as <see cref="Equals(Bin)"/>.</summary>
    public static bool operator ==(Bin left, Bin right) => left.Equals(right);

    /// <summary>The opposite of <see cref="Equals(Bin)"/>.</summary>
    public static bool operator !=(Bin left, Bin right) => !left.Equals(right);
}

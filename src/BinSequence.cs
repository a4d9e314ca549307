using System.Collections;

namespace PackingKit;

/// <summary>The bins of a <see cref="Packing"/>, in order: a list for LINQ, walked by <c>foreach</c> without allocating.</summary>
[DebuggerDisplay("{ToString(),nq}")]
public readonly struct BinSequence : IReadOnlyList<Bin>
{
    private readonly Packing? _packing;

    internal BinSequence(Packing packing) => _packing = packing;

    /// <summary>Number of bins.</summary>
    public int Count => _packing?.BinCount ?? 0;

    /// <summary>A view of one bin.</summary>
    /// <param name="index">From 0 to <see cref="Count"/> - 1.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="index"/> is outside that range.</exception>
    public Bin this[int index] => (uint)index < (uint)Count ? new Bin(_packing!, index)
        : throw new ArgumentOutOfRangeException(nameof(index), index, $"There are {Count} bins.");

    /// <summary>Starts before the first bin.</summary>
    public Enumerator GetEnumerator() => new(this);

    IEnumerator<Bin> IEnumerable<Bin>.GetEnumerator()
    {
        for (var bin = 0; bin < Count; bin++)
            yield return this[bin];
    }

    IEnumerator IEnumerable.GetEnumerator() => ((IEnumerable<Bin>)this).GetEnumerator();

    /// <summary>"245 bins".</summary>
    public override string ToString() => Plural.Of(Count, "bin");

    /// <summary>Walks the bins.</summary>
    public struct Enumerator
    {
        private readonly BinSequence _bins;
        private int _bin = -1;

        internal Enumerator(BinSequence bins) => _bins = bins;

        /// <summary>The bin that the walk has reached.</summary>
        public readonly Bin Current => _bins[_bin];

        /// <summary>Goes on to the next bin.</summary>
        public bool MoveNext() => ++_bin < _bins.Count;
    }
}

namespace PackingKit;

/// <summary>
/// The span overloads of a heuristic: static methods that assign the items of a span into a span, without allocating (working memory is
/// rented) and without a bound. <c>BestFitDecreasing.Assign(sizes, 2048, binOfItem)</c>.
/// </summary>
public interface ISpanStrategy
{
    /// <summary>The bin of each item, as <see cref="IPackingStrategy.Pack"/> would choose it.</summary>
    /// <typeparam name="T">The integer type of the sizes.</typeparam>
    /// <param name="sizes">Size of each item, from 0 to the capacity.</param>
    /// <param name="limits">What one bin takes.</param>
    /// <param name="binOfItem">Takes the bin of each item; at least as long as <paramref name="sizes"/>, and apart from it.</param>
    /// <returns>The number of bins.</returns>
    /// <exception cref="ArgumentOutOfRangeException">
    /// A size is out of its range (the message names the index), or <paramref name="limits"/> is the default value.
    /// </exception>
    /// <exception cref="ArgumentException"><paramref name="binOfItem"/> is too short or shares memory with the sizes.</exception>
    static abstract int Assign<T>(ReadOnlySpan<T> sizes, BinLimits limits, Span<int> binOfItem)
        where T : struct, IBinaryInteger<T>;

    /// <summary>
    /// The same as compressed sparse rows: bin b holds <c>itemIndices[binOffsets[b] .. binOffsets[b + 1]]</c>, as in <see cref="Packing"/>.
    /// </summary>
    /// <typeparam name="T">The integer type of the sizes.</typeparam>
    /// <param name="sizes">Size of each item, from 0 to the capacity.</param>
    /// <param name="limits">What one bin takes.</param>
    /// <param name="binOffsets">
    /// Takes the start of each bin, then the number of items; of length n + 1 at least, since there may be as many bins as items.
    /// </param>
    /// <param name="itemIndices">Takes the items by bin; at least as long as <paramref name="sizes"/>, and apart from it.</param>
    /// <returns>The number of bins.</returns>
    /// <exception cref="ArgumentOutOfRangeException">
    /// A size is out of its range (the message names the index), or <paramref name="limits"/> is the default value.
    /// </exception>
    /// <exception cref="ArgumentException">A destination is too short, or shares memory with the sizes or the other one.</exception>
    static abstract int AssignRows<T>(ReadOnlySpan<T> sizes, BinLimits limits, Span<int> binOffsets, Span<int> itemIndices)
        where T : struct, IBinaryInteger<T>;
}

namespace PackingKit;

/// <summary>Packing in one call.</summary>
public static class PackingExtensions
{
    /// <summary>Packs any list of things by a size each has.</summary>
    /// <typeparam name="T">The caller's item.</typeparam>
    /// <param name="items">What to pack; a list is kept as it is, any other sequence is copied.</param>
    /// <param name="size">Size of an item, from 0 to the capacity; called once for each item.</param>
    /// <param name="limits">What one bin takes: a capacity such as <c>2048</c>, or <c>new BinLimits(2048, maxItems: 8)</c>.</param>
    /// <param name="strategy">How to pack; best-fit decreasing where none is given.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <exception cref="ArgumentNullException"><paramref name="items"/> or <paramref name="size"/> is <see langword="null"/>.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A size or a limit is out of its range; the message names the index.</exception>
    public static Packing<T> Pack<T>(
        this IEnumerable<T> items, Func<T, long> size, BinLimits limits,
        IPackingStrategy? strategy = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(items);
        ArgumentNullException.ThrowIfNull(size);
        var list = items as IReadOnlyList<T> ?? [.. items];
        var problem = PackingProblem.Own([.. list.Select(size)], limits);
        return new Packing<T>(list, (strategy ?? new BestFitDecreasing()).Pack(problem, progress: null, cancellationToken));
    }
}

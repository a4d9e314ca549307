namespace PackingKit;

/// <summary>Streams packed in one call, in bounded memory, by a <see cref="StreamingPacker{T}"/>.</summary>
public static class StreamingExtensions
{
    /// <summary>Packs a stream of things by a size each has, and hands out each bin as soon as it is complete.</summary>
    /// <typeparam name="T">The caller's item.</typeparam>
    /// <param name="items">Items in order of arrival; read one at a time, as bins are asked for.</param>
    /// <param name="size">Size of an item, from 0 to the capacity; called once for each.</param>
    /// <param name="options">What one bin takes, and how many items may wait for how long.</param>
    /// <exception cref="ArgumentNullException">An argument is <see langword="null"/>.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A size is out of its range; the message names the item.</exception>
    public static IEnumerable<StreamedBin<T>> Pack<T>(this IEnumerable<T> items, Func<T, long> size, StreamingOptions options)
    {
        ArgumentNullException.ThrowIfNull(items);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(size);
        return Packed(); // each walk over the answer packs with a packer of its own

        IEnumerable<StreamedBin<T>> Packed()
        {
            foreach (var bin in new StreamingPacker<T>(options, size).Pack(items))
                yield return bin;
        }
    }

    /// <summary>The same for a stream whose items have to be waited for; none is read ahead of the bin that is asked for.</summary>
    /// <typeparam name="T">The caller's item.</typeparam>
    /// <param name="items">Items in order of arrival.</param>
    /// <param name="size">Size of an item, from 0 to the capacity; called once for each.</param>
    /// <param name="options">What one bin takes, and how many items may wait for how long.</param>
    /// <param name="cancellationToken">Stops waiting and packing; bins that were handed out are good.</param>
    /// <exception cref="ArgumentNullException">An argument is <see langword="null"/>.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A size is out of its range; the message names the item.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static IAsyncEnumerable<StreamedBin<T>> PackAsync<T>(
        this IAsyncEnumerable<T> items, Func<T, long> size, StreamingOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(items);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(size);
        return Packed(cancellationToken);

        async IAsyncEnumerable<StreamedBin<T>> Packed([EnumeratorCancellation] CancellationToken cancel)
        {
            var bins = new StreamingPacker<T>(options, size).PackAsync(items, cancel);
            await foreach (var bin in bins.ConfigureAwait(false))
                yield return bin;
        }
    }
}

namespace PackingKit;

/// <summary>
/// A <see cref="StreamingPacker"/> that keeps the items themselves until their bin is complete: documents come back, not numbers.
/// </summary>
/// <typeparam name="T">The caller's item.</typeparam>
/// <remarks>
/// Bins, guarantee, age and ties are those of <see cref="StreamingPacker"/>. Memory: the items that wait and those of one bin; once it has
/// held as many, it allocates nothing but the bins that it hands out. Not thread-safe.
/// </remarks>
/// <example><code>
/// var packer = new StreamingPacker&lt;int[]&gt;(new StreamingOptions { Capacity = 2048 }, tokens => tokens.Length);
/// await foreach (var bin in packer.PackAsync(documents, cancellationToken))
///     await WriteAsync(bin.Items, cancellationToken);
/// </code></example>
[DebuggerDisplay("{ToString(),nq}")]
public sealed class StreamingPacker<T>
{
    private readonly StreamingPacker _packer;
    private readonly Func<T, long> _size;
    private readonly Dictionary<long, T> _held = []; // by number: what waits, and what is in the open bin

    /// <summary>A packer that has seen nothing yet.</summary>
    /// <param name="options">What it packs into, and how long it may keep things back.</param>
    /// <param name="size">Size of an item, from 0 to the capacity; called once for each.</param>
    /// <exception cref="ArgumentNullException">An argument is <see langword="null"/>.</exception>
    public StreamingPacker(StreamingOptions options, Func<T, long> size)
        : this(new StreamingPacker(options), size)
    {
    }

    private StreamingPacker(StreamingPacker packer, Func<T, long> size)
    {
        ArgumentNullException.ThrowIfNull(size);
        (_packer, _size) = (packer, size);
    }

    /// <summary>For <see cref="StreamingPacker.Resume{T}"/>: the state is checked, the items are not.</summary>
    internal StreamingPacker(StreamingState state, Func<long, T> item, Func<T, long> size)
        : this(StreamingPacker.Resume(state), size)
    {
        foreach (var (number, saved) in state.Waiting.Concat(state.Open))
        {
            var held = _held[number] = item(number);
            if (size(held) is var now && now != saved)
                throw new ArgumentException($"Item {number} has size {now}; it had {saved}.", nameof(item));
        }
    }

    /// <summary>What the packer was made with.</summary>
    public StreamingOptions Options => _packer.Options;

    /// <summary>Number of items that have arrived.</summary>
    public long Arrived => _packer.Arrived;

    /// <summary>Number of items that wait outside any bin.</summary>
    public int Waiting => _packer.Waiting;

    /// <summary>"1000 items, 256 of them waiting".</summary>
    public override string ToString() => _packer.ToString();

    /// <summary>Takes the next item.</summary>
    /// <returns>The bin that it completed, if any.</returns>
    /// <exception cref="ArgumentOutOfRangeException">
    /// Its size is out of range; the message names the item by its number. The packer is as before.
    /// </exception>
    public StreamedBin<T>? Add(T item)
    {
        var number = _packer.Arrived;
        var completed = _packer.Add(_size(item));
        _held.Add(number, item);
        return completed is null ? null : Of(completed);
    }

    /// <summary>Takes every item of a stream and hands out each bin as soon as it is complete, the last ones at the end.</summary>
    /// <param name="items">Items in order of arrival; read one at a time, as bins are asked for.</param>
    /// <exception cref="ArgumentNullException"><paramref name="items"/> is <see langword="null"/>.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A size is out of its range; the message names the item.</exception>
    public IEnumerable<StreamedBin<T>> Pack(IEnumerable<T> items)
    {
        ArgumentNullException.ThrowIfNull(items);
        return Packed();

        IEnumerable<StreamedBin<T>> Packed()
        {
            foreach (var item in items)
                if (Add(item) is { } bin)
                    yield return bin;
            foreach (var bin in Flush())
                yield return bin;
        }
    }

    /// <summary>The same for a stream whose items have to be waited for.</summary>
    /// <param name="items">
    /// Items in order of arrival. The next one is asked for when the next bin is, and none is read ahead: who takes bins slowly is not
    /// overrun.
    /// </param>
    /// <param name="cancellationToken">
    /// Stops waiting and packing. Bins that were handed out are good, and the packer holds all other items: it can go on, or
    /// <see cref="Flush"/>.
    /// </param>
    /// <exception cref="ArgumentNullException"><paramref name="items"/> is <see langword="null"/>.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A size is out of its range; the message names the item.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public IAsyncEnumerable<StreamedBin<T>> PackAsync(IAsyncEnumerable<T> items, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(items);
        return Packed(cancellationToken);

        async IAsyncEnumerable<StreamedBin<T>> Packed([EnumeratorCancellation] CancellationToken cancel)
        {
            await foreach (var item in items.WithCancellation(cancel).ConfigureAwait(false))
            {
                var bin = Add(item);
                if (bin is not null)
                    yield return bin;
                cancel.ThrowIfCancellationRequested(); // what a source that does not listen would miss
            }
            foreach (var bin in Flush())
                yield return bin;
        }
    }

    /// <summary>Packs everything that waits, and completes the open bin. The packer can go on afterwards.</summary>
    public IReadOnlyList<StreamedBin<T>> Flush() => [.. _packer.Flush().Select(Of)];

    /// <summary>Everything that the packer remembers but the items, by their numbers. O(waiting items).</summary>
    public StreamingState Save() => _packer.Save();

    private StreamedBin<T> Of(StreamedBin bin)
    {
        var items = new T[bin.Items.Count];
        for (var i = 0; i < items.Length; i++)
        {
            _held.Remove(bin.Items[i], out var item);
            items[i] = item!;
        }
        return new StreamedBin<T>(new ValueList<T>(items), bin.Load);
    }
}

namespace PackingKit;

/// <summary>
/// Packs a stream in bounded memory: a pool of items waits, the open bin takes the largest waiting item that fits, the pool is filled up
/// again, and so on. A bin is complete when no waiting item fits.
/// </summary>
/// <remarks>
/// <para>Guarantee: the first item of a bin did not fit into the bin before, so without item limit there are at most 2·OPT - 1 bins, as for
/// next-fit. A pool of 0 makes it next-fit, a pool that holds the whole stream makes it first-fit decreasing.</para>
/// <para>Cost: O(log W) per item for a pool of W; memory for W items and one bin. Ties: equal sizes in order of
/// arrival. Deterministic. Not thread-safe.</para>
/// <para>Age: with <see cref="StreamingOptions.MaxAge"/> A, an item is in a bin by the time A + 1 later items have arrived:
/// it then goes first, if need be into a new bin. A bin is handed out when a later item does not fit; items of size 0 always
/// fit, unless an item limit stops them.</para>
/// </remarks>
/// <example><code>
/// var packer = new StreamingPacker(new StreamingOptions { Capacity = 2048, PoolSize = 256 });
/// foreach (var bin in packer.Pack(documents.Select(document => document.LongLength)))
///     Write(bin.Items);
/// </code></example>
[DebuggerDisplay("{ToString(),nq}")]
public sealed class StreamingPacker
{
    /// <summary>More items than any stream brings: a state that says so was not saved by a packer, and could not count on.</summary>
    private const long MaxArrived = 1L << 62;

    private readonly WaitingItems _waiting = new();
    private readonly List<StreamedItem> _open = [];
    private long _residual;

    /// <summary>A packer that has seen nothing yet.</summary>
    public StreamingPacker(StreamingOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        (Options, _residual) = (options, options.Capacity);
    }

    /// <summary>A packer that goes on where another one stopped.</summary>
    /// <param name="state">What <see cref="Save"/> gave.</param>
    /// <exception cref="ArgumentException">No packer can be in that state; the message says why.</exception>
    public static StreamingPacker Resume(StreamingState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        if (state.Options is null || state.Waiting is null || state.Open is null)
            throw new ArgumentException("The options, the waiting items or those of the open bin are missing.", nameof(state));
        if (state.Arrived is < 0 or > MaxArrived)
            throw new ArgumentException(
                FormattableString.Invariant($"{state.Arrived} items have arrived, outside 0..{MaxArrived}."), nameof(state));
        var packer = new StreamingPacker(state.Options) { Arrived = state.Arrived };
        if (state.Waiting.Count > state.Options.PoolSize)
            throw new ArgumentException(
                $"{state.Waiting.Count} items wait, more than the pool of {state.Options.PoolSize}.", nameof(state));
        HashSet<long> numbers = [];
        foreach (var item in state.Waiting.Concat(state.Open))
        {
            if (item.Size < 0 || item.Size > state.Options.Capacity)
                throw new ArgumentException(
                    $"Item {item.Number} has size {item.Size}, outside 0..{state.Options.Capacity}.", nameof(state));
            if (item.Number < 0 || item.Number >= state.Arrived || !numbers.Add(item.Number))
                throw new ArgumentException(
                    $"Item {item.Number} stands twice or is none of the {state.Arrived} that arrived.", nameof(state));
        }
        foreach (var item in state.Open)
        {
            if (item.Size > packer._residual || packer._open.Count == state.Options.MaxItemsPerBin)
                throw new ArgumentException($"Item {item.Number} does not fit into the open bin.", nameof(state));
            packer.Put(item);
        }
        foreach (var item in state.Waiting.OrderBy(item => item.Number))
            packer._waiting.Add(item);
        return packer;
    }

    /// <summary>A packer of the caller's own items that goes on where another one stopped.</summary>
    /// <typeparam name="T">The caller's item.</typeparam>
    /// <param name="state">What <see cref="StreamingPacker{T}.Save"/> gave.</param>
    /// <param name="item">The item of a number in order of arrival: asked for those that wait and those in the open bin.</param>
    /// <param name="size">Size of an item, from 0 to the capacity.</param>
    /// <exception cref="ArgumentNullException">An argument is <see langword="null"/>.</exception>
    /// <exception cref="ArgumentException">
    /// No packer can be in that state, or an item has another size than it had; the message says why.
    /// </exception>
    public static StreamingPacker<T> Resume<T>(StreamingState state, Func<long, T> item, Func<T, long> size)
    {
        ArgumentNullException.ThrowIfNull(item);
        return new StreamingPacker<T>(state, item, size);
    }

    /// <summary>What the packer was made with.</summary>
    public StreamingOptions Options { get; }

    /// <summary>Number of items that have arrived; the next one gets this number.</summary>
    public long Arrived { get; private set; }

    /// <summary>Number of items that wait outside any bin.</summary>
    public int Waiting => _waiting.Count;

    /// <summary>"1000 items, 256 of them waiting".</summary>
    public override string ToString() => $"{Plural.Of(Arrived, "item")}, {Waiting} of them waiting";

    /// <summary>Takes the next item.</summary>
    /// <param name="size">Its size, from 0 to the capacity.</param>
    /// <returns>The bin that it completed, if any.</returns>
    /// <exception cref="ArgumentOutOfRangeException">
    /// The size is out of its range; the message names the item. The packer is as before.
    /// </exception>
    public StreamedBin? Add(long size)
    {
        if (size < 0 || size > Options.Capacity)
            throw new ArgumentOutOfRangeException(nameof(size), size, $"Item {Arrived} has size {size}, outside 0..{Options.Capacity}.");
        _waiting.Add(new StreamedItem(Arrived++, size));
        return Waiting > Options.PoolSize || IsOverdue(_waiting.Oldest) ? Take() : null;
    }

    /// <summary>Takes every item of a stream and hands out each bin as soon as it is complete, the last ones at the end.</summary>
    /// <param name="sizes">Sizes in order of arrival; read one at a time, as bins are asked for.</param>
    /// <exception cref="ArgumentOutOfRangeException">A size is out of its range; the message names the item.</exception>
    public IEnumerable<StreamedBin> Pack(IEnumerable<long> sizes)
    {
        ArgumentNullException.ThrowIfNull(sizes);
        return Packed();

        IEnumerable<StreamedBin> Packed()
        {
            foreach (var size in sizes)
                if (Add(size) is { } bin)
                    yield return bin;
            foreach (var bin in Flush())
                yield return bin;
        }
    }

    /// <summary>Packs everything that waits, and completes the open bin. The packer can go on afterwards.</summary>
    public IReadOnlyList<StreamedBin> Flush()
    {
        List<StreamedBin> bins = [];
        while (Waiting > 0)
            if (Take() is { } bin)
                bins.Add(bin);
        if (_open.Count > 0)
            bins.Add(Close());
        return bins;
    }

    /// <summary>Everything that the packer remembers. O(waiting items).</summary>
    public StreamingState Save() => new(Options, Arrived, [.. _waiting.ByAge()], [.. _open]);

    private bool IsOverdue(StreamedItem item) => Arrived - 1 - item.Number > Options.MaxAge;

    /// <summary>Moves one waiting item into a bin.</summary>
    /// <returns>The bin that had to be completed for it, if any.</returns>
    private StreamedBin? Take()
    {
        var residual = _open.Count == Options.MaxItemsPerBin ? -1 : _residual;
        StreamedItem next;
        if (IsOverdue(_waiting.Oldest))
            next = _waiting.TakeOldest();
        else if (!_waiting.TryTakeLargest(residual, out next))
            _waiting.TryTakeLargest(Options.Capacity, out next);
        var completed = next.Size > residual ? Close() : null;
        Put(next);
        return completed;
    }

    private void Put(StreamedItem item)
    {
        _open.Add(item);
        _residual -= item.Size;
    }

    private StreamedBin Close()
    {
        var numbers = new long[_open.Count];
        for (var i = 0; i < numbers.Length; i++)
            numbers[i] = _open[i].Number;
        var bin = new StreamedBin(new ValueList<long>(numbers), Options.Capacity - _residual);
        _open.Clear();
        _residual = Options.Capacity;
        return bin;
    }
}

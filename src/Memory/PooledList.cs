namespace PackingKit;

/// <summary>A list over rented memory: in which code that allocates nothing grows its working state.</summary>
internal ref struct PooledList<T>(int capacity)
{
    private T[] _items = ArrayPool<T>.Shared.Rent(capacity);

    public int Count { get; private set; }

    public readonly Span<T> Items => _items.AsSpan(0, Count);

    public void Add(T item)
    {
        if (Count == _items.Length)
            Grow(ref _items);
        _items[Count++] = item;
    }

    public void Insert(int index, T item)
    {
        Add(item);
        Items[index..^1].CopyTo(Items[(index + 1)..]);
        _items[index] = item;
    }

    /// <summary>Cuts the list after its first items.</summary>
    public void Truncate(int count) => Count = count;

    public readonly void Dispose() => ArrayPool<T>.Shared.Return(_items);

    /// <summary>Replaces a full rented array by one of twice its length.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)] // seldom called; inlined it makes the loops of a plan half as slow again
    public static void Grow(ref T[] items)
    {
        var larger = ArrayPool<T>.Shared.Rent(2 * items.Length);
        items.CopyTo(larger, 0);
        ArrayPool<T>.Shared.Return(items);
        items = larger;
    }
}

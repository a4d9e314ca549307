namespace PackingKit;

/// <summary>Copies of one type of item in a bin.</summary>
internal record struct BinEntry(int Type, long Count);

/// <summary>What is in a bin that is being filled: each type once, in the order in which it came. In rented memory.</summary>
internal ref struct BinContent()
{
    private PooledList<BinEntry> _entries = new(32);

    public readonly Span<BinEntry> Entries => _entries.Items;

    public void Clear() => _entries.Truncate(0);

    public void Add(int type, long count)
    {
        foreach (ref var entry in _entries.Items)
        {
            if (entry.Type != type)
                continue;
            entry.Count += count;
            return;
        }
        _entries.Add(new BinEntry(type, count));
    }

    /// <summary>Takes back one item of the type that came last.</summary>
    public void RemoveLast()
    {
        if (--_entries.Items[^1].Count == 0)
            _entries.Truncate(_entries.Count - 1);
    }

    public readonly void Dispose() => _entries.Dispose();
}

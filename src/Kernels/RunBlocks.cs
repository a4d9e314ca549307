using System.Buffers;

namespace PackingKit.Kernels;

/// <summary>
/// Open runs in bin order, in blocks that know their largest room: the next run with room for a size is found by two short scans, and a run splits by moving at most a
/// block. O(runs / 1000) vector steps a look-up.
/// </summary>
internal ref struct RunBlocks
{
    private const int BlockSize = 128;

    private PooledList<long> _most = new(64); // by block in bin order, as the next two
    private PooledList<int> _counts = new(64);
    private PooledList<int> _starts = new(64); // where the block's entries begin
    private long[] _rooms = ArrayPool<long>.Shared.Rent(16 * BlockSize); // -1 beyond a block's entries is never read
    private Run[] _runs = ArrayPool<Run>.Shared.Rent(16 * BlockSize);
    private int _used;

    public RunBlocks()
    {
    }

    public readonly ref readonly Run this[Position at] => ref _runs[_starts.Items[at.Block] + at.Slot];

    /// <summary>Goes to the first run with room for a size, from a position on.</summary>
    public readonly bool Find(ref Position at, long size)
    {
        while (at.Block < _most.Count)
        {
            // Only the block that the position stands in may have its fitting runs behind the position.
            if (at.Slot == 0)
            {
                var ahead = Rooms.First(_most.Items[at.Block..], size);
                if (ahead < 0)
                    return false;
                at.Block += ahead;
            }
            var found = Rooms.First(RoomsOf(at.Block)[at.Slot..], size);
            if (found >= 0)
            {
                at.Slot += found;
                return true;
            }
            at = new Position { Block = at.Block + 1 };
        }
        return false;
    }

    /// <summary>Puts what came of a run in its place, and the position behind it.</summary>
    public void Replace(ref Position at, in Fitting fitting, long smallest)
    {
        if (_counts.Items[at.Block] + 2 > BlockSize)
            Split(ref at);
        Remove(at);
        Insert(ref at, fitting.Filled, smallest);
        Insert(ref at, fitting.Partial, smallest);
        Insert(ref at, fitting.Untouched, smallest);
        _most.Items[at.Block] = Rooms.Most(RoomsOf(at.Block));
    }

    /// <summary>Puts what came of new bins behind all runs.</summary>
    public void Append(in Fitting fitting, long smallest)
    {
        if (_most.Count == 0 || _counts.Items[^1] + 2 > BlockSize)
            NewBlock(_most.Count);
        var at = new Position { Block = _most.Count - 1, Slot = _counts.Items[^1] };
        Insert(ref at, fitting.Filled, smallest);
        Insert(ref at, fitting.Partial, smallest);
        _most.Items[at.Block] = Rooms.Most(RoomsOf(at.Block));
    }

    public readonly void Dispose()
    {
        _most.Dispose();
        _counts.Dispose();
        _starts.Dispose();
        ArrayPool<long>.Shared.Return(_rooms);
        ArrayPool<Run>.Shared.Return(_runs);
    }

    private readonly Span<long> RoomsOf(int block) => _rooms.AsSpan(_starts.Items[block], _counts.Items[block]);

    private readonly void Insert(ref Position at, in Run run, long smallest)
    {
        if (!run.IsOpenTo(smallest))
            return;
        var (start, count) = (_starts.Items[at.Block], _counts.Items[at.Block]++);
        var (from, length) = (start + at.Slot, count - at.Slot);
        _rooms.AsSpan(from, length).CopyTo(_rooms.AsSpan(from + 1));
        _runs.AsSpan(from, length).CopyTo(_runs.AsSpan(from + 1));
        (_rooms[from], _runs[from]) = (run.Room, run);
        at.Slot++;
    }

    private readonly void Remove(Position at)
    {
        var (start, count) = (_starts.Items[at.Block], --_counts.Items[at.Block]);
        var (from, length) = (start + at.Slot, count - at.Slot);
        _rooms.AsSpan(from + 1, length).CopyTo(_rooms.AsSpan(from));
        _runs.AsSpan(from + 1, length).CopyTo(_runs.AsSpan(from));
    }

    /// <summary>The second half of a block becomes a block of its own.</summary>
    private void Split(ref Position at)
    {
        const int half = BlockSize / 2;
        NewBlock(at.Block + 1);
        var (from, to) = (_starts.Items[at.Block] + half, _starts.Items[at.Block + 1]);
        var moved = _counts.Items[at.Block] - half;
        _rooms.AsSpan(from, moved).CopyTo(_rooms.AsSpan(to));
        _runs.AsSpan(from, moved).CopyTo(_runs.AsSpan(to));
        (_counts.Items[at.Block], _counts.Items[at.Block + 1]) = (half, moved);
        _most.Items[at.Block] = Rooms.Most(RoomsOf(at.Block));
        _most.Items[at.Block + 1] = Rooms.Most(RoomsOf(at.Block + 1));
        if (at.Slot >= half)
            at = new Position { Block = at.Block + 1, Slot = at.Slot - half };
    }

    private void NewBlock(int place)
    {
        if (_used + BlockSize > Math.Min(_rooms.Length, _runs.Length))
        {
            Grow(ref _rooms);
            Grow(ref _runs);
        }
        _most.Insert(place, Rooms.Closed);
        _counts.Insert(place, 0);
        _starts.Insert(place, _used);
        _used += BlockSize;
    }

    private readonly void Grow<T>(ref T[] entries)
    {
        var larger = ArrayPool<T>.Shared.Rent(2 * (_used + BlockSize));
        entries.AsSpan(0, _used).CopyTo(larger);
        ArrayPool<T>.Shared.Return(entries);
        entries = larger;
    }

    /// <summary>A place among the runs; the default is the first.</summary>
    public struct Position
    {
        public int Block, Slot;
    }
}

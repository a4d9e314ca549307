using System.Buffers;
using System.Diagnostics;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace PackingKit;

/// <summary>
/// Open runs in bin order, in blocks that know their largest room: the next run with room for a size is found by two short scans. A run
/// that closes leaves its slot, and one that splits takes the next closed slot of its block, so little moves. O(runs / 500) vector steps a
/// look-up.
/// </summary>
internal ref struct RunBlocks
{
    private const int BlockSize = 64;

    private PooledList<long> _most = new(64); // by block in bin order, as the next two
    private PooledList<int> _counts = new(64); // all slots from there on are closed
    private PooledList<int> _starts = new(64); // where the block's slots begin
    private long[] _rooms = ArrayPool<long>.Shared.Rent(32 * BlockSize);
    private Run[] _runs = ArrayPool<Run>.Shared.Rent(32 * BlockSize);
    private int _used;

    public RunBlocks()
    {
    }

    public readonly ref readonly Run this[Position at] => ref _runs[_starts.Items[at.Block] + at.Slot];

    /// <summary>Goes to the first run with room for a size, from a position on.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)] // inlined into the loops of a plan, its own calls would no longer be
    public readonly bool Find(ref Position at, long size)
    {
        while (at.Block < _most.Count)
        {
            // Only the block that the position stands in may have its fitting runs behind the position.
            if (at.Slot == 0)
            {
                var ahead = ResidualVectors.First(_most.Items[at.Block..], size);
                if (ahead < 0)
                    return false;
                at.Block += ahead;
            }
            if (FirstFrom(at, size) is >= 0 and var found)
            {
                at.Slot = found;
                return true;
            }
            at = new Position { Block = at.Block + 1 };
        }
        return false;
    }

    /// <summary>Puts what came of a run in its place, and the position behind it.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public void Replace(ref Position at, in Fitting fitting, long smallest)
    {
        Set(at, ResidualVectors.Closed);
        Put(ref at, fitting.Filled, smallest);
        Put(ref at, fitting.Partial, smallest);
        Put(ref at, fitting.Untouched, smallest);
        _most.Items[at.Block] = ResidualVectors.Most(RoomsOf(at.Block));
    }

    /// <summary>Puts what came of new bins behind all runs.</summary>
    public void Append(in Fitting fitting, long smallest)
    {
        if (_most.Count == 0 || _counts.Items[^1] + 2 > BlockSize)
            NewBlock(_most.Count);
        var at = new Position { Block = _most.Count - 1, Slot = _counts.Items[^1] };
        Put(ref at, fitting.Filled, smallest);
        Put(ref at, fitting.Partial, smallest);
        _most.Items[at.Block] = ResidualVectors.Most(RoomsOf(at.Block));
    }

    public readonly void Dispose()
    {
        _most.Dispose();
        _counts.Dispose();
        _starts.Dispose();
        ArrayPool<long>.Shared.Return(_rooms);
        ArrayPool<Run>.Shared.Return(_runs);
    }

    private readonly Span<long> RoomsOf(int block) => _rooms.AsSpan(_starts.Items[block], BlockSize);

    /// <summary>
    /// The first slot of a block, from one on, whose room is not below a size, or -1. Reads whole vectors as <see cref="Set"/> writes them.
    /// </summary>
    private readonly int FirstFrom(Position at, long size)
    {
        Debug.Assert(BlockSize % Vector512<long>.Count == 0 && _starts.Items[at.Block] + BlockSize <= _rooms.Length);
        ref var rooms = ref _rooms[_starts.Items[at.Block]];
        var sizes = Vector512.Create(size);
        var ahead = ulong.MaxValue << (at.Slot % Vector512<long>.Count);
        for (var slot = at.Slot - (at.Slot % Vector512<long>.Count); slot < BlockSize; slot += Vector512<long>.Count)
        {
            var fits = Vector512.GreaterThanOrEqual(
                Vector512.LoadUnsafe(ref rooms, (nuint)slot), sizes).ExtractMostSignificantBits() & ahead;
            if (fits != 0)
                return slot + BitOperations.TrailingZeroCount(fits);
            ahead = ulong.MaxValue;
        }
        return -1;
    }

    private readonly void Set(Position at, long room) => SmallBatch.Set(RoomsOf(at.Block), at.Slot, room);

    /// <summary>Puts a run, if it is open, at a position, which goes on to the next slot.</summary>
    private void Put(ref Position at, in Run run, long smallest)
    {
        if (!run.IsOpenTo(smallest))
            return;
        if (at.Slot == BlockSize || _rooms[_starts.Items[at.Block] + at.Slot] != ResidualVectors.Closed)
            MakeRoom(ref at);
        Set(at, run.Room);
        _runs[_starts.Items[at.Block] + at.Slot++] = run;
        _counts.Items[at.Block] = Math.Max(_counts.Items[at.Block], at.Slot);
    }

    /// <summary>Moves what stands at a position and behind it into the next closed slot of the block, or into a new block.</summary>
    private void MakeRoom(ref Position at)
    {
        var closed = at.Slot == BlockSize ? -1 : RoomsOf(at.Block)[at.Slot..].IndexOf(ResidualVectors.Closed);
        if (closed >= 0)
        {
            var (from, to) = (_starts.Items[at.Block] + at.Slot, _starts.Items[at.Block] + at.Slot + 1);
            _rooms.AsSpan(from, closed).CopyTo(_rooms.AsSpan(to));
            _runs.AsSpan(from, closed).CopyTo(_runs.AsSpan(to));
            Set(at, ResidualVectors.Closed);
            _counts.Items[at.Block] = Math.Max(_counts.Items[at.Block], at.Slot + closed + 1);
            return;
        }
        // The second half of the block, or what stands behind the position if that is less, becomes a block of its own.
        var kept = Math.Max(at.Slot, BlockSize / 2);
        NewBlock(at.Block + 1);
        var (half, start) = (_starts.Items[at.Block] + kept, _starts.Items[at.Block + 1]);
        var moved = BlockSize - kept;
        _rooms.AsSpan(half, moved).CopyTo(_rooms.AsSpan(start));
        _runs.AsSpan(half, moved).CopyTo(_runs.AsSpan(start));
        _rooms.AsSpan(half, moved).Fill(ResidualVectors.Closed);
        (_counts.Items[at.Block], _counts.Items[at.Block + 1]) = (kept, moved);
        _most.Items[at.Block] = ResidualVectors.Most(RoomsOf(at.Block));
        _most.Items[at.Block + 1] = ResidualVectors.Most(RoomsOf(at.Block + 1));
        if (at.Slot == BlockSize)
            at = new Position { Block = at.Block + 1 };
        else if (at.Slot < kept)
            MakeRoom(ref at);
    }

    private void NewBlock(int place)
    {
        if (_used + BlockSize > Math.Min(_rooms.Length, _runs.Length))
        {
            Grow(ref _rooms);
            Grow(ref _runs);
        }
        _most.Insert(place, ResidualVectors.Closed);
        _counts.Insert(place, 0);
        _starts.Insert(place, _used);
        _rooms.AsSpan(_used, BlockSize).Fill(ResidualVectors.Closed);
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

using System.Buffers;
using System.Diagnostics;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace PackingKit;

/// <summary>
/// Open runs in bin order, in blocks that know their largest residual capacity: the next run that takes a size is found by two
/// short scans. A run that closes leaves its place, and one that splits takes the next closed place of its block, so little
/// moves. O(runs / 500) vector steps per look-up.
/// </summary>
internal ref struct RunBlocks
{
    private const int BlockSize = 64;

    private PooledList<long> _maxima = new(64); // by block in bin order, as the next two
    private PooledList<int> _counts = new(64); // all places from there on are closed
    private PooledList<int> _starts = new(64); // where the block's places begin
    private long[] _residuals = ArrayPool<long>.Shared.Rent(32 * BlockSize);
    private Run[] _runs = ArrayPool<Run>.Shared.Rent(32 * BlockSize);
    private int _used;

    public RunBlocks()
    {
    }

    public readonly ref readonly Run this[Position at] => ref _runs[_starts.Items[at.Block] + at.Place];

    /// <summary>Goes to the first run that takes a size, from a position on.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)] // inlined into the loops of a plan, its own calls would no longer be
    public readonly bool Find(ref Position at, long size)
    {
        while (at.Block < _maxima.Count)
        {
            // Only the block of the position may have its fitting runs behind the position.
            if (at.Place == 0)
            {
                var ahead = ResidualVectors.First(_maxima.Items[at.Block..], size);
                if (ahead < 0)
                    return false;
                at.Block += ahead;
            }
            if (FirstFrom(at, size) is >= 0 and var found)
            {
                at.Place = found;
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
        _maxima.Items[at.Block] = ResidualVectors.Max(ResidualsOf(at.Block));
    }

    /// <summary>Puts what came of new bins behind all runs.</summary>
    public void Append(in Fitting fitting, long smallest)
    {
        if (_maxima.Count == 0 || _counts.Items[^1] + 2 > BlockSize)
            NewBlock(_maxima.Count);
        var at = new Position { Block = _maxima.Count - 1, Place = _counts.Items[^1] };
        Put(ref at, fitting.Filled, smallest);
        Put(ref at, fitting.Partial, smallest);
        _maxima.Items[at.Block] = ResidualVectors.Max(ResidualsOf(at.Block));
    }

    public readonly void Dispose()
    {
        _maxima.Dispose();
        _counts.Dispose();
        _starts.Dispose();
        ArrayPool<long>.Shared.Return(_residuals);
        ArrayPool<Run>.Shared.Return(_runs);
    }

    private readonly Span<long> ResidualsOf(int block) => _residuals.AsSpan(_starts.Items[block], BlockSize);

    /// <summary>
    /// The first place of a block, from one on, whose residual capacity is not below a size, or -1. Reads whole
    /// vectors as <see cref="Set"/> writes them.
    /// </summary>
    private readonly int FirstFrom(Position at, long size)
    {
        Debug.Assert(BlockSize % Vector512<long>.Count == 0 && _starts.Items[at.Block] + BlockSize <= _residuals.Length);
        ref var residuals = ref _residuals[_starts.Items[at.Block]];
        var sizes = Vector512.Create(size);
        var ahead = ulong.MaxValue << (at.Place % Vector512<long>.Count);
        for (var place = at.Place - (at.Place % Vector512<long>.Count); place < BlockSize; place += Vector512<long>.Count)
        {
            var fits = Vector512.GreaterThanOrEqual(
                Vector512.LoadUnsafe(ref residuals, (nuint)place), sizes).ExtractMostSignificantBits() & ahead;
            if (fits != 0)
                return place + BitOperations.TrailingZeroCount(fits);
            ahead = ulong.MaxValue;
        }
        return -1;
    }

    private readonly void Set(Position at, long residual) => SmallBatch.Set(ResidualsOf(at.Block), at.Place, residual);

    /// <summary>Puts a run, if it is open, at a position, which goes on to the next place.</summary>
    private void Put(ref Position at, in Run run, long smallest)
    {
        if (!run.IsOpenTo(smallest))
            return;
        if (at.Place == BlockSize || _residuals[_starts.Items[at.Block] + at.Place] != ResidualVectors.Closed)
            FreePlace(ref at);
        Set(at, run.Residual);
        _runs[_starts.Items[at.Block] + at.Place++] = run;
        _counts.Items[at.Block] = Math.Max(_counts.Items[at.Block], at.Place);
    }

    /// <summary>Moves what is at a position and behind it into the next closed place of the block, or into a new block.</summary>
    private void FreePlace(ref Position at)
    {
        var closed = at.Place == BlockSize ? -1 : ResidualsOf(at.Block)[at.Place..].IndexOf(ResidualVectors.Closed);
        if (closed >= 0)
        {
            var (from, to) = (_starts.Items[at.Block] + at.Place, _starts.Items[at.Block] + at.Place + 1);
            _residuals.AsSpan(from, closed).CopyTo(_residuals.AsSpan(to));
            _runs.AsSpan(from, closed).CopyTo(_runs.AsSpan(to));
            Set(at, ResidualVectors.Closed);
            _counts.Items[at.Block] = Math.Max(_counts.Items[at.Block], at.Place + closed + 1);
            return;
        }
        // The second half of the block, or what is behind the position if that is less, becomes a block of its own.
        var kept = Math.Max(at.Place, BlockSize / 2);
        NewBlock(at.Block + 1);
        var (half, start) = (_starts.Items[at.Block] + kept, _starts.Items[at.Block + 1]);
        var moved = BlockSize - kept;
        _residuals.AsSpan(half, moved).CopyTo(_residuals.AsSpan(start));
        _runs.AsSpan(half, moved).CopyTo(_runs.AsSpan(start));
        _residuals.AsSpan(half, moved).Fill(ResidualVectors.Closed);
        (_counts.Items[at.Block], _counts.Items[at.Block + 1]) = (kept, moved);
        _maxima.Items[at.Block] = ResidualVectors.Max(ResidualsOf(at.Block));
        _maxima.Items[at.Block + 1] = ResidualVectors.Max(ResidualsOf(at.Block + 1));
        if (at.Place == BlockSize)
            at = new Position { Block = at.Block + 1 };
        else if (at.Place < kept)
            FreePlace(ref at);
    }

    private void NewBlock(int place)
    {
        if (_used + BlockSize > Math.Min(_residuals.Length, _runs.Length))
        {
            Grow(ref _residuals);
            Grow(ref _runs);
        }
        _maxima.Insert(place, ResidualVectors.Closed);
        _counts.Insert(place, 0);
        _starts.Insert(place, _used);
        _residuals.AsSpan(_used, BlockSize).Fill(ResidualVectors.Closed);
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
        public int Block, Place;
    }
}

using System.Buffers;
using System.Runtime.CompilerServices;

namespace PackingKit.Kernels;

/// <summary>
/// Rooms by bin index with the largest of every 64, of every 64 of those and so on: the first bin with room for a size by one short scan a
/// level.
/// </summary>
internal struct FirstFitTree
{
    private const int Bits = 6;
    private const int Width = 1 << Bits;
    private const int MostLevels = 6; // 64^6 bins are more than an array can hold

    private readonly long[] _rooms;
    private readonly int _levels;
    private Bounds _starts; // of each level, the bins themselves first
    private int _bins;

    public FirstFitTree(int mostBins)
    {
        var length = 0;
        for (var nodes = mostBins; ; nodes = (nodes + Width - 1) >> Bits)
        {
            _starts[_levels++] = length;
            length = checked(length + ((nodes + Width - 1) & -Width));
            if (nodes <= Width)
                break;
        }
        _rooms = ArrayPool<long>.Shared.Rent(length);
    }

    public readonly int Bins => _bins;

    /// <summary>The first bin with room for a size, or -1.</summary>
    public readonly int Find(long size)
    {
        var at = 0;
        for (var level = _levels - 1; level >= 0; level--)
        {
            if (_bins == 0 || Rooms.First(Block(level, at), size) is not (>= 0 and var found))
                return -1;
            at = (at << Bits) | found;
        }
        return at;
    }

    public readonly long this[int bin] => _rooms[bin];

    /// <summary>A new bin, behind all others.</summary>
    public int Open(long room)
    {
        var bin = _bins++;
        // The first bin of a block finds what the memory held before.
        for (int level = 0, at = bin; level < _levels && (at & (Width - 1)) == 0; level++, at >>= Bits)
            Block(level, at >> Bits).Fill(Rooms.Closed);
        Set(bin, room);
        return bin;
    }

    public readonly void Set(int bin, long room)
    {
        _rooms[bin] = room;
        for (int level = 1, at = bin >> Bits; level < _levels; level++, at >>= Bits)
        {
            var most = Rooms.Most(Block(level - 1, at));
            ref var known = ref _rooms[_starts[level] + at];
            if (known == most)
                return;
            known = most;
        }
    }

    public readonly void Dispose() => ArrayPool<long>.Shared.Return(_rooms);

    private readonly Span<long> Block(int level, int block) => _rooms.AsSpan(_starts[level] + (block << Bits), Width);

    [InlineArray(MostLevels)]
    private struct Bounds
    {
        private int _first;
    }
}

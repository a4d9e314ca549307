using System.Buffers;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace PackingKit;

/// <summary>
/// Residual capacities by bin index, with the largest of every vector of them, of every vector of those and so on: the first bin that takes
/// a size by one comparison per level.
/// </summary>
internal struct FirstFitTree<TResidual>
    where TResidual : struct, IBinaryInteger<TResidual>
{
    private const int MaxLevels = 12; // eight to a vector, 8^11 bins are more than an array can hold

    private readonly TResidual[] _residuals;
    private readonly int _levels;
    private Bounds _starts; // of each level, the bins themselves first
    private int _bins;

    public FirstFitTree(int maxBins)
    {
        var length = 0;
        for (var nodes = maxBins; ; nodes = (nodes + Width - 1) >> Bits)
        {
            _starts[_levels++] = length;
            length = checked(length + ((nodes + Width - 1) & -Width));
            if (nodes <= Width)
                break;
        }
        // From a cache line on, so that no vector straddles two: that costs a quarter to a third of the time.
        _residuals = ArrayPool<TResidual>.Shared.Rent(length + Width);
        var skipped = ElementsToCacheLine(_residuals);
        for (var level = 0; level < _levels; level++)
            _starts[level] += skipped;
    }

    private static int Width => Vector512<TResidual>.Count;

    private static int Bits => BitOperations.Log2((uint)Vector512<TResidual>.Count);

    public readonly int Bins => _bins;

    /// <summary>The first bin that takes a size, or -1.</summary>
    public readonly int Find(TResidual size)
    {
        if (_bins == 0)
            return -1;
        var sizes = Vector512.Create(size);
        var at = 0;
        for (var level = _levels - 1; level >= 0; level--)
        {
            var fits = Vector512.GreaterThanOrEqual(Load(level, at), sizes).ExtractMostSignificantBits();
            if (fits == 0)
                return -1; // at the top: what a node promises, one below it has
            at = (at << Bits) | BitOperations.TrailingZeroCount(fits);
        }
        return at;
    }

    public readonly TResidual this[int bin] => _residuals[_starts[0] + bin];

    /// <summary>A new bin, behind all others.</summary>
    public int Open(TResidual residual)
    {
        var bin = _bins++;
        // The first bin of a block finds what the memory held before.
        for (int level = 0, at = bin; level < _levels && (at & (Width - 1)) == 0; level++, at >>= Bits)
            Block(level, at >> Bits).Fill(-TResidual.One);
        Set(bin, residual);
        return bin;
    }

    public readonly void Set(int bin, TResidual residual)
    {
        for (int level = 0, at = bin; ; level++, at >>= Bits)
        {
            SmallBatch.Set(Block(level, at >> Bits), at & (Width - 1), residual);
            if (level == _levels - 1)
                return;
            residual = ResidualVectors.Max(Load(level, at >> Bits));
            if (_residuals[_starts[level + 1] + (at >> Bits)] == residual)
                return;
        }
    }

    public readonly void Dispose() => ArrayPool<TResidual>.Shared.Return(_residuals);

    private readonly Vector512<TResidual> Load(int level, int block) => Vector512.Create<TResidual>(Block(level, block));

    private readonly Span<TResidual> Block(int level, int block) => _residuals.AsSpan(_starts[level] + (block << Bits), Width);

    /// <summary>Holds until the array is moved, which costs speed only.</summary>
    private static unsafe int ElementsToCacheLine(TResidual[] memory)
    {
        var address = (nuint)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(memory));
        return (int)((nuint)(-(nint)address) % (nuint)Vector512<byte>.Count) / Unsafe.SizeOf<TResidual>();
    }

    [InlineArray(MaxLevels)]
    private struct Bounds
    {
        private int _first;
    }
}

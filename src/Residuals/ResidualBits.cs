namespace PackingKit;

/// <summary>
/// A set of numbers from 0 to at most 2^20, with the next member at or above a number: a bitset with three levels of summaries.
/// </summary>
internal struct ResidualBits
{
    public const int MaxMember = 1 << 20;

    private const int Levels = 4;
    private readonly ulong[] _words;
    private Bounds _starts; // of each level in the words, then the end

    public ResidualBits(int max)
    {
        for (var level = 0; level < Levels; level++)
            _starts[level + 1] = _starts[level] + (max >> (6 * (level + 1))) + 1;
        _words = ArrayPool<ulong>.Shared.Rent(_starts[Levels]);
        _words.AsSpan(0, _starts[Levels]).Clear();
    }

    /// <summary>Adds a number; tells whether it was a member before.</summary>
    public readonly bool Add(int member)
    {
        var bit = 1UL << member;
        var held = (_words[member >> 6] & bit) != 0;
        for (var level = 0; level < Levels; level++, member >>= 6)
        {
            ref var word = ref _words[_starts[level] + (member >> 6)];
            var summarised = word != 0;
            word |= 1UL << member;
            if (summarised)
                break;
        }
        return held;
    }

    public readonly void Remove(int member)
    {
        for (var level = 0; level < Levels; level++, member >>= 6)
            if ((_words[_starts[level] + (member >> 6)] &= ~(1UL << member)) != 0)
                return;
    }

    /// <summary>The least member that is not below a number, or -1.</summary>
    public readonly int Next(int number)
    {
        for (var level = 0; level < Levels; level++, number = (number >> 6) + 1)
        {
            var at = _starts[level] + (number >> 6);
            if (at >= _starts[level + 1])
                return -1;
            if ((_words[at] & (ulong.MaxValue << number)) is not 0 and var bits)
                return Descend(level, (number & ~63) | BitOperations.TrailingZeroCount(bits));
        }
        return -1;
    }

    /// <summary>The largest member, or -1.</summary>
    public readonly int Last()
    {
        var at = 0;
        for (var level = Levels - 1; level >= 0; level--)
        {
            var bits = _words[_starts[level] + at];
            if (bits == 0)
                return -1;
            at = (at << 6) | BitOperations.Log2(bits);
        }
        return at;
    }

    public readonly void Dispose() => ArrayPool<ulong>.Shared.Return(_words);

    private readonly int Descend(int level, int at)
    {
        while (level-- > 0)
            at = (at << 6) | BitOperations.TrailingZeroCount(_words[_starts[level] + at]);
        return at;
    }

    [InlineArray(Levels + 1)]
    private struct Bounds
    {
        private int _first;
    }
}

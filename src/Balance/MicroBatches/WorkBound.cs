namespace PackingKit;

/// <summary>What the micro-batch with the most work has at least, when a number of them share the samples under a token cap.</summary>
/// <remarks>
/// The larger of <see cref="BalancingBound"/> and of what the room allows. Take samples of which any two are above the cap together: each
/// has a batch of its own. If no batch has more work than w, the batch of a sample of l tokens has at most T(l) tokens, those for which
/// a·T + b·(l² + q(T - l)) is no more than w, and the other batches at most T(0); none more than the cap. q is the least sum of squares
/// that so many tokens can have: the shortest samples', the last one cut. Where all that room is less than the tokens, w is too little.
/// </remarks>
internal sealed class WorkBound
{
    private readonly long[] _descending;
    private readonly long _cap;
    private readonly WorkModel _work;
    private readonly Int128[] _tokens, _squares; // of the shortest samples
    private readonly int _apart; // samples at the front of which no two share a batch

    /// <param name="descending">Lengths of the samples, none above the cap, in decreasing order.</param>
    /// <param name="cap">The most tokens in a batch.</param>
    /// <param name="work">The work of a sample; their total is within the range of <see cref="long"/>.</param>
    public WorkBound(long[] descending, long cap, WorkModel work)
    {
        (_descending, _cap, _work) = (descending, cap, work);
        (_tokens, _squares) = (new Int128[descending.Length + 1], new Int128[descending.Length + 1]);
        for (var i = 0; i < descending.Length; i++)
        {
            var length = descending[^(i + 1)];
            (_tokens[i + 1], _squares[i + 1]) = (_tokens[i] + length, _squares[i] + ((Int128)length * length));
        }
        while (_apart < descending.Length && (_apart == 0 || descending[_apart] > cap - descending[_apart - 1]))
            _apart++;
    }

    /// <summary>The bound for a number of batches. O(n log n + n log cap log n log work) at worst.</summary>
    /// <param name="batches">Number of micro-batches, at least 1; all samples have room in them.</param>
    public long Compute(int batches)
    {
        var low = BalancingBound.Compute(Array.ConvertAll(_descending, _work.Of), batches);
        Int128 high = low;
        while (!HasRoom(batches, high))
            high += high - low + 1;
        // Room grows with the work, and the bound is the least work that has it.
        Int128 none = low - 1;
        while (high - none > 1)
        {
            var middle = none + ((high - none) / 2);
            (none, high) = HasRoom(batches, middle) ? (none, middle) : (middle, high);
        }
        return (long)Int128.Max(low, high);
    }

    private bool HasRoom(int batches, Int128 work)
    {
        Int128 room = 0;
        for (var i = 0; i < Math.Min(_apart, batches); i++)
        {
            if (Room(_descending[i], work) is var tokens && tokens < 0)
                return false;
            room += tokens;
        }
        return room + (Math.Max(0, batches - _apart) * Int128.Max(0, Room(0, work))) >= _tokens[^1];
    }

    /// <summary>The most tokens of a batch that begins with a sample; -1 where that alone is too much work.</summary>
    private Int128 Room(long length, Int128 work)
    {
        var (low, high) = (length - 1, _cap);
        while (low < high)
        {
            var tokens = high - ((high - low) / 2);
            var least = (_work.PerToken * (Int128)tokens)
                + (_work.PerSquare * (((Int128)length * length) + LeastSquares(tokens - length)));
            (low, high) = least <= work ? (tokens, high) : (low, tokens - 1);
        }
        return low < length ? -1 : low;
    }

    /// <summary>The least sum of squares of samples, or parts of them, that have so many tokens.</summary>
    private Int128 LeastSquares(long tokens)
    {
        var whole = Array.BinarySearch(_tokens, tokens);
        if (whole >= 0)
            return _squares[whole];
        whole = ~whole - 1;
        return whole == _descending.Length ? _squares[whole]
            : _squares[whole] + ((tokens - _tokens[whole]) * _descending[^(whole + 1)]);
    }
}

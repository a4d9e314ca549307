namespace PackingKit;

/// <summary>
/// Takes patterns of a complete list so that every demand is met exactly, depth first: of the types still wanted, the one with the fewest
/// patterns left for each item comes next, and of its patterns the one whose types have the fewest others. Where bins must be full, each
/// choice takes most of the others away, and this finds packings that linear programs do not lead to.
/// </summary>
/// <remarks>
/// The rule of the fewest choices is that of D. E. Knuth, Dancing Links, 2000. A run that takes too long is given up for another, with
/// other ties (C. P. Gomes, B. Selman, H. Kautz, 1998).
/// </remarks>
internal sealed class ExactCover
{
    private readonly IReadOnlyList<Pattern> _patterns;
    private readonly long[] _demands;
    private readonly long _bins;
    private readonly SearchContext _context;
    private readonly Random _random;
    private readonly List<(int Pattern, long Copies)>[] _holding; // by type

    private readonly bool[] _isOut; // patterns that the rest of the demands does not allow, or that have been tried
    private readonly List<int> _out = []; // in the order in which they went out
    private readonly int[] _ways; // patterns left that hold a type
    private readonly long[] _wanted;
    private readonly double[] _ties;
    private readonly Stack<Choice> _choices = [];

    /// <summary>A search for a packing.</summary>
    /// <param name="patterns">Every pattern that such a packing may use.</param>
    /// <param name="demands">How many of each type there are.</param>
    /// <param name="bins">The number of bins.</param>
    /// <param name="context">Seed, and when to stop.</param>
    public ExactCover(IReadOnlyList<Pattern> patterns, long[] demands, long bins, SearchContext context)
    {
        (_patterns, _demands, _bins, _context, _random) = (patterns, demands, bins, context, new Random(context.Options.Seed));
        (_isOut, _ties) = (new bool[patterns.Count], new double[patterns.Count]);
        (_ways, _wanted) = (new int[demands.Length], new long[demands.Length]);
        _holding = Array.ConvertAll(demands, _ => new List<(int, long)>());
        for (var i = 0; i < patterns.Count; i++)
            for (var j = 0; j < patterns[i].Types.Length; j++)
                _holding[patterns[i].Types[j]].Add((i, patterns[i].Copies[j]));
    }

    /// <summary>The packing, once there is one.</summary>
    public List<(Pattern Pattern, long Bins)>? Found { get; private set; }

    /// <summary>Searches from the start, a number of times.</summary>
    /// <returns>Whether there is a packing; <see langword="null"/> where no run came to its end.</returns>
    public bool? Run(int runs)
    {
        for (var run = 0; run < runs && Found is null && !_context.Stop; run++)
            if (Run() == false)
                return false;
        return Found is null ? null : true;
    }

    private bool? Run()
    {
        Begin();
        for (var nodes = SearchTuning.NodesPerCover; nodes > 0 && !_context.Stop; nodes--)
        {
            if (Next() is not { } type)
            {
                Found = [.. _choices.Select(choice => (_patterns[choice.Taken], 1L))];
                return true;
            }
            if (_choices.Count < _bins)
                _choices.Push(new Choice(Ordered(type), _out.Count));
            while (_choices.TryPeek(out var choice) && !TakeNext(choice))
                _choices.Pop();
            if (_choices.Count == 0)
                return false;
        }
        return null;
    }

    private void Begin()
    {
        _choices.Clear();
        _out.Clear();
        Array.Clear(_isOut);
        _demands.CopyTo(_wanted, 0);
        for (var type = 0; type < _ways.Length; type++)
            _ways[type] = _holding[type].Count;
        foreach (ref var tie in _ties.AsSpan())
            tie = SearchTuning.CoverNoise * _random.NextDouble();
    }

    /// <summary>The type to place next; none where all are placed.</summary>
    private int? Next()
    {
        int? best = null;
        for (var type = 0; type < _wanted.Length; type++)
            if (_wanted[type] > 0 && (best is not { } other || _ways[type] * _wanted[other] < _ways[other] * _wanted[type]))
                best = type;
        return best;
    }

    /// <summary>The patterns left that hold a type, those first whose types are in few others.</summary>
    private int[] Ordered(int type)
    {
        var order = _holding[type].Where(entry => !_isOut[entry.Pattern]).Select(entry => entry.Pattern).ToArray();
        Array.Sort(Array.ConvertAll(order, pattern => _ties[pattern] - _patterns[pattern].Types.Sum(held => 1.0 / _ways[held])), order);
        return order;
    }

    /// <summary>Takes the next pattern of a choice in place of the last, which is out as long as the choice stands.</summary>
    /// <returns>Whether there is one that leaves each type wanted a pattern; else everything is as before the choice.</returns>
    private bool TakeNext(Choice choice)
    {
        var isOpen = choice.Next == 0 || PutBack(choice);
        while (isOpen && choice.Next < choice.Order.Length)
        {
            choice.Next++;
            if (Take(_patterns[choice.Taken]))
                return true;
            isOpen = PutBack(choice);
        }
        Restore(choice.Begin);
        return false;
    }

    /// <summary>Whether each type that is wanted still has a pattern.</summary>
    private bool Take(Pattern pattern)
    {
        for (var i = 0; i < pattern.Types.Length; i++)
            _wanted[pattern.Types[i]] -= pattern.Copies[i];
        var isOpen = true;
        foreach (var type in pattern.Types)
            foreach (var (other, copies) in _holding[type])
                if (copies > _wanted[type] && !_isOut[other])
                    isOpen &= Exclude(other);
        return isOpen;
    }

    private bool PutBack(Choice choice)
    {
        Restore(choice.Begin + choice.Next - 1); // those tried before
        var pattern = _patterns[choice.Taken];
        for (var i = 0; i < pattern.Types.Length; i++)
            _wanted[pattern.Types[i]] += pattern.Copies[i];
        return Exclude(choice.Taken);
    }

    /// <summary>Whether each type of a pattern that goes out still has another, where it is wanted.</summary>
    private bool Exclude(int pattern)
    {
        _isOut[pattern] = true;
        _out.Add(pattern);
        var isOpen = true;
        foreach (var type in _patterns[pattern].Types)
            isOpen &= --_ways[type] > 0 || _wanted[type] == 0;
        return isOpen;
    }

    /// <summary>Brings back the patterns that went out last.</summary>
    private void Restore(int count)
    {
        for (var i = _out.Count - 1; i >= count; i--)
        {
            _isOut[_out[i]] = false;
            foreach (var type in _patterns[_out[i]].Types)
                _ways[type]++;
        }
        _out.RemoveRange(count, _out.Count - count);
    }

    /// <summary>A type that is placed, and by which patterns that may be done.</summary>
    /// <param name="order">The patterns, in the order in which they are tried.</param>
    /// <param name="begin">How many patterns were out before.</param>
    private sealed class Choice(int[] order, int begin)
    {
        public int[] Order { get; } = order;

        public int Begin { get; } = begin;

        /// <summary>How many have been tried.</summary>
        public int Next { get; set; }

        public int Taken => Order[Next - 1];
    }
}

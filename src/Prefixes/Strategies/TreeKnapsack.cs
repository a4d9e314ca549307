namespace PackingKit;

/// <summary>
/// The pass that is worth most under prices of the leaves: a knapsack on a tree, where a node may be taken only after its parent (Johnson,
/// Niemi 1983). Entry (node, room) is the most that the nodes from one on, in depth-first order, add to a pass that has the node's parent
/// and so much room: the node is taken, or its subtree is skipped.
/// </summary>
/// <remarks>
/// Prices are integers held in doubles below 2^53, so nothing rounds. Room counts in units; where all lengths have no common divisor that
/// makes the table small enough, a unit is several tokens and lengths are rounded down to it: then entries are upper bounds.
/// O(nodes * units) time and memory.
/// </remarks>
internal sealed class TreeKnapsack
{
    private readonly PrefixProblem _problem;
    private readonly int[] _leafOf, _units, _skip; // by node that is kept; a node that is no leaf has leaf -1
    private readonly long[] _lengths;
    private readonly int _stride;
    private readonly double[] _table;
    private readonly double[] _worth;

    public TreeKnapsack(PrefixProblem problem)
    {
        _problem = problem;
        var forest = problem.Forest;
        int[] nodes = [.. Enumerable.Range(0, forest.NodeCount).Where(problem.IsKept)];
        var placeOf = new int[forest.NodeCount + 1];
        for (int node = forest.NodeCount, place = nodes.Length; node >= 0; node--)
            placeOf[node] = place > 0 && node <= nodes[place - 1] ? --place : place;
        _lengths = Array.ConvertAll(nodes, node => (long)forest[node].Length);
        var divisor = _lengths.Aggregate(0L, Gcd);
        var maxUnits = Math.Max(1, (SearchTuning.MaxTableEntries / (nodes.Length + 1)) - 1);
        Unit = Math.Max(divisor, Integers.CeilingDivide(problem.Budget, maxUnits));
        _units = Array.ConvertAll(_lengths, length => (int)(length / Unit));
        _skip = Array.ConvertAll(nodes, node => placeOf[forest[node].SubtreeEnd]);
        _leafOf = new int[nodes.Length];
        _leafOf.AsSpan().Fill(-1);
        for (var leaf = 0; leaf < problem.Leaves.Length; leaf++)
            _leafOf[placeOf[problem.Leaves[leaf]]] = leaf;
        _stride = (int)(problem.Budget / Unit) + 1;
        _table = GC.AllocateUninitializedArray<double>(checked((nodes.Length + 1) * _stride));
        _worth = new double[nodes.Length];
    }

    /// <summary>Tokens of one unit of room.</summary>
    private long Unit { get; }

    /// <summary>Entries of all tables computed until now.</summary>
    public long Entries { get; private set; }

    /// <summary>Computes the table; the most that a pass can be worth, or more where lengths are rounded.</summary>
    public double Build(ReadOnlySpan<long> prices)
    {
        for (var place = 0; place < _worth.Length; place++)
            _worth[place] = _leafOf[place] < 0 ? 0 : prices[_leafOf[place]];
        Entries += _table.Length;
        Row(_worth.Length).Clear();
        for (var place = _worth.Length - 1; place >= 0; place--)
        {
            Span<double> to = Row(place), skip = Row(_skip[place]), take = Row(place + 1);
            var shift = _units[place];
            // A leaf that is worth nothing is in the way only.
            if (shift >= _stride || (_leafOf[place] >= 0 && _worth[place] == 0))
            {
                skip.CopyTo(to);
                continue;
            }
            skip[..shift].CopyTo(to);
            Shift(skip[shift..], take[..^shift], to[shift..], _worth[place]);
        }
        return Row(0)[^1];
    }

    /// <summary>The leaves of the best pass, as far as they fit in tokens that are not rounded.</summary>
    public int[] Best()
    {
        List<int> leaves = [];
        List<(int Skip, long Tokens)> path = []; // the nodes taken above the place, with the tokens that no leaf has paid yet
        var (room, tokens) = (_stride - 1, _problem.Budget);
        for (var place = 0; place < _worth.Length;)
        {
            while (path.Count > 0 && path[^1].Skip <= place)
                path.RemoveAt(path.Count - 1);
            if (Row(place)[room] == Row(_skip[place])[room])
            {
                place = _skip[place];
                continue;
            }
            room -= _units[place];
            path.Add((_skip[place], _lengths[place]));
            if (_leafOf[place] >= 0 && path.Sum(node => node.Tokens) is var missing && missing <= tokens)
            {
                leaves.Add(_leafOf[place]);
                tokens -= missing;
                path = path.ConvertAll(node => (node.Skip, 0L));
            }
            place++;
        }
        return [.. leaves];
    }

    /// <summary>
    /// Every set of leaves that is worth so much under the prices of the last table, leaves in order; where lengths are rounded, also some
    /// that do not fit. <see langword="null"/> where there are more than so many.
    /// </summary>
    public List<int[]>? AllWorth(double least, int most)
    {
        List<int[]> sets = [];
        List<int> leaves = [];
        return From(0, _stride - 1, 0, owes: 0) ? sets : null;

        // A node that is taken owes a leaf below it: before the place at which its subtree ends.
        bool From(int place, int room, double worth, int owes)
        {
            if (worth + _table[(place * _stride) + room] < least || (owes > 0 && place >= owes))
                return true;
            if (place == _worth.Length)
            {
                sets.Add([.. leaves]);
                return sets.Count <= most;
            }
            if (_units[place] <= room && (_leafOf[place] < 0 || _worth[place] > 0))
            {
                var isLeaf = _leafOf[place] >= 0;
                if (isLeaf)
                    leaves.Add(_leafOf[place]);
                if (!From(place + 1, room - _units[place], worth + _worth[place], isLeaf ? 0 : _skip[place]))
                    return false;
                if (isLeaf)
                    leaves.RemoveAt(leaves.Count - 1);
            }
            return From(_skip[place], room, worth, owes);
        }
    }

    private Span<double> Row(int place) => _table.AsSpan(place * _stride, _stride);

    private static void Shift(ReadOnlySpan<double> skip, ReadOnlySpan<double> take, Span<double> to, double worth)
    {
        var added = new Vector<double>(worth);
        var at = 0;
        for (; at + Vector<double>.Count <= to.Length; at += Vector<double>.Count)
            Vector.Max(new Vector<double>(skip[at..]), new Vector<double>(take[at..]) + added).CopyTo(to[at..]);
        for (; at < to.Length; at++)
            to[at] = Math.Max(skip[at], take[at] + worth);
    }

    private static long Gcd(long a, long b) => b == 0 ? a : Gcd(b, a % b);
}

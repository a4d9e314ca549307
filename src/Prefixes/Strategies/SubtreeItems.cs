namespace PackingKit;

/// <summary>Assigns items to bins of one capacity.</summary>
/// <returns>The number of bins.</returns>
internal delegate int BinAssignment(ReadOnlySpan<long> sizes, BinLimits capacity, Span<int> binOfItem);

/// <summary>One run of <see cref="SubtreePacking"/>: subtrees up to a part of the room are groups, all nodes above are split.</summary>
internal sealed class SubtreeItems(PrefixProblem problem, int parts, BinAssignment assign, CancellationToken cancellationToken)
{
    private readonly PrefixForest _forest = problem.Forest;

    // What is open, as a stack on which the items of a subtree stand together: tokens with the path from the root, and a number.
    private readonly List<(long Tokens, int Item)> _open = [];

    // The item that each item went into, itself where it is still open.
    private readonly List<int> _into = [];

    // Each group with its item, the last one in the forest first.
    private readonly List<(int Node, int Item)> _groups = [];

    // The number of open items of each subtree that is packed, but whose parent is not.
    private readonly List<int> _opened = [];

    private long[] _sizes = [];
    private int[] _binOfItem = [];

    public (int[] PassOfLeaf, int Passes) Pack()
    {
        var visited = Split();
        // From the last node to the first, so that all below a node is packed before it.
        for (var at = visited.Count - 1; at >= 0; at--)
        {
            if (at % PrefixRun.PromptsBetweenLooks == 0)
                cancellationToken.ThrowIfCancellationRequested();
            var (node, children) = visited[at];
            if (children > 0)
            {
                PackTop(Take(children), _forest.EndOf(node), Fits(node) ? parts : 1);
                continue;
            }
            _groups.Add((node, _into.Count));
            _open.Add((_forest.StartOf(node) + problem.TokensOfSubtree(node), _into.Count));
            _into.Add(_into.Count);
            _opened.Add(1);
        }
        PackTop(_open.Count, 0, 1);
        return Number();
    }

    /// <summary>
    /// The nodes that are split or groups, in depth-first order, with the number of their children among them: 0 for groups.
    /// </summary>
    private List<(int Node, int Children)> Split()
    {
        List<(int Node, int Children)> visited = [];
        var place = new int[_forest.NodeCount];
        for (var node = 0; node < _forest.NodeCount;)
        {
            if (!problem.IsKept(node))
            {
                node = _forest.SubtreeEnds[node];
                continue;
            }
            if (_forest.Parents[node] is >= 0 and var parent)
                visited[place[parent]] = (parent, visited[place[parent]].Children + 1);
            place[node] = visited.Count;
            visited.Add((node, 0));
            node = IsGroup(node) ? _forest.SubtreeEnds[node] : node + 1;
        }
        return visited;
    }

    private bool IsGroup(int node)
    {
        var leaves = problem.LeavesBelow(node);
        return leaves.End.Value - leaves.Start.Value == 1
            || problem.TokensOfSubtree(node) <= (problem.Budget - _forest.StartOf(node)) / parts;
    }

    /// <summary>Whether one pass could hold the whole subtree.</summary>
    private bool Fits(int node) => problem.TokensOfSubtree(node) <= problem.Budget - _forest.StartOf(node);

    /// <summary>Open items of the last subtrees, together.</summary>
    private int Take(int subtrees)
    {
        var first = _opened.Count - subtrees;
        var items = 0;
        foreach (var count in CollectionsMarshal.AsSpan(_opened)[first..])
            items += count;
        _opened.RemoveRange(first, subtrees);
        return items;
    }

    /// <summary>
    /// Packs the last items into the room behind a path that they share; of a subtree that is cut though it fits, into a part of it, so
    /// that the pieces stay small until they are packed above.
    /// </summary>
    private void PackTop(int count, int path, int partsOfRoom)
    {
        var first = _open.Count - count;
        var items = CollectionsMarshal.AsSpan(_open)[first..];
        var room = (problem.Budget - path) / partsOfRoom;
        foreach (var item in items)
            room = Math.Max(room, item.Tokens - path);
        if (!MayMerge(items, path, room))
        {
            _opened.Add(count);
            return;
        }
        if (_sizes.Length < count)
            (_sizes, _binOfItem) = (new long[2 * count], new int[2 * count]);
        for (var i = 0; i < count; i++)
            _sizes[i] = items[i].Tokens - path;
        var bins = assign(_sizes.AsSpan(..count), room, _binOfItem.AsSpan(..count));
        var firstInto = _into.Count;
        for (var bin = 0; bin < bins; bin++)
            _into.Add(_into.Count);
        var tokens = new long[bins];
        for (var i = 0; i < count; i++)
        {
            _into[items[i].Item] = firstInto + _binOfItem[i];
            tokens[_binOfItem[i]] += _sizes[i];
        }
        _open.RemoveRange(first, count);
        for (var bin = 0; bin < bins; bin++)
            _open.Add((tokens[bin] + path, firstInto + bin));
        _opened.Add(bins);
    }

    /// <summary>Whether the two smallest items fit together; if not, no two do.</summary>
    private static bool MayMerge(ReadOnlySpan<(long Tokens, int Item)> items, int path, long room)
    {
        var (smallest, second) = (long.MaxValue, long.MaxValue);
        foreach (var (tokens, _) in items)
            (smallest, second) = tokens < smallest ? (tokens, smallest) : (smallest, Math.Min(second, tokens));
        return second < long.MaxValue && smallest - path <= room - (second - path);
    }

    /// <summary>Passes in the order of their first leaves.</summary>
    private (int[] PassOfLeaf, int Passes) Number()
    {
        // Items go into later ones: from the last to the first, each finds where it ends.
        for (var item = _into.Count - 1; item >= 0; item--)
            _into[item] = _into[_into[item]];
        var passOfItem = new int[_into.Count];
        passOfItem.AsSpan().Fill(PrefixResult.NoPass);
        var passOfLeaf = new int[problem.Leaves.Length];
        var passes = 0;
        for (var group = _groups.Count - 1; group >= 0; group--)
        {
            ref var pass = ref passOfItem[_into[_groups[group].Item]];
            if (pass == PrefixResult.NoPass)
                pass = passes++;
            passOfLeaf.AsSpan(problem.LeavesBelow(_groups[group].Node)).Fill(pass);
        }
        return (passOfLeaf, passes);
    }
}

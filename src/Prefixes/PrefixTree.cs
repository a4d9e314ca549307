namespace PackingKit;

/// <summary>
/// Builds the runs of a forest from prompts in order and what neighbours share: first every branching point, then, from the top down, the
/// nodes in depth-first order without shared runs that are too short.
/// </summary>
internal sealed class PrefixTree
{
    private readonly int _minShared;

    // Branching points, as they are found: at most two for each prompt. Ends are in symbols, then in tokens.
    private readonly int[] _parents, _ends, _sources, _firsts;
    private readonly int[] _pointOfPrompt;
    private int _count;

    private PrefixTree(int prompts, int minShared)
    {
        var points = (int)Math.Min(2L * prompts, Array.MaxLength);
        (_parents, _ends, _sources, _firsts) = (new int[points], new int[points], new int[points], new int[points]);
        (_pointOfPrompt, _minShared) = (new int[prompts], minShared);
    }

    /// <summary>Parent, end in tokens and source prompt of each node, in depth-first order.</summary>
    public List<(int Parent, int End, int Source)> Nodes { get; private set; } = [];

    /// <summary>The node at which each prompt ends.</summary>
    public int[] NodeOfPrompt => _pointOfPrompt;

    public static PrefixTree Build<TRows>(TRows rows, int minShared)
        where TRows : struct, IPromptRows
    {
        var tree = new PrefixTree(rows.Count, minShared);
        var (order, shared) = PrefixSort.Sort(rows);
        // Read once, one after the other: in their order the prompts lie all over the memory.
        var lengths = new int[rows.Count];
        for (var prompt = 0; prompt < lengths.Length; prompt++)
            lengths[prompt] = rows.Length(prompt);
        tree.FindPoints(lengths, order, shared);
        for (var point = 0; point < tree._count; point++)
            tree._ends[point] = rows.Tokens(tree._sources[point], tree._ends[point]);
        tree.WalkDepthFirst();
        return tree;
    }

    /// <summary>The path to the last prompt stands on a stack; the next prompt leaves it where the two differ.</summary>
    private void FindPoints(int[] lengths, int[] order, int[] shared)
    {
        Stack<int> path = new();
        for (var i = 0; i < order.Length; i++)
        {
            var prompt = order[i];
            while (path.TryPeek(out var top) && _ends[top] > shared[i])
            {
                path.Pop();
                if ((path.TryPeek(out var above) ? _ends[above] : 0) < shared[i])
                {
                    // The two differ inside this run: it is cut there.
                    path.Push(Add(_parents[top], shared[i], _sources[top]));
                    _parents[top] = _count - 1;
                }
                Report(top);
            }
            if (!path.TryPeek(out var last) || _ends[last] < lengths[prompt])
                path.Push(last = Add(path.Count > 0 ? last : -1, lengths[prompt], prompt));
            _pointOfPrompt[prompt] = last;
            _firsts[last] = Math.Min(_firsts[last], prompt);
        }
        while (path.TryPop(out var point))
            Report(point);

        void Report(int point)
        {
            if (_parents[point] >= 0)
                _firsts[_parents[point]] = Math.Min(_firsts[_parents[point]], _firsts[point]);
        }
    }

    private int Add(int parent, int end, int source)
    {
        (_parents[_count], _ends[_count], _sources[_count], _firsts[_count]) = (parent, end, source, int.MaxValue);
        return _count++;
    }

    /// <summary>
    /// Siblings in the order of their first prompts. A run that is shared but too short is given to each that continues it, and to the
    /// prompts that end with it.
    /// </summary>
    private void WalkDepthFirst()
    {
        var (nextSibling, lastChild) = SiblingsFromTheLast();
        var nodeOfPoint = new int[_count];
        var endsHere = new bool[_count];
        foreach (var point in _pointOfPrompt)
            endsHere[point] = true;
        Nodes = new(_count);
        Stack<(int Point, int Parent)> open = new();
        OpenAll(lastChild[^1], -1);
        while (open.TryPop(out var at))
        {
            var (point, parent) = at;
            var start = parent < 0 ? 0 : Nodes[parent].End;
            var isShort = lastChild[point] >= 0 && _ends[point] - start < _minShared;
            if (!isShort || endsHere[point])
            {
                nodeOfPoint[point] = Nodes.Count;
                Nodes.Add((parent, _ends[point], _sources[point]));
            }
            OpenAll(lastChild[point], isShort ? parent : nodeOfPoint[point]);
        }
        for (var prompt = 0; prompt < _pointOfPrompt.Length; prompt++)
            _pointOfPrompt[prompt] = nodeOfPoint[_pointOfPrompt[prompt]];

        void OpenAll(int child, int parent)
        {
            for (; child >= 0; child = nextSibling[child])
                open.Push((child, parent));
        }
    }

    /// <summary>
    /// The children of each point as a linked list from the one whose first prompt is last; at the end of the heads stands that of the
    /// roots.
    /// </summary>
    private (int[] Next, int[] Heads) SiblingsFromTheLast()
    {
        // Counting sort by first prompt, of which several points (one below the other) may have the same.
        var starts = new int[_pointOfPrompt.Length + 1];
        for (var point = 0; point < _count; point++)
            starts[_firsts[point] + 1]++;
        for (var prompt = 0; prompt < _pointOfPrompt.Length; prompt++)
            starts[prompt + 1] += starts[prompt];
        var byFirst = new int[_count];
        for (var point = 0; point < _count; point++)
            byFirst[starts[_firsts[point]]++] = point;

        var (next, heads) = (new int[_count], new int[_count + 1]);
        heads.AsSpan().Fill(-1);
        foreach (var point in byFirst)
        {
            ref var head = ref heads[_parents[point] < 0 ? ^1 : _parents[point]];
            (next[point], head) = (head, point);
        }
        return (next, heads);
    }
}

namespace PackingKit;

/// <summary>
/// Open runs by residual capacity, for any capacity: a treap keyed by residual, then bin index, with a hash of the bin index for its heap
/// order. O(log runs) expected, deterministic.
/// </summary>
internal struct ResidualTree() : IResidualIndex
{
    private const int None = -1;
    private Node[] _nodes = ArrayPool<Node>.Shared.Rent(256);
    private int _count;
    private int _free = None;
    private int _root = None;

    public void Add(in Run run)
    {
        var node = _free;
        if (node != None)
            _free = _nodes[node].Left;
        else if ((node = _count++) == _nodes.Length)
            PooledList<Node>.Grow(ref _nodes);
        _nodes[node] = new Node { Run = run, Priority = Hash(run.FirstBin) };
        Insert(ref _root, node);
    }

    public bool TryTakeMin(long size, out Run run)
    {
        var found = None;
        for (var node = _root; node != None;)
            (found, node) = _nodes[node].Run.Residual >= size ? (node, _nodes[node].Left) : (found, _nodes[node].Right);
        return TryTake(found, out run);
    }

    public readonly long MaxResidual()
    {
        var last = _root;
        while (last != None && _nodes[last].Right != None)
            last = _nodes[last].Right;
        return last == None ? -1 : _nodes[last].Run.Residual;
    }

    public bool TryTakeMax(long size, out Run run)
    {
        var max = MaxResidual();
        if (max >= 0 && max >= size)
            return TryTakeMin(max, out run);
        run = default;
        return false;
    }

    public readonly void Dispose() => ArrayPool<Node>.Shared.Return(_nodes);

    private bool TryTake(int node, out Run run)
    {
        if (node == None)
        {
            run = default;
            return false;
        }
        run = _nodes[node].Run;
        Remove(ref _root, node);
        _nodes[node].Left = _free;
        _free = node;
        return true;
    }

    private readonly void Insert(ref int root, int node)
    {
        ref var at = ref root;
        ref readonly var key = ref _nodes[node].Run;
        while (at != None && _nodes[at].Priority >= _nodes[node].Priority)
            at = ref key.IsBefore(_nodes[at].Run) ? ref _nodes[at].Left : ref _nodes[at].Right;
        // Split what hangs here into what goes before and after the new node.
        var rest = at;
        at = node;
        ref var left = ref _nodes[node].Left;
        ref var right = ref _nodes[node].Right;
        while (rest != None)
        {
            if (_nodes[rest].Run.IsBefore(key))
            {
                left = rest;
                left = ref _nodes[rest].Right;
                rest = left;
            }
            else
            {
                right = rest;
                right = ref _nodes[rest].Left;
                rest = right;
            }
        }
        left = None;
        right = None;
    }

    private readonly void Remove(ref int root, int node)
    {
        ref var at = ref root;
        while (at != node)
            at = ref _nodes[node].Run.IsBefore(_nodes[at].Run) ? ref _nodes[at].Left : ref _nodes[at].Right;
        var (left, right) = (_nodes[node].Left, _nodes[node].Right);
        while (left != None && right != None)
        {
            if (_nodes[left].Priority >= _nodes[right].Priority)
            {
                at = left;
                at = ref _nodes[left].Right;
                left = at;
            }
            else
            {
                at = right;
                at = ref _nodes[right].Left;
                right = at;
            }
        }
        at = left != None ? left : right;
    }

    private static uint Hash(long bin)
    {
        var x = (ulong)bin * 0x9E3779B97F4A7C15;
        x ^= x >> 32;
        x *= 0xD6E8FEB86659FD93;
        return (uint)(x >> 32);
    }

    private struct Node
    {
        public Run Run;
        public int Left, Right;
        public uint Priority;
    }
}

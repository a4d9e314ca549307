namespace PackingKit;

/// <summary>
/// Open runs by residual capacity, for capacities up to 2^20: a bitset of the residuals that occur, and for each a skew heap by bin index.
/// A few steps to find a residual, O(log runs) amortised to find the first of the runs that share it.
/// </summary>
internal struct ResidualClasses : IResidualIndex
{
    public const int MaxCapacity = ResidualBits.MaxMember;

    private const int None = -1;
    private readonly ResidualBits _residuals;
    private readonly int[] _heaps; // by residual, meaningful where the residual is in the bitset
    private Node[] _nodes = ArrayPool<Node>.Shared.Rent(256);
    private int _count;
    private int _free = None;

    public ResidualClasses(long capacity)
    {
        _residuals = new ResidualBits((int)capacity);
        _heaps = ArrayPool<int>.Shared.Rent((int)capacity + 1);
    }

    public void Add(in Run run)
    {
        var node = _free;
        if (node != None)
            _free = _nodes[node].Left;
        else if ((node = _count++) == _nodes.Length)
            PooledList<Node>.Grow(ref _nodes);
        _nodes[node] = new Node { Run = run, Left = None, Right = None };

        var residual = (int)run.Residual;
        _heaps[residual] = _residuals.Add(residual) ? Merge(_heaps[residual], node) : node;
    }

    public bool TryTakeMin(long size, out Run run) => TryTake(_residuals.Next((int)size), out run);

    public readonly long MaxResidual() => _residuals.Last();

    public bool TryTakeMax(long size, out Run run)
    {
        var residual = _residuals.Last();
        return TryTake(residual >= size ? residual : None, out run);
    }

    public readonly void Dispose()
    {
        _residuals.Dispose();
        ArrayPool<int>.Shared.Return(_heaps);
        ArrayPool<Node>.Shared.Return(_nodes);
    }

    private bool TryTake(int residual, out Run run)
    {
        if (residual == None)
        {
            run = default;
            return false;
        }
        var node = _heaps[residual];
        run = _nodes[node].Run;
        var rest = Merge(_nodes[node].Left, _nodes[node].Right);
        _heaps[residual] = rest;
        if (rest == None)
            _residuals.Remove(residual);
        _nodes[node].Left = _free;
        _free = node;
        return true;
    }

    /// <summary>Merges two skew heaps along their right spines, from the top.</summary>
    private readonly int Merge(int a, int b)
    {
        var root = None;
        ref var at = ref root;
        while (a != None && b != None)
        {
            if (_nodes[b].Run.FirstBin < _nodes[a].Run.FirstBin)
                (a, b) = (b, a);
            at = a;
            ref var node = ref _nodes[a];
            a = node.Right;
            node.Right = node.Left;
            at = ref node.Left;
        }
        at = a != None ? a : b;
        return root;
    }

    private struct Node
    {
        public Run Run;
        public int Left, Right;
    }
}

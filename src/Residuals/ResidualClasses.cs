using System.Buffers;

namespace PackingKit;

/// <summary>
/// Open runs by room for capacities up to 2^20: a bitset of the rooms there are, and a skew heap by bin index for each. A few steps for a
/// room, O(log runs) amortised for a run of many with the same room.
/// </summary>
internal struct ResidualClasses : IResidualIndex
{
    public const int MaxCapacity = ResidualBits.Most;

    private const int None = -1;
    private readonly ResidualBits _rooms;
    private readonly int[] _heaps; // by room, meaningful where the room is in the bitset
    private Node[] _nodes = ArrayPool<Node>.Shared.Rent(256);
    private int _count;
    private int _free = None;

    public ResidualClasses(long capacity)
    {
        _rooms = new ResidualBits((int)capacity);
        _heaps = ArrayPool<int>.Shared.Rent((int)capacity + 1);
    }

    public void Add(in Run run)
    {
        var node = _free;
        if (node != None)
            _free = _nodes[node].Left;
        else if ((node = _count++) == _nodes.Length)
            Grow();
        _nodes[node] = new Node { Run = run, Left = None, Right = None };

        var room = (int)run.Room;
        _heaps[room] = _rooms.Add(room) ? Merge(_heaps[room], node) : node;
    }

    public bool TryTakeMin(long size, out Run run) => TryTake(_rooms.Next((int)size), out run);

    public bool TryTakeMax(long size, out Run run)
    {
        var room = _rooms.Last();
        return TryTake(room >= size ? room : None, out run);
    }

    public readonly void Dispose()
    {
        _rooms.Dispose();
        ArrayPool<int>.Shared.Return(_heaps);
        ArrayPool<Node>.Shared.Return(_nodes);
    }

    private bool TryTake(int room, out Run run)
    {
        if (room == None)
        {
            run = default;
            return false;
        }
        var node = _heaps[room];
        run = _nodes[node].Run;
        var rest = Merge(_nodes[node].Left, _nodes[node].Right);
        _heaps[room] = rest;
        if (rest == None)
            _rooms.Remove(room);
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

    private void Grow()
    {
        var larger = ArrayPool<Node>.Shared.Rent(2 * _nodes.Length);
        _nodes.AsSpan().CopyTo(larger);
        ArrayPool<Node>.Shared.Return(_nodes);
        _nodes = larger;
    }

    private struct Node
    {
        public Run Run;
        public int Left, Right;
    }
}

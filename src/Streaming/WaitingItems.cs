namespace PackingKit;

/// <summary>
/// The items that wait: a treap in decreasing size, oldest first, whose nodes are also a list in order of arrival. Nodes are entries of one
/// array and are used again, so that a pool that has reached its size allocates nothing.
/// </summary>
internal sealed class WaitingItems
{
    private const int None = -1;

    private Node[] _nodes = [];
    private int _root = None, _free = None, _used;
    private int _oldest = None, _newest = None;

    public int Count { get; private set; }

    /// <summary>The item that arrived first; there must be one.</summary>
    public StreamedItem Oldest => _nodes[_oldest].Item;

    /// <summary>All items in order of arrival.</summary>
    public IEnumerable<StreamedItem> ByAge()
    {
        for (var node = _oldest; node != None; node = _nodes[node].Later)
            yield return _nodes[node].Item;
    }

    /// <summary>Adds an item that is later than all others.</summary>
    public void Add(StreamedItem item)
    {
        var node = Take();
        _nodes[node] = new Node { Item = item, Above = None, Below = None, Earlier = _newest, Later = None };
        if (_newest == None)
            _oldest = node;
        else
            _nodes[_newest].Later = node;
        _newest = node;
        Insert(ref _root, node);
        Count++;
    }

    /// <summary>Takes the item that arrived first.</summary>
    public StreamedItem TakeOldest() => Remove(_oldest);

    /// <summary>Takes the largest item of at most a size, the oldest of these.</summary>
    public bool TryTakeLargest(long size, out StreamedItem item)
    {
        var (node, found) = (_root, None);
        while (node != None)
            if (_nodes[node].Item.Size <= size)
                (found, node) = (node, _nodes[node].Above);
            else
                node = _nodes[node].Below;
        item = found == None ? default : Remove(found);
        return found != None;
    }

    private StreamedItem Remove(int node)
    {
        ref var place = ref _root;
        while (place != node)
            place = ref Precedes(node, place) ? ref _nodes[place].Above : ref _nodes[place].Below;
        var removed = _nodes[node];
        place = Join(removed.Above, removed.Below);

        if (removed.Earlier == None)
            _oldest = removed.Later;
        else
            _nodes[removed.Earlier].Later = removed.Later;
        if (removed.Later == None)
            _newest = removed.Earlier;
        else
            _nodes[removed.Later].Earlier = removed.Earlier;

        _nodes[node].Later = _free;
        _free = node;
        Count--;
        return removed.Item;
    }

    private void Insert(ref int place, int node)
    {
        // The walk ends where the new node has the higher priority; what hangs there is cut at its key.
        ref var at = ref place;
        while (at != None && Priority(at) >= Priority(node))
            at = ref Precedes(node, at) ? ref _nodes[at].Above : ref _nodes[at].Below;
        var rest = at;
        at = node;
        ref var above = ref _nodes[node].Above;
        ref var below = ref _nodes[node].Below;
        while (rest != None)
            if (Precedes(rest, node))
            {
                above = rest;
                above = ref _nodes[rest].Below;
                rest = above;
            }
            else
            {
                below = rest;
                below = ref _nodes[rest].Above;
                rest = below;
            }
        (above, below) = (None, None);
    }

    private int Join(int above, int below)
    {
        if (above == None || below == None)
            return above == None ? below : above;
        if (Priority(above) >= Priority(below))
        {
            _nodes[above].Below = Join(_nodes[above].Below, below);
            return above;
        }
        _nodes[below].Above = Join(above, _nodes[below].Above);
        return below;
    }

    private bool Precedes(int first, int second)
    {
        var (a, b) = (_nodes[first].Item, _nodes[second].Item);
        return a.Size != b.Size ? a.Size > b.Size : a.Number < b.Number;
    }

    /// <summary>A number that looks random and is always the same for an item, which keeps the tree flat (Fibonacci hashing).</summary>
    private ulong Priority(int node)
    {
        var mixed = (ulong)_nodes[node].Item.Number * 0x9E3779B97F4A7C15;
        return (mixed ^ (mixed >> 32)) * 0xD6E8FEB86659FD93;
    }

    private int Take()
    {
        if (_free != None)
        {
            var node = _free;
            _free = _nodes[node].Later;
            return node;
        }
        if (_used == _nodes.Length)
            Array.Resize(ref _nodes, Math.Max(16, 2 * _used));
        return _used++;
    }

    private struct Node
    {
        public StreamedItem Item;
        public int Above, Below; // in the tree: items that go before this one, and after it
        public int Earlier, Later; // by arrival; of a free node the next free one
    }
}

namespace PackingKit;

/// <summary>
/// Karmarkar and Karp's method: of partitions of some items each, the two whose loads differ most are joined, heavy bins of one with light
/// bins of the other, until one is left.
/// </summary>
/// <param name="items">Number of items.</param>
/// <param name="bins">Number of bins.</param>
internal sealed class Differencing(int items, int bins)
{
    // Items that share a bin are a tree: leaves are items, an inner node joins two groups.
    private readonly List<(int Left, int Right)> _joins = [];
    private readonly PriorityQueue<Group[], (long Evenness, int Age)> _partitions = new();
    private int _age;

    /// <summary>A partition to begin with.</summary>
    /// <param name="loads">At most one item for each bin, in decreasing cost.</param>
    public void Add(ReadOnlySpan<(long Cost, int Item)> loads)
    {
        var partition = new Group[loads.Length];
        for (var i = 0; i < loads.Length; i++)
            partition[i] = new Group(loads[i].Cost, loads[i].Item);
        Offer(partition);
    }

    /// <summary>Joins what was added.</summary>
    /// <returns>The bin of each item.</returns>
    public int[] Run()
    {
        while (_partitions.Count > 1)
            Offer(Join(_partitions.Dequeue(), _partitions.Dequeue()));
        var binOfItem = new int[items];
        if (_partitions.Count == 1)
            Assign(_partitions.Dequeue(), binOfItem);
        return binOfItem;
    }

    private void Offer(Group[] partition) =>
        _partitions.Enqueue(partition, ((partition.Length == bins ? partition[^1].Load : 0) - partition[0].Load, _age++));

    /// <summary>Joins two partitions: the heaviest group of one with the lightest (or an empty bin) of the other, and so on.</summary>
    /// <summary>Joins two partitions: the heaviest group of one with the lightest (or an empty bin) of the other, and so on.</summary>
    private Group[] Join(Group[] a, Group[] b)
    {
        // Bin i of the first goes with bin (bins - 1 - i) of the second; those beyond the groups of a partition are empty.
        var overlap = Math.Max(0, a.Length + b.Length - bins);
        List<Group> joined = [.. a[..^overlap], .. b[..^overlap]];
        foreach (var (first, second) in a[^overlap..].Zip(b[^overlap..].Reverse()))
        {
            joined.Add(new Group(first.Load + second.Load, items + _joins.Count));
            _joins.Add((first.Node, second.Node));
        }
        joined.Sort((x, y) => x.Load != y.Load ? y.Load.CompareTo(x.Load) : x.Node.CompareTo(y.Node));
        return [.. joined];
    }

    private void Assign(Group[] partition, int[] binOfItem)
    {
        Stack<int> nodes = [];
        for (var bin = 0; bin < partition.Length; bin++)
        {
            nodes.Push(partition[bin].Node);
            while (nodes.TryPop(out var node))
            {
                if (node < items)
                {
                    binOfItem[node] = bin;
                    continue;
                }
                nodes.Push(_joins[node - items].Left);
                nodes.Push(_joins[node - items].Right);
            }
        }
    }

    /// <summary>Items that share a bin: their load and their tree.</summary>
    private readonly record struct Group(long Load, int Node);
}

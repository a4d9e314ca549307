namespace PackingKit;

/// <summary>The tree of a <see cref="Refutation"/> as a search grows it, node by node. It is given up where it becomes too large.</summary>
internal sealed class ProofTree
{
    /// <summary>Numbers in all leaves together: as JSON some megabytes.</summary>
    public const int MaxNumbers = 500_000;

    private int _numbers;

    /// <summary>The root; <see langword="null"/> where the tree is too large to be kept.</summary>
    public Node? Root { get; private set; } = new();

    /// <summary>Closes a node by prices under which <paramref name="bins"/> bins cannot hold all items.</summary>
    public void Close(Node node, ItemTypes items, SafePrices safe, long bins)
    {
        var shift = Shift(items.Demands, safe, bins);
        Write(node, items.Numbers.Max() + 1, prices =>
        {
            for (var type = 0; type < items.Count; type++)
                prices[items.Numbers[type]] = safe.Prices[type] >> shift;
        });
    }

    /// <summary>Merges pairs of which the first cannot fill a bin without the second: a price on the first closes the other case.</summary>
    /// <returns>The node where it goes on.</returns>
    public Node Force(Node node, ItemTypes items, IReadOnlyList<(int A, int B)> pairs)
    {
        var numbers = items.Numbers.Max() + 1;
        foreach (var (a, b) in pairs)
        {
            node.Branch(items, a, b);
            Write(node.Apart!, numbers++, prices => prices[items.Numbers[a]] = 1);
            node = node.Together!;
        }
        return node;
    }

    /// <summary>Merges pairs that fill a bin.</summary>
    /// <returns>The node where it goes on.</returns>
    public Node Fill(Node node, ItemTypes items, IReadOnlyList<(int A, int B)> pairs)
    {
        foreach (var (a, b) in pairs)
        {
            node.Fill(items, a, b);
            node = node.Together!;
        }
        return node;
    }

    /// <summary>
    /// The nodes in the order of <see cref="Refutation.Nodes"/>; <see langword="null"/> where one is open, or none is kept.
    /// </summary>
    public ValueList<RefutationNode>? ToNodes()
    {
        List<RefutationNode> nodes = [];
        Stack<Node?> open = new([Root]);
        while (open.TryPop(out var node))
        {
            if (node?.Content is null)
                return null;
            nodes.Add(node.Content);
            if (node.Content is RefutationNode.Leaf)
                continue;
            if (node.Content is RefutationNode.Branch)
                open.Push(node.Apart);
            open.Push(node.Together);
        }
        return nodes.ToValueList();
    }

    private void Write(Node node, int numbers, Action<long[]> fill)
    {
        if (Root is null)
            return;
        _numbers += numbers;
        if (_numbers > MaxNumbers)
        {
            Root = null;
            return;
        }
        var prices = new long[numbers];
        fill(prices);
        node.Content = new RefutationNode.Leaf([.. prices]);
    }

    /// <summary>
    /// How many binary digits of the prices may go: what is left still proves the bound, by at least half of what it is proved by. Rounded
    /// down, prices that add up to no more than a limit add up to no more than the limit rounded down.
    /// </summary>
    private static int Shift(long[] demands, SafePrices safe, long bins)
    {
        BigInteger excess = safe.Total - ((Int128)bins * safe.Limit);
        for (var shift = BitOperations.Log2((ulong)safe.Limit); shift > 0; shift--)
        {
            var limit = safe.Limit >> shift;
            var total = SafePrices.TotalOf(Array.ConvertAll(safe.Prices, price => price >> shift), demands);
            if (2 * (BigInteger)(total - ((Int128)bins * limit)) * safe.Limit >= excess * limit)
                return shift;
        }
        return 0;
    }

    /// <summary>A node of the tree.</summary>
    public sealed class Node
    {
        /// <summary>What the proof says of it; <see langword="null"/> while it is open.</summary>
        public RefutationNode? Content { get; set; }

        public Node? Together { get; private set; }

        public Node? Apart { get; private set; }

        /// <summary>Branches on two types.</summary>
        public void Branch(ItemTypes items, int a, int b) =>
            (Content, Together, Apart) = (new RefutationNode.Branch(items.Numbers[a], items.Numbers[b]), new(), new());

        /// <summary>Merges two types that fill a bin.</summary>
        public void Fill(ItemTypes items, int a, int b) =>
            (Content, Together) = (new RefutationNode.Fill(items.Numbers[a], items.Numbers[b]), new());
    }
}

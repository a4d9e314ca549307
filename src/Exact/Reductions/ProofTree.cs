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
        if (Root is null)
            return;
        var prices = new long[items.Numbers.Max() + 1];
        _numbers += prices.Length;
        if (_numbers > MaxNumbers)
        {
            Root = null;
            return;
        }
        var shift = Shift(items.Demands, safe, bins);
        for (var type = 0; type < items.Count; type++)
            prices[items.Numbers[type]] = safe.Prices[type] >> shift;
        node.Content = new RefutationNode.Leaf([.. prices]);
    }

    /// <summary>Merges pairs, one after the other, for a reason that leaves no other case.</summary>
    /// <param name="node">Where the proof stands.</param>
    /// <param name="items">The items before they are merged.</param>
    /// <param name="pairs">The pairs, no type in two of them.</param>
    /// <param name="reason">The node that says why, of two types by their numbers.</param>
    /// <returns>The node where it goes on.</returns>
    public static Node Merge(
        Node node, ItemTypes items, IReadOnlyList<(int A, int B)> pairs, Func<int, int, RefutationNode> reason)
    {
        foreach (var (a, b) in pairs)
            node = node.GoOn(reason(items.Numbers[a], items.Numbers[b]));
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

        /// <summary>Merges two types where there is no other case.</summary>
        /// <returns>The one case.</returns>
        public Node GoOn(RefutationNode reason)
        {
            (Content, Together) = (reason, new());
            return Together;
        }
    }
}

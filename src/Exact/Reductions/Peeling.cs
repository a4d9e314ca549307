namespace PackingKit;

/// <summary>
/// What need not be searched for where little may be wasted: <see cref="ForcedPairs"/> become one item each, two items that fill a bin
/// share one, and so on as long as there are such. Every step goes into the proof.
/// </summary>
/// <remarks>
/// That two items which fill a bin may share it: what stands beside the one can change places with the other (S. Martello, P. Toth, 1990).
/// It could break a conflict or an item limit, so that there must be none.
/// </remarks>
internal sealed class Peeling
{
    /// <summary>Peels what is to be packed.</summary>
    /// <param name="items">The items.</param>
    /// <param name="patterns">Patterns to begin with.</param>
    /// <param name="waste">The most that a bin may leave empty.</param>
    /// <param name="proof">Where the proof that there is no packing stands.</param>
    /// <param name="stop">When to leave it at what is done.</param>
    public Peeling(ItemTypes items, List<Pattern> patterns, long waste, ProofTree.Node proof, Func<bool> stop)
    {
        (Items, Patterns, Node) = (items, patterns, proof);
        if (items.HasConflicts || items.MaxItems != BinLimits.Unlimited)
            return;
        bool hasMerged;
        do
        {
            // Once two are merged, others may be forced to stand beside them, or fill a bin with them.
            var forced = ForcedPairs.Of(Items, waste, stop);
            Stuck = forced.Stuck;
            hasMerged = Stuck is null
                && (Merge(forced.Pairs, (a, b) => new RefutationNode.Forced(a, b))
                    || Merge(FullPairs(), (a, b) => new RefutationNode.Fill(a, b)));
        }
        while (hasMerged && !stop());
    }

    /// <summary>What is left to pack, of merged items.</summary>
    public ItemTypes Items { get; private set; }

    /// <summary>A type that nothing fills a bin with, so that there is no packing.</summary>
    public int? Stuck { get; }

    /// <summary>The patterns to begin with, of merged items.</summary>
    public List<Pattern> Patterns { get; private set; }

    /// <summary>Where the proof goes on.</summary>
    public ProofTree.Node Node { get; private set; }

    /// <summary>Merges those pairs that have no type in common, the first of them first.</summary>
    private bool Merge(IEnumerable<(int A, int B)> pairs, Func<int, int, RefutationNode> reason)
    {
        var used = new HashSet<int>();
        List<(int A, int B)> chosen = [];
        foreach (var (a, b) in pairs)
            if (!used.Contains(a) && !used.Contains(b))
            {
                used.UnionWith([a, b]);
                chosen.Add((a, b));
            }
        if (chosen.Count == 0)
            return false;
        Node = ProofTree.Merge(Node, Items, chosen, reason);
        var merged = new MergedItems(Items, chosen);
        (Items, Patterns) = (merged.Items, [.. Patterns.Select(merged.Translate).OfType<Pattern>()]);
        return true;
    }

    /// <summary>Pairs of types that fill a bin.</summary>
    private IEnumerable<(int A, int B)> FullPairs()
    {
        var (heavy, light) = (0, Items.Count - 1);
        while (heavy <= light)
        {
            var residual = Items.Capacity - Items.Weights[heavy] - Items.Weights[light];
            if (residual == 0 && Items.Demands[heavy] > (heavy == light ? 1 : 0) && Items.Demands[light] > 0)
                yield return (heavy++, light--);
            else if (residual > 0 || (residual == 0 && Items.Demands[light] == 0))
                light--;
            else
                heavy++;
        }
    }
}

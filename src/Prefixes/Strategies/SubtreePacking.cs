namespace PackingKit;

/// <summary>
/// Whole subtrees are the items, packed from the leaves up: at a node whose subtree is too large for a group, best-fit decreasing puts its
/// children, and what is left open below them, into the room behind the node's path. Subtrees stay whole up to all the room, then up to a
/// half, a quarter, ... of it, until the passes meet the bound.
/// </summary>
/// <remarks>
/// <para>Smaller groups repeat short paths and fill passes better: the fewest passes of all sizes of group are kept, of equal ones the
/// fewest tokens.</para>
/// <para>Guarantee: a beginning is computed again only in passes that hold different subtrees below it; never more passes than
/// <see cref="TreeOrder"/>, whose passes stand in where they are fewer.</para>
/// <para>Complexity: O(nodes + items · log items) for each size of group, at most seven, with the items counted at every node that is
/// split.</para>
/// </remarks>
public sealed class SubtreePacking : IPrefixStrategy
{
    /// <summary>Below a 64th of the room groups are mostly leaves.</summary>
    private const int MaxParts = 64;

    /// <inheritdoc/>
    public string Id => "subtrees";

    /// <inheritdoc/>
    public PrefixResult Pack(PrefixProblem problem, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(problem);
        var bound = PrefixBound.Tree(problem);
        var (passOfLeaf, passes) = Best(problem, bound.Passes, cancellationToken);
        return new PrefixResult(problem, Id, problem.Spread(passOfLeaf), passes, bound);
    }

    /// <summary>The fewest passes over all sizes of group.</summary>
    internal static (int[] PassOfLeaf, int Passes) Best(PrefixProblem problem, long bound, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var best = TreeOrder.Cut(problem);
        for (var parts = 1; parts <= MaxParts && best.Passes > bound; parts *= 2)
        {
            var packed = new SubtreeItems(problem, parts, cancellationToken).Pack();
            if (packed.Passes < best.Passes)
                best = packed;
        }
        return best;
    }
}

namespace PackingKit;

/// <summary>
/// Whole subtrees are the items, packed from the leaves up: at a node whose subtree is too large for a group, best-fit decreasing puts its
/// children, and what is left open below them, into the room behind the node's path. Subtrees stay whole up to all the room, then up to a
/// half, a quarter, ... of it, until the passes meet the bound.
/// </summary>
/// <remarks>
/// <para>Smaller groups repeat paths and fill passes better: the fewest passes of all sizes of group are kept.</para>
/// <para>Guarantee: never more passes than <see cref="TreeOrder"/>, whose passes stand in where the others are no fewer.</para>
/// <para>Complexity: O(nodes + items · log items) for each size of group, at most five, with the items counted at every node that is
/// split.</para>
/// </remarks>
public sealed class SubtreePacking : IPrefixStrategy
{
    /// <summary>Groups of less than a 16th of the room repeat their paths too often.</summary>
    private const int MaxParts = 16;

    /// <inheritdoc/>
    public string Id => "subtrees";

    /// <inheritdoc/>
    public PrefixResult Pack(PrefixProblem problem, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(problem);
        var bound = PrefixBound.Tree(problem);
        var (passOfLeaf, passes) = Best(problem, bound.Passes, TreeOrder.Cut(problem), BestFitDecreasing.Assign, cancellationToken);
        return new PrefixResult(problem, Id, problem.Spread(passOfLeaf), passes, bound);
    }

    /// <summary>The fewest passes over all sizes of group; those that are known where none are fewer.</summary>
    internal static (int[] PassOfLeaf, int Passes) Best(
        PrefixProblem problem, long bound, (int[] PassOfLeaf, int Passes) known, BinAssignment assign, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        for (var parts = 1; parts <= MaxParts && known.Passes > bound; parts *= 2)
        {
            var packed = new SubtreeItems(problem, parts, assign, cancellationToken).Pack();
            if (packed.Passes < known.Passes)
                known = packed;
        }
        return known;
    }
}

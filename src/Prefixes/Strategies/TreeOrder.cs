namespace PackingKit;

/// <summary>
/// Next-fit in the order of the tree: leaf after leaf joins the last pass if the tokens beyond the shared path still fit. No packing into
/// runs of neighbouring leaves has fewer passes.
/// </summary>
/// <remarks>
/// <para>Guarantee: tokens computed are at most the distinct ones and, for each pass but the first, the path at which it is cut off from
/// the one before.</para>
/// <para>Complexity: O(leaves + prompts).</para>
/// </remarks>
public sealed class TreeOrder : IPrefixStrategy
{
    /// <inheritdoc/>
    public string Id => "tree-order";

    /// <inheritdoc/>
    public PrefixResult Pack(PrefixProblem problem, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(problem);
        cancellationToken.ThrowIfCancellationRequested();
        var (passOfLeaf, passes) = Cut(problem);
        return PrefixRun.Result(this, problem, problem.Spread(passOfLeaf), passes);
    }

    internal static (int[] PassOfLeaf, int Passes) Cut(PrefixProblem problem)
    {
        ReadOnlySpan<int> leaves = problem.Leaves, shared = problem.SharedWithLast;
        var passOfLeaf = new int[leaves.Length];
        var (passes, tokens) = (0, 0L);
        for (var leaf = 0; leaf < leaves.Length; leaf++)
        {
            var end = problem.Forest.EndOf(leaves[leaf]);
            tokens += end - shared[leaf];
            if (passes == 0 || tokens > problem.Budget)
                (passes, tokens) = (passes + 1, end);
            passOfLeaf[leaf] = passes - 1;
        }
        return (passOfLeaf, passes);
    }
}

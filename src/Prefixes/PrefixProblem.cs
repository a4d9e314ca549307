namespace PackingKit;

/// <summary>
/// Prompts of a forest that are to be computed in passes of at most so many tokens, where tokens that prompts of one pass share count once,
/// and a beginning that is needed in several passes counts in each. Immutable, thread-safe.
/// </summary>
/// <remarks>
/// What counts are the leaves: a prompt that begins another one costs nothing beside it. Prompts above the budget are refused by
/// <see cref="Create"/> and left out by <see cref="CreateLeavingOut"/>; the leaves are then those of what remains.
/// </remarks>
[DebuggerDisplay("{ToString(),nq}")]
public sealed class PrefixProblem
{
    private readonly bool[] _isKept;
    private readonly int[] _leafBefore;
    private readonly long[] _tokensBefore;
    private readonly int[] _leaves, _shared;

    private PrefixProblem(PrefixForest forest, long budget, int[] leftOut)
    {
        (Forest, Budget, LeftOut) = (forest, budget, ValueList.Create<int>(leftOut));
        var count = forest.NodeCount;
        _isKept = new bool[count];
        var hasKeptChild = new bool[count];
        for (var node = count - 1; node >= 0; node--)
        {
            _isKept[node] |= forest.EndOf(node) <= budget && !forest.PromptsOf(node).IsEmpty;
            if (_isKept[node] && forest.Parents[node] is >= 0 and var parent)
                _isKept[parent] = hasKeptChild[parent] = true;
        }
        (_leafBefore, _tokensBefore) = (new int[count + 1], new long[count + 1]);
        List<int> leaves = [], shared = [];
        var branch = -1; // where the path to the next leaf leaves that to the one before it
        for (var node = 0; node < count; node++)
        {
            if (_isKept[node])
            {
                branch = branch < 0 ? forest.StartOf(node) : branch;
                if (!hasKeptChild[node])
                {
                    leaves.Add(node);
                    shared.Add(branch);
                    branch = -1;
                }
            }
            _leafBefore[node + 1] = leaves.Count;
            _tokensBefore[node + 1] = _tokensBefore[node] + (_isKept[node] ? forest.EndOf(node) - forest.StartOf(node) : 0);
        }
        (_leaves, _shared) = ([.. leaves], [.. shared]);
    }

    /// <summary>A problem over all prompts of a forest. O(nodes + prompts).</summary>
    /// <param name="forest">The prompts.</param>
    /// <param name="budget">The most tokens of a pass, at least 1.</param>
    /// <exception cref="ArgumentNullException"><paramref name="forest"/> is <see langword="null"/>.</exception>
    /// <exception cref="ArgumentOutOfRangeException">
    /// The budget is below 1, or a prompt is above it: the message names the first such prompt and its tokens.
    /// </exception>
    public static PrefixProblem Create(PrefixForest forest, long budget) =>
        Above(forest, budget) is [var first, ..] ? throw new ArgumentOutOfRangeException(
            nameof(budget), budget, $"Prompt {first} has {forest.LengthOf(first)} tokens, which is above the budget {budget}.")
        : new PrefixProblem(forest, budget, []);

    /// <summary>A problem over the prompts that fit; the others are <see cref="LeftOut"/>. O(nodes + prompts).</summary>
    /// <param name="forest">The prompts.</param>
    /// <param name="budget">The most tokens of a pass, at least 1.</param>
    /// <exception cref="ArgumentNullException"><paramref name="forest"/> is <see langword="null"/>.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The budget is below 1.</exception>
    public static PrefixProblem CreateLeavingOut(PrefixForest forest, long budget) => new(forest, budget, Above(forest, budget));

    /// <summary>The prompts.</summary>
    public PrefixForest Forest { get; }

    /// <summary>The most tokens of a pass, at least 1.</summary>
    public long Budget { get; }

    /// <summary>Prompts that are longer than the budget and in no pass, in input order.</summary>
    public ValueList<int> LeftOut { get; }

    /// <summary>Tokens of all nodes that are computed, each once: what one pass without a budget would take.</summary>
    public long DistinctTokenCount => _tokensBefore[^1];

    /// <summary>"12031 prompts into passes of 131072 tokens, 0 left out".</summary>
    public override string ToString() =>
        $"{Plural.Of(Forest.PromptCount, "prompt")} into passes of {Plural.Of(Budget, "token")}, {LeftOut.Count} left out";

    /// <summary>The nodes in which the paths end, in depth-first order.</summary>
    internal ReadOnlySpan<int> Leaves => _leaves;

    /// <summary>Tokens that the path to each leaf shares with the path to the leaf before it; the first: 0.</summary>
    internal ReadOnlySpan<int> SharedWithLast => _shared;

    /// <summary>Whether a prompt that is not left out ends at or below a node.</summary>
    internal bool IsKept(int node) => _isKept[node];

    /// <summary>The leaves at or below a node.</summary>
    internal Range LeavesBelow(int node) => _leafBefore[node].._leafBefore[Forest.SubtreeEnds[node]];

    /// <summary>Tokens of a node and all that is computed below it, each once.</summary>
    internal long TokensOfSubtree(int node) => _tokensBefore[Forest.SubtreeEnds[node]] - _tokensBefore[node];

    /// <summary>The pass of each prompt from that of each leaf; a prompt that ends at an inner node goes with the first below.</summary>
    internal int[] Spread(ReadOnlySpan<int> passOfLeaf)
    {
        var passOfPrompt = new int[Forest.PromptCount];
        for (var prompt = 0; prompt < passOfPrompt.Length; prompt++)
        {
            var node = Forest.NodeOfPrompt[prompt];
            passOfPrompt[prompt] = Forest.EndOf(node) <= Budget ? passOfLeaf[LeavesBelow(node).Start.Value] : PrefixResult.NoPass;
        }
        return passOfPrompt;
    }

    private static int[] Above(PrefixForest forest, long budget)
    {
        ArgumentNullException.ThrowIfNull(forest);
        ArgumentOutOfRangeException.ThrowIfLessThan(budget, 1);
        List<int> above = [];
        for (var prompt = 0; prompt < forest.PromptCount; prompt++)
            if (forest.LengthOf(prompt) > budget)
                above.Add(prompt);
        return [.. above];
    }
}

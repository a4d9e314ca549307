namespace PackingKit;

/// <summary>A number of passes that no packing of a <see cref="PrefixProblem"/> goes below, with its proof.</summary>
/// <param name="Passes">The bound.</param>
/// <param name="Prices">
/// Integer prices that prove it, or <see langword="null"/> where counting tokens over the tree does (<see cref="Tree"/>).
/// </param>
/// <param name="IsBySearch">
/// Whether a search that tried all that could need fewer passes is behind it: <see cref="PrefixChecker"/> does not certify it then.
/// </param>
public sealed record PrefixBound(long Passes, PrefixPrices? Prices = null, bool IsBySearch = false)
{
    /// <summary>
    /// The bound of the tree, from the leaves up: a node is needed in as many passes as the most needed of its children, and in as many as
    /// the room that is left behind its path takes to hold everything below, each node there as often as it is needed itself.
    /// O(nodes).
    /// </summary>
    /// <remarks>
    /// Never below ceil(distinct tokens / budget), nor below ceil(tokens below v / (budget - tokens up to the end of v)) for any node v.
    /// </remarks>
    /// <exception cref="ArgumentNullException"><paramref name="problem"/> is <see langword="null"/>.</exception>
    public static PrefixBound Tree(PrefixProblem problem)
    {
        ArgumentNullException.ThrowIfNull(problem);
        var forest = problem.Forest;
        // At least so many passes need something below each node; so many tokens are needed there in all passes. Last: above the roots.
        var passes = new long[forest.NodeCount + 1];
        var tokens = new Int128[forest.NodeCount + 1];
        for (var node = forest.NodeCount - 1; node >= 0; node--)
        {
            if (!problem.IsKept(node))
                continue;
            var needed = Math.Max(1, Needed(node, problem.Budget - forest.EndOf(node)));
            var parent = forest.Parents[node] < 0 ? forest.NodeCount : forest.Parents[node];
            passes[parent] = Math.Max(passes[parent], needed);
            tokens[parent] += tokens[node] + ((Int128)needed * (forest.EndOf(node) - forest.StartOf(node)));
        }
        return new PrefixBound(Needed(forest.NodeCount, problem.Budget));

        long Needed(int node, long room) =>
            tokens[node] == 0 ? 0 : Math.Max(passes[node], Integers.CeilingDivide(tokens[node], room));
    }

    /// <summary>"695 (tree)", "695 (prices)" or "695 (search)".</summary>
    public override string ToString() => $"{Passes} ({(IsBySearch ? "search" : Prices is null ? "tree" : "prices")})";
}

/// <summary>
/// Prices of prompts under which no pass can be worth more than a limit: then all prices over the limit, rounded up, is a number of passes
/// that no packing goes below. To check it, solve one knapsack over the tree.
/// </summary>
/// <param name="OfPrompt">The price of each prompt, not negative; 0 for prompts that are left out.</param>
/// <param name="Limit">The most that the prompts of one pass can be worth together, at least 1.</param>
public sealed record PrefixPrices(ValueList<long> OfPrompt, long Limit)
{
    /// <summary>The price of each prompt, not negative; 0 for prompts that are left out.</summary>
    /// <exception cref="ArgumentNullException">It is <see langword="null"/>.</exception>
    public ValueList<long> OfPrompt { get; init => field = NotNull(value); } = NotNull(OfPrompt);

    private static ValueList<long> NotNull(ValueList<long> prices) => prices ?? throw new ArgumentNullException(nameof(OfPrompt));
}

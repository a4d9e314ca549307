namespace PackingKit;

/// <summary>
/// Checks a packing of prompts that begin alike, and the bound that it claims, from the lengths of nodes alone: tokens are counted as a
/// sum over the distinct nodes of each pass, the bound of the tree is computed anew, prices are checked by a knapsack of its own.
/// </summary>
/// <remarks>
/// The knapsack keeps, from the leaves up, the (tokens, worth) pairs of a subtree that no other beats (Nemhauser, Ullmann 1969); the
/// strategies use a table. It gives up after <see cref="MaxPairs"/> pairs, and the bound is then not certified.
/// </remarks>
public static class PrefixChecker
{
    /// <summary>Pairs that are made before the check of prices gives up.</summary>
    public const long MaxPairs = 20_000_000;

    /// <summary>What holds of a result. O(nodes of all passes), and the knapsack where the bound has prices.</summary>
    /// <exception cref="ArgumentNullException"><paramref name="result"/> is <see langword="null"/>.</exception>
    public static CertificateVerdict Check(PrefixResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        var (problem, forest) = (result.Problem, result.Problem.Forest);
        var leftOut = problem.LeftOut.ToHashSet();
        var nodesOfPass = new Dictionary<int, HashSet<int>>();
        for (var prompt = 0; prompt < forest.PromptCount; prompt++)
        {
            var pass = result.PassOfPrompt[prompt];
            var isAbove = forest.LengthOf(prompt) > problem.Budget;
            if (isAbove != (pass == PrefixResult.NoPass) || isAbove != leftOut.Contains(prompt))
                return Refused($"Prompt {prompt} of {forest.LengthOf(prompt)} tokens is in pass {pass}.");
            if (pass == PrefixResult.NoPass)
                continue;
            if (!nodesOfPass.TryGetValue(pass, out var nodes))
                nodesOfPass[pass] = nodes = [];
            for (var node = forest.NodeOfPrompt[prompt]; node >= 0; node = forest[node].Parent)
                nodes.Add(node);
        }
        foreach (var (pass, nodes) in nodesOfPass)
            if (nodes.Sum(node => (long)forest[node].Length) is var tokens && tokens > problem.Budget)
                return Refused($"Pass {pass} has {tokens} tokens, above the budget {problem.Budget}.");
        if (nodesOfPass.Count != result.PassCount)
            return Refused($"There are {nodesOfPass.Count} passes, not {result.PassCount}.");

        var tree = PassesOfTree(problem);
        if (result.Bound.IsBySearch)
            return Verdict(CertificateStatus.BoundNotCertified, tree, "The packing holds; a search is behind the bound.");
        if (result.Bound.Prices is not { } prices)
            return tree >= result.Bound.Passes ? Verdict(CertificateStatus.Verified, tree, "The tree needs that many passes.")
                : Refused($"The tree needs {tree} passes, not {result.Bound.Passes}.");
        if (prices.OfPrompt.Count != forest.PromptCount || prices.Limit < 1
            || prices.OfPrompt.Where((price, prompt) => price < 0 || (price > 0 && leftOut.Contains(prompt))).Any())
            return Refused("There is not one price for each prompt, or one is negative or of a prompt that is left out.");
        var total = prices.OfPrompt.Aggregate(Int128.Zero, (sum, price) => sum + price);
        if (total > long.MaxValue || Integers.CeilingDivide(total, prices.Limit) < result.Bound.Passes)
            return Refused($"Prices of {total} over the limit {prices.Limit} do not make {result.Bound.Passes} passes.");
        return MostOfAPass(problem, prices) is not { } most
                ? Verdict(CertificateStatus.BoundNotCertified, tree, "The knapsack over the prices is too large to decide.")
            : most > prices.Limit ? Refused($"A pass can be worth {most}, above the limit {prices.Limit}.")
            : Verdict(CertificateStatus.Verified, result.Bound.Passes, "No pass can be worth more than the limit.");

        CertificateVerdict Verdict(CertificateStatus status, long bound, string reason) => new(status, result.PassCount, bound, reason);

        static CertificateVerdict Refused(string reason) => new(CertificateStatus.Refused, null, 0, reason);
    }

    /// <summary>
    /// The bound of the tree by its definition, node by node from its children: no code of <see cref="PrefixBound.Tree"/>.
    /// </summary>
    private static long PassesOfTree(PrefixProblem problem)
    {
        var forest = problem.Forest;
        // In how many passes each node is needed at least, and how many tokens they need together at and below it.
        var needed = new (long Passes, Int128 Tokens)[forest.NodeCount];
        for (var index = needed.Length - 1; index >= 0; index--)
        {
            var node = forest[index];
            if (node.End > problem.Budget)
                continue;
            var below = Children(index + 1, node.SubtreeEnd, problem.Budget - node.End);
            var passes = forest.PromptsOf(index).IsEmpty ? below.Passes : Math.Max(1, below.Passes);
            needed[index] = (passes, below.Tokens + ((Int128)passes * node.Length));
        }
        return Children(0, needed.Length, problem.Budget).Passes;

        (long Passes, Int128 Tokens) Children(int first, int end, long room)
        {
            (long Passes, Int128 Tokens) all = (0, 0);
            for (var child = first; child < end; child = forest[child].SubtreeEnd)
                all = (Math.Max(all.Passes, needed[child].Passes), all.Tokens + needed[child].Tokens);
            return all.Tokens == 0 ? all : (Math.Max(all.Passes, (long)((all.Tokens + room - 1) / room)), all.Tokens);
        }
    }

    /// <summary>The most that a pass can be worth; <see langword="null"/> where that takes too many pairs.</summary>
    private static long? MostOfAPass(PrefixProblem problem, PrefixPrices prices)
    {
        var forest = problem.Forest;
        var worth = new long[forest.NodeCount];
        for (var prompt = 0; prompt < prices.OfPrompt.Count; prompt++)
            worth[forest.NodeOfPrompt[prompt]] += prices.OfPrompt[prompt];
        // What a pass may choose below each node, by tokens; entry 0 stands for nothing. Last: above the roots.
        var choices = new List<(long Tokens, long Worth)>?[forest.NodeCount + 1];
        long made = 0;
        for (var index = forest.NodeCount - 1; index >= 0; index--)
        {
            var node = forest[index];
            if (node.End > problem.Budget)
                continue;
            var own = (choices[index] ?? [(0, 0)])
                .Select(below => (Tokens: below.Tokens + node.Length, Worth: below.Worth + worth[index]));
            ref var above = ref choices[node.Parent < 0 ? ^1 : node.Parent];
            List<(long Tokens, long Worth)> chosen = [(0, 0), .. own.Where(choice => choice.Worth > 0)];
            choices[index] = null;
            above = above is null ? chosen : Combine(above, chosen, problem.Budget - node.Start, ref made);
            if (made > MaxPairs)
                return null;
        }
        return choices[^1]?.Max(choice => choice.Worth) ?? 0;
    }

    private static List<(long Tokens, long Worth)> Combine(
        List<(long Tokens, long Worth)> first, List<(long Tokens, long Worth)> second, long room, ref long made)
    {
        List<(long Tokens, long Worth)> all = [];
        foreach (var one in first)
            foreach (var other in second)
            {
                if (++made > MaxPairs)
                    return [];
                if (one.Tokens + other.Tokens <= room)
                    all.Add((one.Tokens + other.Tokens, one.Worth + other.Worth));
            }
        all.Sort((one, other) => one.Tokens != other.Tokens ? one.Tokens.CompareTo(other.Tokens) : other.Worth.CompareTo(one.Worth));
        List<(long Tokens, long Worth)> best = [];
        foreach (var choice in all)
            if (best.Count == 0 || choice.Worth > best[^1].Worth)
                best.Add(choice);
        return best;
    }
}

namespace PackingKit;

/// <summary>
/// Next-fit in input order: a prompt joins the last pass if the tokens that the pass does not have yet still fit, else it begins another.
/// What a server does that shares prefixes and keeps its queue.
/// </summary>
/// <remarks>
/// <para>Guarantee: none; on the traces of docs/prefixes.md it shares next to nothing, because prompts that begin alike seldom
/// arrive one after the other.</para>
/// <para>Complexity: O(prompts + nodes of all passes).</para>
/// </remarks>
public sealed class ArrivalOrder : IPrefixStrategy
{
    /// <inheritdoc/>
    public string Id => "arrival";

    /// <inheritdoc/>
    public PrefixResult Pack(PrefixProblem problem, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(problem);
        var forest = problem.Forest;
        var lastPass = new int[forest.NodeCount];
        lastPass.AsSpan().Fill(PrefixResult.NoPass);
        var passOfPrompt = new int[forest.PromptCount];
        var (pass, tokens) = (PrefixResult.NoPass, 0L);
        for (var prompt = 0; prompt < passOfPrompt.Length; prompt++)
        {
            if (prompt % PrefixRun.PromptsBetweenLooks == 0)
                cancellationToken.ThrowIfCancellationRequested();
            var node = forest.NodeOfPrompt[prompt];
            if (forest.EndOf(node) > problem.Budget)
            {
                passOfPrompt[prompt] = PrefixResult.NoPass;
                continue;
            }
            var missing = pass == PrefixResult.NoPass ? forest.EndOf(node) : forest.EndOf(node) - SharedEnd(node);
            if (pass == PrefixResult.NoPass || tokens + missing > problem.Budget)
                (pass, tokens, missing) = (pass + 1, 0, forest.EndOf(node));
            tokens += missing;
            passOfPrompt[prompt] = pass;
            for (; node >= 0 && lastPass[node] != pass; node = forest.Parents[node])
                lastPass[node] = pass;
        }
        return PrefixRun.Result(this, problem, passOfPrompt, pass + 1);

        // The tokens at the beginning that the pass has already.
        int SharedEnd(int node)
        {
            while (node >= 0 && lastPass[node] != pass)
                node = forest.Parents[node];
            return node < 0 ? 0 : forest.EndOf(node);
        }
    }
}

namespace PackingKit;

/// <summary>
/// First-fit in input order: a prompt joins the first pass, each a trie of its prompts, in which the tokens that it does not have yet still
/// fit. The rule of AReaL's tree training.
/// </summary>
/// <remarks>
/// <para>Guarantee: at most one pass is half full or less, counting tokens that are computed.</para>
/// <para>Complexity: O(prompts · passes) time in the worst case, O(nodes of all passes) memory.</para>
/// </remarks>
public sealed class FirstFitTries : IPrefixStrategy
{
    private const int None = -1;

    /// <inheritdoc/>
    public string Id => "first-fit";

    /// <inheritdoc/>
    public PrefixResult Pack(PrefixProblem problem, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(problem);
        var forest = problem.Forest;
        // The passes that have a node, as linked lists.
        var heads = new int[forest.NodeCount];
        heads.AsSpan().Fill(None);
        List<(int Pass, int Next)> links = [];
        List<long> room = [];
        var passOfPrompt = new int[forest.PromptCount];
        for (var prompt = 0; prompt < passOfPrompt.Length; prompt++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var end = forest.NodeOfPrompt[prompt];
            var length = forest.EndOf(end);
            if (length > problem.Budget)
            {
                passOfPrompt[prompt] = PrefixResult.NoPass;
                continue;
            }
            // From the deepest node up, so that a pass is met first at the last node that it shares.
            var (pass, shared) = (room.Count, None);
            for (var node = end; node >= 0; node = forest.Parents[node])
            {
                var missing = length - forest.EndOf(node);
                for (var link = heads[node]; link != None; link = links[link].Next)
                    if (links[link].Pass < pass && room[links[link].Pass] >= missing)
                        (pass, shared) = (links[link].Pass, node);
            }
            for (var other = 0; other < pass; other++)
                if (room[other] >= length)
                    (pass, shared) = (other, None);
            if (pass == room.Count)
                room.Add(problem.Budget);
            room[pass] -= length - (shared == None ? 0 : forest.EndOf(shared));
            passOfPrompt[prompt] = pass;
            for (var node = end; node != shared; node = forest.Parents[node])
            {
                links.Add((pass, heads[node]));
                heads[node] = links.Count - 1;
            }
        }
        return PrefixRun.Result(this, problem, passOfPrompt, room.Count);
    }
}

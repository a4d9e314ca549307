namespace PackingKit;

/// <summary>
/// First-fit in input order: a prompt joins the first pass, each a trie of its prompts, in which the tokens that it does not have yet still
/// fit. The rule of AReaL's tree training.
/// </summary>
/// <remarks>
/// <para>Guarantee: at most one pass is half full or less, counting tokens that are computed.</para>
/// <para>Complexity: O(prompts · (log passes + passes that have a node of the prompt's path)) time, O(nodes of all passes) memory.</para>
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
        var room = new FirstFitTree<long>(Math.Max(1, forest.PromptCount));
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
            // The first pass that would take all; then from the deepest node up, so that a pass is met first at the last node it shares.
            var first = room.Find(length);
            var (pass, shared) = (first < 0 ? room.Bins : first, None);
            for (var node = end; node >= 0; node = forest.Parents[node])
            {
                var missing = length - forest.EndOf(node);
                for (var link = heads[node]; link != None; link = links[link].Next)
                    if (room[links[link].Pass] >= missing
                        && (links[link].Pass < pass || (links[link].Pass == pass && shared == None)))
                        (pass, shared) = (links[link].Pass, node);
            }
            if (pass == room.Bins)
                room.Open(problem.Budget);
            room.Set(pass, room[pass] - (length - (shared == None ? 0 : forest.EndOf(shared))));
            passOfPrompt[prompt] = pass;
            for (var node = end; node != shared; node = forest.Parents[node])
            {
                links.Add((pass, heads[node]));
                heads[node] = links.Count - 1;
            }
        }
        room.Dispose();
        return PrefixRun.Result(this, problem, passOfPrompt, room.Bins);
    }
}

namespace PackingKit;

/// <summary>
/// Prompts that begin alike, each shared beginning once: a node is a run of tokens, a prompt is the path from a root to the node at which
/// it ends. Immutable, thread-safe, without any tensor.
/// </summary>
/// <remarks>
/// <para>Equal prompts end at one node. A prompt that begins another ends at an inner node. Nodes stand in depth-first order, siblings in
/// the order of their first prompts, so that a subtree is a range of nodes and prompts that share nothing are nodes 0, 1, 2, ...</para>
/// <para>Of every node but the leaves the run is shared. Runs shorter than <c>minShared</c> are no nodes of their own: each node that
/// continues one has its tokens once more. The default 1 gives the fewest tokens; a kernel that pays for each range of keys wants more
/// (docs/prefixes.md).</para>
/// <para>Building sorts the prompts and keeps what neighbours share: O(tokens + n log n) time. Memory afterwards: at most two nodes a
/// prompt, 20 bytes each, and 8 bytes a prompt.</para>
/// </remarks>
[DebuggerDisplay("{ToString(),nq}")]
public sealed class PrefixForest
{
    private readonly int[] _parents, _starts, _lengths, _subtreeEnds, _sources;
    private readonly int[] _nodeOfPrompt;
    private readonly Packing _promptsByNode;

    private PrefixForest(PrefixTree tree)
    {
        var count = tree.Nodes.Count;
        (_parents, _starts, _lengths) = (new int[count], new int[count], new int[count]);
        (_subtreeEnds, _sources) = (new int[count], new int[count]);
        for (var node = 0; node < count; node++)
        {
            var (parent, end, source) = tree.Nodes[node];
            var start = parent < 0 ? 0 : tree.Nodes[parent].End;
            (_parents[node], _starts[node], _lengths[node], _sources[node]) = (parent, start, end - start, source);
            DistinctTokenCount += end - start;
        }
        for (var node = count - 1; node >= 0; node--)
        {
            _subtreeEnds[node] = Math.Max(_subtreeEnds[node], node + 1);
            if (_parents[node] >= 0)
                _subtreeEnds[_parents[node]] = Math.Max(_subtreeEnds[_parents[node]], _subtreeEnds[node]);
        }
        _nodeOfPrompt = tree.NodeOfPrompt;
        _promptsByNode = Packing.FromAssignment(_nodeOfPrompt, count);
        foreach (var node in _nodeOfPrompt)
            TokenCount += EndOf(node);
    }

    /// <summary>A forest of prompts given by their token IDs. O(tokens + n log n).</summary>
    /// <typeparam name="T">The integer type of the token IDs.</typeparam>
    /// <param name="prompts">Token IDs of each prompt, at least one. Arrays are read where they are, other lists are copied first.</param>
    /// <param name="minShared">The fewest tokens of a shared run that is a node of its own, at least 1.</param>
    /// <exception cref="ArgumentNullException">The list or a prompt in it is <see langword="null"/>; the message names it.</exception>
    /// <exception cref="ArgumentException">A prompt is empty; the message names it.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="minShared"/> is below 1.</exception>
    public static PrefixForest FromTokens<T>(IReadOnlyList<IReadOnlyList<T>> prompts, int minShared = 1)
        where T : struct, IBinaryInteger<T>
    {
        ArgumentNullException.ThrowIfNull(prompts);
        ArgumentOutOfRangeException.ThrowIfLessThan(minShared, 1);
        var rows = new T[prompts.Count][];
        for (var prompt = 0; prompt < rows.Length; prompt++)
        {
            var tokens = prompts[prompt] ?? throw new ArgumentNullException(nameof(prompts), $"Prompt {prompt} is null.");
            if (tokens.Count == 0)
                throw new ArgumentException($"Prompt {prompt} is empty; a prompt has at least one token.", nameof(prompts));
            rows[prompt] = tokens as T[] ?? [.. tokens];
        }
        return new PrefixForest(PrefixTree.Build(new TokenRows<T>(rows), minShared));
    }

    /// <summary>A forest of prompts given by hashes of their blocks. O(blocks + n log n).</summary>
    /// <param name="prompts">
    /// Prompts whose hashes are those of beginnings: equal hashes stand for equal tokens from the prompt's start to the block's end. A
    /// last block that is cut short is the same only where it has as many tokens.
    /// </param>
    /// <param name="blockSize">Tokens in a block, at least 1; a prompt's last block may have fewer.</param>
    /// <param name="minShared">The fewest tokens of a shared run that is a node of its own, at least 1.</param>
    /// <exception cref="ArgumentNullException"><paramref name="prompts"/> is <see langword="null"/>.</exception>
    /// <exception cref="ArgumentException">
    /// A prompt has no token, or not as many blocks as its tokens fill; the message names it and both numbers.
    /// </exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="blockSize"/> or <paramref name="minShared"/> is below 1.</exception>
    public static PrefixForest FromBlocks(IReadOnlyList<BlockPrompt> prompts, int blockSize, int minShared = 1)
    {
        ArgumentNullException.ThrowIfNull(prompts);
        ArgumentOutOfRangeException.ThrowIfLessThan(blockSize, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(minShared, 1);
        BlockPrompt[] rows = [.. prompts];
        for (var prompt = 0; prompt < rows.Length; prompt++)
        {
            var (tokens, hashes) = rows[prompt];
            if (tokens < 1)
                throw new ArgumentException($"Prompt {prompt} has {tokens} tokens, not at least one.", nameof(prompts));
            if (hashes.Length != Integers.CeilingDivide(tokens, blockSize))
                throw new ArgumentException(
                    $"Prompt {prompt} has {tokens} tokens, which are not {hashes.Length} blocks of {blockSize}.", nameof(prompts));
        }
        return new PrefixForest(PrefixTree.Build(new BlockRows(rows, blockSize), minShared));
    }

    /// <summary>
    /// The forest of some of the prompts, numbered as they are given: their nodes, where one that is left with a single continuation is one
    /// with it. Never more tokens than these nodes have here. O(nodes on the prompts' paths).
    /// </summary>
    /// <param name="prompts">Each from 0 to <see cref="PromptCount"/> - 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such prompt; the message names its place and it.</exception>
    public PrefixForest Of(ReadOnlySpan<int> prompts)
    {
        var paths = new int[prompts.Length][];
        List<int> path = [];
        for (var i = 0; i < paths.Length; i++)
        {
            if ((uint)prompts[i] >= (uint)PromptCount)
                throw new ArgumentOutOfRangeException(
                    nameof(prompts), prompts[i], $"At {i} stands prompt {prompts[i]}; there are {PromptCount}.");
            path.Clear();
            for (var node = _nodeOfPrompt[prompts[i]]; node >= 0; node = _parents[node])
                path.Add(node);
            path.Reverse();
            paths[i] = [.. path];
        }
        return new PrefixForest(PrefixTree.Build(new NodeRows(this, paths), minShared: 1));
    }

    /// <summary>Number of prompts.</summary>
    public int PromptCount => _nodeOfPrompt.Length;

    /// <summary>Number of nodes, at most twice the number of prompts.</summary>
    public int NodeCount => _parents.Length;

    /// <summary>Tokens of all prompts, each prompt whole.</summary>
    public long TokenCount { get; }

    /// <summary>Tokens of all nodes: each shared beginning once.</summary>
    public long DistinctTokenCount { get; }

    /// <summary>A node.</summary>
    /// <param name="node">From 0 to <see cref="NodeCount"/> - 1.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="node"/> is outside that range.</exception>
    public PrefixNode this[int node] => (uint)node < (uint)NodeCount
        ? new PrefixNode(node, _parents[node], _starts[node], _lengths[node], _subtreeEnds[node], _sources[node])
        : throw new ArgumentOutOfRangeException(nameof(node), node, $"There are {NodeCount} nodes.");

    /// <summary>The node at which each prompt ends.</summary>
    public ReadOnlySpan<int> NodeOfPrompt => _nodeOfPrompt;

    /// <summary>The parent of each node, or -1: always before the node.</summary>
    public ReadOnlySpan<int> Parents => _parents;

    /// <summary>The prompts that end at a node, in input order: none at an inner node that is only shared, several where equal.</summary>
    /// <param name="node">From 0 to <see cref="NodeCount"/> - 1.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="node"/> is outside that range.</exception>
    public ReadOnlySpan<int> PromptsOf(int node) => (uint)node < (uint)NodeCount ? _promptsByNode.ItemsOf(node)
        : throw new ArgumentOutOfRangeException(nameof(node), node, $"There are {NodeCount} nodes.");

    /// <summary>Tokens of a prompt.</summary>
    /// <param name="prompt">From 0 to <see cref="PromptCount"/> - 1.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="prompt"/> is outside that range.</exception>
    public int LengthOf(int prompt) => (uint)prompt < (uint)PromptCount ? EndOf(_nodeOfPrompt[prompt])
        : throw new ArgumentOutOfRangeException(nameof(prompt), prompt, $"There are {PromptCount} prompts.");

    /// <summary>"12031 prompts: 144793823 tokens, 90695412 distinct, 15787 nodes".</summary>
    public override string ToString() =>
        $"{Plural.Of(PromptCount, "prompt")}: {TokenCount} tokens, {DistinctTokenCount} distinct, {Plural.Of(NodeCount, "node")}";

    /// <summary>One past the last node of the subtree of each node.</summary>
    internal ReadOnlySpan<int> SubtreeEnds => _subtreeEnds;

    internal int StartOf(int node) => _starts[node];

    internal int EndOf(int node) => _starts[node] + _lengths[node];
}

namespace PackingKit;

/// <summary>Prompts as a file has them: all by token IDs, or all by hashes of blocks. Immutable.</summary>
public sealed class PromptList
{
    private readonly int[] _lines;
    private readonly int _blockSize;

    internal PromptList(IReadOnlyList<int[]> tokenIds, IReadOnlyList<BlockPrompt> blocks, int blockSize, int[] lines) =>
        (TokenIds, Blocks, _blockSize, _lines) = (tokenIds, blocks, blockSize, lines);

    /// <summary>Number of prompts.</summary>
    public int Count => _lines.Length;

    /// <summary>Token IDs of each prompt; empty where prompts are known by their blocks.</summary>
    public IReadOnlyList<int[]> TokenIds { get; }

    /// <summary>Blocks of each prompt; empty where prompts are known by their token IDs.</summary>
    public IReadOnlyList<BlockPrompt> Blocks { get; }

    /// <summary>The line of a prompt in its file, from 1.</summary>
    /// <param name="prompt">From 0 to <see cref="Count"/> - 1.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="prompt"/> is outside that range.</exception>
    public int LineOf(int prompt) => (uint)prompt < (uint)Count ? _lines[prompt]
        : throw new ArgumentOutOfRangeException(nameof(prompt), prompt, $"There are {Count} prompts.");

    /// <summary>The prompts with each shared beginning once. O(tokens or blocks + n log n).</summary>
    /// <param name="minShared">The fewest tokens of a shared run that is a node of its own, at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="minShared"/> is below 1.</exception>
    public PrefixForest ToForest(int minShared = 1) => Blocks.Count > 0 ? PrefixForest.FromBlocks(Blocks, _blockSize, minShared)
        : PrefixForest.FromTokens(TokenIds, minShared);
}

namespace PackingKit.Samples.Prefill.Prompts;

/// <summary>
/// Prompts of a file of JSON lines, in its order, which starts again where it ends. Where the file has hashes of blocks, tokens are drawn
/// from them: the same hash gives the same tokens.
/// </summary>
internal sealed class PromptFile(string name, PromptList prompts, int maxLength) : IPromptSet
{
    public string Name => name;

    public IReadOnlyList<int> Lengths { get; } =
    [
        .. prompts.TokenIds.Select(tokens => Math.Min(tokens.Length, maxLength)),
        .. prompts.Blocks.Select(blocks => Math.Min(blocks.Tokens, maxLength)),
    ];

    public int[][][] Batches(int count, int size, int vocabulary, int seed)
    {
        var next = 0;
        return [.. Enumerable.Range(0, count).Select(_ => Enumerable.Range(0, size).Select(_ =>
        {
            var prompt = next++ % prompts.Count;
            return prompts.Blocks.Count > 0 ? OfBlocks(prompt, vocabulary, seed) : OfTokens(prompt, vocabulary);
        }).ToArray())];
    }

    private int[] OfTokens(int prompt, int vocabulary)
    {
        var tokens = prompts.TokenIds[prompt][..Lengths[prompt]];
        foreach (var token in tokens)
            if ((uint)token >= (uint)vocabulary)
                throw new BadInputException(
                    $"{name}, line {prompts.LineOf(prompt)}: the model has no token {token}; its vocabulary has {vocabulary}.");
        return tokens;
    }

    private int[] OfBlocks(int prompt, int vocabulary, int seed)
    {
        var tokens = new int[Lengths[prompt]];
        Random? random = null;
        for (var i = 0; i < tokens.Length; i++)
        {
            if (i % PromptReader.DefaultBlockSize == 0)
                random = new Random(HashCode(prompts.Blocks[prompt].Hashes.Span[i / PromptReader.DefaultBlockSize], seed));
            tokens[i] = random!.Next(vocabulary);
        }
        return tokens;
    }

    /// <summary>The same in every run, which System.HashCode is not.</summary>
    private static int HashCode(long hash, int seed) => (int)((ulong)(hash * 2 + 1 + seed) * 0x9E3779B97F4A7C15 >> 33);
}

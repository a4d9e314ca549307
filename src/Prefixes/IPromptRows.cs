namespace PackingKit;

/// <summary>Prompts as rows of symbols (token IDs, or blocks of tokens) that can be put in order.</summary>
internal interface IPromptRows
{
    /// <summary>Number of prompts.</summary>
    int Count { get; }

    /// <summary>Number of symbols of a prompt, at least 1.</summary>
    int Length(int prompt);

    /// <summary>Tokens in the first symbols of a prompt.</summary>
    int Tokens(int prompt, int symbols);

    /// <summary>
    /// A number by which symbols are in order, as far as it tells: of different symbols it may be the same. The least, past the end.
    /// </summary>
    long Symbol(int prompt, int at);

    /// <summary>
    /// Symbols at the beginning that two prompts share, known to be at least <paramref name="known"/>; looked for up to
    /// <paramref name="limit"/>, which is no less.
    /// </summary>
    int Shared(int first, int second, int known, int limit);

    /// <summary>The order of two prompts that share their first symbols and no more, where the numbers of the next do not tell.</summary>
    int Compare(int first, int second, int shared);
}

/// <summary>Prompts of token IDs.</summary>
internal readonly struct TokenRows<T>(T[][] prompts) : IPromptRows
    where T : struct, IBinaryInteger<T>
{
    public int Count => prompts.Length;

    public int Length(int prompt) => prompts[prompt].Length;

    public int Tokens(int prompt, int symbols) => symbols;

    public int Shared(int first, int second, int known, int limit) =>
        known + prompts[first].AsSpan(known..Math.Min(limit, prompts[first].Length)).CommonPrefixLength(prompts[second].AsSpan(known));

    public long Symbol(int prompt, int at) => at < prompts[prompt].Length ? long.CreateTruncating(prompts[prompt][at]) : long.MinValue;

    public int Compare(int first, int second, int shared) =>
        shared == prompts[first].Length || shared == prompts[second].Length ? prompts[first].Length.CompareTo(prompts[second].Length)
            : prompts[first][shared].CompareTo(prompts[second][shared]);
}

/// <summary>
/// Prompts of block hashes. Blocks are the same where hash and number of tokens are: the last of a prompt may be cut short.
/// </summary>
internal readonly struct BlockRows(BlockPrompt[] prompts, int blockSize) : IPromptRows
{
    public int Count => prompts.Length;

    public int Length(int prompt) => prompts[prompt].Hashes.Length;

    public int Tokens(int prompt, int symbols) => (int)Math.Min(prompts[prompt].Tokens, (long)symbols * blockSize);

    public int Shared(int first, int second, int known, int limit)
    {
        var symbols = prompts[first].Hashes.Span[known..Math.Min(limit, prompts[first].Hashes.Length)];
        var shared = known + symbols.CommonPrefixLength(prompts[second].Hashes.Span[known..]);
        return shared == 0 || Tokens(first, shared) == Tokens(second, shared) ? shared : shared - 1;
    }

    public long Symbol(int prompt, int at) => at < Length(prompt) ? prompts[prompt].Hashes.Span[at] : long.MinValue;

    public int Compare(int first, int second, int shared) =>
        shared == Length(first) || shared == Length(second) ? Length(first).CompareTo(Length(second))
            : Tokens(first, shared + 1).CompareTo(Tokens(second, shared + 1));
}

/// <summary>Prompts of a forest as the nodes on their paths.</summary>
internal readonly struct NodeRows(PrefixForest forest, int[][] paths) : IPromptRows
{
    public int Count => paths.Length;

    public int Length(int prompt) => paths[prompt].Length;

    public int Tokens(int prompt, int symbols) => forest.EndOf(paths[prompt][symbols - 1]);

    public int Shared(int first, int second, int known, int limit) =>
        known + paths[first].AsSpan(known..Math.Min(limit, paths[first].Length)).CommonPrefixLength(paths[second].AsSpan(known));

    public long Symbol(int prompt, int at) => at < paths[prompt].Length ? paths[prompt][at] : long.MinValue;

    public int Compare(int first, int second, int shared) => 0; // the numbers tell nodes apart: both end here
}

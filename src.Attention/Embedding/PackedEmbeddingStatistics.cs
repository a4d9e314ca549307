namespace PackingKit.Attention;

/// <summary>
/// What a call of <see cref="PackedEmbeddingGenerator"/> did; <c>AdditionalProperties</c> of its answer holds it under <see cref="Key"/>.
/// </summary>
/// <param name="Texts">Number of texts.</param>
/// <param name="TruncatedTexts">Texts of which only the beginning was encoded.</param>
/// <param name="SplitTexts">Texts that were encoded in several chunks.</param>
/// <param name="Sequences">What went through the encoder: whole texts, beginnings and chunks.</param>
/// <param name="Tokens">Their tokens, those of prefix, instruction and suffix included.</param>
/// <param name="Passes">Number of forward passes.</param>
/// <param name="PassesLowerBound">No division of the sequences has fewer passes than this.</param>
/// <param name="TokenBudget">Maximum tokens of a pass.</param>
/// <param name="PaddingAvoided">
/// Padding tokens that rectangular batches would have carried: sequences in input order, each batch padded to its longest, and as many as
/// keep rows times longest within the budget.
/// </param>
public sealed record PackedEmbeddingStatistics(
    int Texts, int TruncatedTexts, int SplitTexts, int Sequences, long Tokens, int Passes, long PassesLowerBound, int TokenBudget,
    long PaddingAvoided)
{
    /// <summary>Where the statistics lie among the additional properties.</summary>
    public const string Key = "packingkit.statistics";

    /// <summary>
    /// Tokens that went through the encoder: <see cref="Tokens"/>, or fewer where texts share beginnings
    /// (<see cref="PackedEmbeddingOptions.SharesBeginnings"/>).
    /// </summary>
    public long ComputedTokens { get; init; } = Tokens;

    /// <summary>Share of the budget of all passes that tokens fill, from 0 to 1; 1 where there are no passes.</summary>
    public double Fill => Passes == 0 ? 1 : ComputedTokens / ((double)Passes * TokenBudget);

    internal static PackedEmbeddingStatistics Of(TextSequences texts, TextPasses passes, int budget)
    {
        var tokens = texts.All.Sum(sequence => (long)sequence.Ids.Length);
        return new(
            texts.Texts, texts.Truncated, texts.Split, texts.All.Length, tokens, passes.All.Count, passes.LowerBound, budget,
            PaddedTokens(texts.All, budget) - tokens)
        {
            ComputedTokens = passes.All.Sum(pass => (long)pass.Layout.TokenCount),
        };
    }

    private static long PaddedTokens(IReadOnlyList<TextSequence> sequences, int budget)
    {
        long done = 0, rows = 0, longest = 0;
        foreach (var sequence in sequences)
        {
            var length = sequence.Ids.Length;
            if ((rows + 1) * Math.Max(longest, length) > budget)
                (done, rows, longest) = (done + rows * longest, 0, 0);
            (rows, longest) = (rows + 1, Math.Max(longest, length));
        }
        return done + rows * longest;
    }
}

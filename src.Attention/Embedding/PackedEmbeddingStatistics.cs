namespace PackingKit.Attention;

/// <summary>
/// What a call of <see cref="PackedEmbeddingGenerator"/> did; <c>AdditionalProperties</c> of its answer holds it under <see cref="Key"/>.
/// </summary>
/// <param name="Texts">Number of texts.</param>
/// <param name="TruncatedTexts">Texts of which only the beginning was encoded.</param>
/// <param name="Tokens">Tokens that went through the encoder.</param>
/// <param name="Passes">Number of forward passes.</param>
/// <param name="PassesLowerBound">No division of the texts has fewer passes than this.</param>
/// <param name="TokenBudget">Maximum tokens of a pass.</param>
/// <param name="PaddingAvoided">
/// Padding tokens that rectangular batches would have carried: texts in input order, each batch padded to its longest text, and as many
/// texts as keep rows times longest within the budget.
/// </param>
public sealed record PackedEmbeddingStatistics(
    int Texts, int TruncatedTexts, long Tokens, int Passes, long PassesLowerBound, int TokenBudget, long PaddingAvoided)
{
    /// <summary>Where the statistics lie among the additional properties.</summary>
    public const string Key = "packingkit.statistics";

    /// <summary>Share of the budget of all passes that tokens fill, from 0 to 1; 1 where there are no passes.</summary>
    public double Fill => Passes == 0 ? 1 : Tokens / ((double)Passes * TokenBudget);

    internal static PackedEmbeddingStatistics Of(ReadOnlySpan<int> lengths, int truncated, PackingResult passes, int budget)
    {
        long tokens = 0;
        foreach (var length in lengths)
            tokens += length;
        return new(lengths.Length, truncated, tokens, passes.BinCount, passes.Bound.Bins, budget, PaddedTokens(lengths, budget) - tokens);
    }

    private static long PaddedTokens(ReadOnlySpan<int> lengths, int budget)
    {
        long done = 0, rows = 0, longest = 0;
        foreach (var length in lengths)
        {
            if ((rows + 1) * Math.Max(longest, length) > budget)
                (done, rows, longest) = (done + rows * longest, 0, 0);
            (rows, longest) = (rows + 1, Math.Max(longest, length));
        }
        return done + rows * longest;
    }
}

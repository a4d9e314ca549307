namespace PackingKit.Attention;

/// <summary>What becomes of a text that has more tokens than <see cref="PackedEmbeddingOptions.MaxTokensPerText"/>.</summary>
public enum LongTextRule
{
    /// <summary>The call fails before any forward pass, with an exception that names the text and its length.</summary>
    Refuse,

    /// <summary>
    /// The first tokens that fit between prefix and suffix are taken; the statistics count such texts. A closing token that the tokenizer
    /// itself adds is cut off with the rest: give it as <see cref="PackedEmbeddingOptions.SuffixTokens"/> instead.
    /// </summary>
    Truncate,
}

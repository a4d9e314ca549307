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

    /// <summary>
    /// The text is cut into as few chunks as fit, whose own tokens differ in number by at most one. Each is encoded as if it were a text,
    /// with instruction, prefix and suffix, and the text's embedding is the mean of the chunks' embeddings, each weighted by its tokens
    /// without the instruction's, before any normalization. So with <see cref="EmbeddingPooling.Mean"/> it is the mean over the tokens of
    /// all chunks. The statistics count such texts, and their chunks. Tokens that the tokenizer itself adds are in the first or the last
    /// chunk only.
    /// </summary>
    Average,
}

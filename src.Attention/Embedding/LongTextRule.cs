namespace PackingKit.Attention;

/// <summary>What becomes of a text that has more tokens than <see cref="PackedEmbeddingOptions.MaxTokensPerText"/>.</summary>
public enum LongTextRule
{
    /// <summary>The call fails before any forward pass, with an exception that names the text and its length.</summary>
    Refuse,

    /// <summary>The tokenizer encodes as much of the beginning as fits, special tokens included; the statistics count such texts.</summary>
    Truncate,
}

namespace PackingKit.Attention;

/// <summary>
/// How the hidden states of a text's tokens become its one embedding. The right one is the one that the model was trained with.
/// </summary>
public enum EmbeddingPooling
{
    /// <summary>
    /// The mean over all tokens of the text, special tokens included; after an instruction, over those that follow it, so that neither it
    /// nor what stands before it counts.
    /// </summary>
    Mean,

    /// <summary>The last token's: for causal models.</summary>
    Last,

    /// <summary>The first token's: for models that begin every text with a classification token.</summary>
    Cls,
}

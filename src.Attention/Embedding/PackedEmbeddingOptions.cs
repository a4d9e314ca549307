using TorchSharp;

namespace PackingKit.Attention;

/// <summary>Settings of a <see cref="PackedEmbeddingGenerator"/>; checked when the generator is made.</summary>
public sealed record PackedEmbeddingOptions
{
    /// <summary>
    /// Where a call's own instruction, a string, lies among the <c>AdditionalProperties</c> of its options; it stands in for
    /// <see cref="Instruction"/>.
    /// </summary>
    public const string InstructionKey = "packingkit.instruction";

    /// <summary>Maximum tokens of a forward pass, at least 1: what device memory and latency allow.</summary>
    public int TokenBudget { get; init; } = 8192;

    /// <summary>
    /// Maximum tokens of a text, prefix, instruction and suffix included, up to <see cref="TokenBudget"/>: the length that the model was
    /// trained for. <see langword="null"/>: the budget.
    /// </summary>
    public int? MaxTokensPerText { get; init; }

    /// <summary>What becomes of texts above <see cref="MaxTokensPerText"/>.</summary>
    public LongTextRule LongTexts { get; init; } = LongTextRule.Refuse;

    /// <summary>
    /// Tokens before those of every text, none negative. <see langword="null"/>: [CLS] for a BERT tokenizer, which leaves it out when it is
    /// called through its base class, and nothing for others, which are configured to add their own.
    /// </summary>
    public ValueList<int>? PrefixTokens { get; init; }

    /// <summary>
    /// Tokens after those of every text, none negative. <see langword="null"/>: [SEP] for a BERT tokenizer, nothing for others.
    /// </summary>
    public ValueList<int>? SuffixTokens { get; init; }

    /// <summary>
    /// What stands before every text, such as "query: ", as the model was trained: instruction and text are tokenized together, and every
    /// chunk of a text begins with it. The encoder sees it, <see cref="EmbeddingPooling.Mean"/> leaves it out.
    /// </summary>
    /// <remarks>
    /// A token that holds a character of the text besides white space is the text's, even where it begins in the instruction, and is
    /// pooled; the instruction's are those before it, and chunks after the first begin with them alone. So let an instruction end in a
    /// space or a sign: of "un" before "believable", one token, nothing would be left. One whose last two characters or more go into the
    /// text's first token has every text tokenized twice. Of a tokenizer that tells no places, the instruction's tokens are those that it
    /// has without a text as well.
    /// </remarks>
    public string? Instruction { get; init; }

    /// <summary>How hidden states become one embedding.</summary>
    public EmbeddingPooling Pooling { get; init; } = EmbeddingPooling.Mean;

    /// <summary>Whether embeddings are scaled to length 1, so that a dot product is the cosine.</summary>
    public bool Normalize { get; init; }

    /// <summary>How texts are divided over passes, unless they share beginnings.</summary>
    public IPackingStrategy Strategy { get; init; } = new BestFitDecreasing();

    /// <summary>
    /// Whether what texts begin with alike (an instruction, the same document), from <see cref="PackedPasses.MinShared"/> tokens on, goes
    /// through the encoder once a pass, and texts that begin alike into one pass. For causal encoders alone, so not without being asked
    /// for: under bidirectional attention every token depends on the whole text. Batches may then be of a forest
    /// (<see cref="PackedLayout.IsForest"/>), whose segments are nodes: attend by <see cref="PackedAttention"/>, or by the batch's mask.
    /// </summary>
    public bool SharesBeginnings { get; init; }

    /// <summary>Where the batches go: the encoder's device. <see langword="null"/>: the CPU.</summary>
    public torch.Device? Device { get; init; }

    /// <summary>Name of the model, for metadata.</summary>
    public string? ModelId { get; init; }

    /// <summary>Elements of the encoder's hidden states, for metadata; the encoder's answers are held to it.</summary>
    public int? Dimensions { get; init; }
}

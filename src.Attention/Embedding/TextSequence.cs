namespace PackingKit.Attention;

/// <summary>What the encoder sees as one: a text, or a chunk of one that is too long.</summary>
/// <param name="text">Number of the text.</param>
/// <param name="ids">Token IDs: prefix, instruction, the text's own, suffix.</param>
/// <param name="unpooled">Tokens at the beginning that no mean counts: with an instruction, all to its end.</param>
/// <param name="spans">Characters of each later token in its text; empty where they were not asked for.</param>
internal sealed class TextSequence(int text, int[] ids, int unpooled, Range[] spans)
{
    public int Text { get; } = text;

    public int[] Ids { get; } = ids;

    public int Unpooled { get; } = unpooled;

    /// <summary>Number of tokens that a mean counts.</summary>
    public int Pooled => Ids.Length - Unpooled;

    public Range[] Spans { get; } = spans;

    /// <summary>What its pass gave: one pooled row, or a row for each token.</summary>
    public Memory<float> Rows { get; set; }
}

/// <summary>The sequences of some texts, text by text, and how many texts were too long.</summary>
/// <param name="Texts">Number of texts.</param>
/// <param name="All">Their sequences.</param>
/// <param name="Truncated">Texts of which only the beginning is there.</param>
/// <param name="Split">Texts of several chunks.</param>
internal sealed record TextSequences(int Texts, TextSequence[] All, int Truncated, int Split);

/// <summary>The sequences of a call in forward passes.</summary>
/// <param name="All">The passes; their prompts are sequences.</param>
/// <param name="LowerBound">No division of the sequences has fewer.</param>
internal sealed record TextPasses(IReadOnlyList<PackedPass> All, long LowerBound)
{
    /// <summary>Packs sequences as the options say.</summary>
    public static TextPasses Of(int[][] ids, PackedEmbeddingOptions options, CancellationToken cancellationToken)
    {
        if (options.SharesBeginnings)
        {
            var forest = PrefixForest.FromTokens(ids, PackedPasses.MinShared);
            cancellationToken.ThrowIfCancellationRequested();
            var bound = PrefixBound.Tree(PrefixProblem.Create(forest, options.TokenBudget)).Passes;
            return new TextPasses(PackedPasses.Plan(forest, options.TokenBudget), bound);
        }
        var lengths = Array.ConvertAll(ids, sequence => sequence.Length);
        var packed = new Validated(options.Strategy).Pack(
            PackingProblem.Borrow(lengths, options.TokenBudget), progress: null, cancellationToken);
        var passes = packed.Packing.Bins.Select(bin =>
            new PackedPass(bin.Items.ToArray(), PackedLayout.Flat([.. bin.Select(sequence => lengths[sequence])])));
        return new TextPasses([.. passes], packed.Bound.Bins);
    }
}

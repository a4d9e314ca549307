namespace PackingKit;

/// <summary>How documents become pieces that fit a pack, and how much of a pack each takes. Immutable.</summary>
public sealed record PieceRules
{
    /// <param name="capacity">Slots of a pack, at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">The capacity is below 1.</exception>
    public PieceRules(int capacity) => Capacity = Require.AtLeast(capacity, 1, nameof(capacity));

    /// <summary>Slots of a pack, at least 1.</summary>
    public int Capacity { get; }

    /// <summary>What becomes of a document that is longer than <see cref="MaxLength"/>.</summary>
    public LongDocuments Long { get; init; }

    /// <summary>
    /// Tokens that a piece repeats from the end of the one before it, not negative; for <see cref="LongDocuments.Split"/>. The default is
    /// 1: the first token of a piece is no target, so without the overlap each cut loses one target, and with it every token but the
    /// document's first is a target exactly once.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">It is negative.</exception>
    public int Overlap { get; init => field = Require.AtLeast(value, 0); } = 1;

    /// <summary>
    /// The least tokens of the last piece of a document that is cut, at least 1: where fewer are left, the piece before ends earlier. At
    /// most half of <see cref="MaxLength"/>, rounded up.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">It is below 1.</exception>
    public int MinFragment { get; init => field = Require.AtLeast(value, 1); } = 1;

    /// <summary>
    /// Each piece takes a multiple of so many slots, at least 1; what it does not fill is padding. Context parallelism over C devices wants
    /// 2 C, FP8 wants 16.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">It is below 1.</exception>
    public int Alignment { get; init => field = Require.AtLeast(value, 1); } = 1;

    /// <summary>
    /// Last tokens of each piece that serve as a target only and so take no slot: 0, or 1 for trainers that drop a sequence's last token
    /// from the inputs and its first from the labels (Megatron-Bridge). A piece of no more tokens than this trains nothing and is left out.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">It is negative.</exception>
    public int Lookahead { get; init => field = Require.AtLeast(value, 0); }

    /// <summary>Tokens of the longest piece: what fits a pack by <see cref="Alignment"/>, and <see cref="Lookahead"/>.</summary>
    public int MaxLength => checked((Capacity / Alignment * Alignment) + Lookahead);

    /// <summary>Slots that a piece takes.</summary>
    /// <param name="length">Its tokens, from <see cref="Lookahead"/> to <see cref="MaxLength"/>.</param>
    public int SlotsOf(int length) => (length - Lookahead + Alignment - 1) / Alignment * Alignment;

    /// <summary>Refuses rules that do not go together.</summary>
    internal void Check()
    {
        if (Alignment > Capacity)
            throw new ArgumentException($"No piece of a multiple of {Alignment} slots fits a pack of {Capacity}.");
        if (Long != LongDocuments.Split)
            return;
        if (Overlap < Lookahead)
            throw new ArgumentException($"Pieces overlap by {Overlap} tokens, fewer than the {Lookahead} that are targets only.");
        if (Overlap >= MaxLength)
            throw new ArgumentException(
                $"With an overlap of {Overlap}, pieces of at most {MaxLength} tokens hold too few new ones to go on.");
        if (MinFragment > (MaxLength + 1) / 2)
            throw new ArgumentException($"A least fragment of {MinFragment} tokens is above half of the longest piece, {MaxLength}.");
    }

    /// <summary>Pieces of a document, 0 where nothing of it is packed.</summary>
    internal long CountOf(int length) =>
        length <= Lookahead ? 0
        : length <= MaxLength ? 1
        : Long switch
        {
            LongDocuments.Split => 1 + Integers.CeilingDivide(length - MaxLength, MaxLength - Overlap),
            LongDocuments.TruncateRight or LongDocuments.TruncateLeft => 1,
            _ => 0,
        };

    /// <summary>One of the pieces of a document.</summary>
    /// <param name="document">Its number.</param>
    /// <param name="length">Its tokens.</param>
    /// <param name="piece">Which of its pieces, from 0.</param>
    /// <param name="count">How many it has: <see cref="CountOf"/>.</param>
    internal Piece PieceOf(int document, int length, int piece, int count)
    {
        if (length <= MaxLength)
            return new Piece(document, 0, length);
        if (Long != LongDocuments.Split)
            return new Piece(document, Long == LongDocuments.TruncateLeft ? length - MaxLength : 0, MaxLength);
        var start = piece * (MaxLength - Overlap);
        var missing = Math.Max(0, MinFragment - (length - ((count - 1) * (MaxLength - Overlap)))); // of the last piece
        return piece == count - 1 ? new Piece(document, start - missing, length - start + missing)
            : new Piece(document, start, MaxLength - (piece == count - 2 ? missing : 0));
    }
}

namespace PackingKit;

/// <summary>Documents made to fit: the pieces that are to be packed, and what was done to get there, counted.</summary>
/// <remarks>
/// Pieces stand in the order of documents and of tokens. Immutable and thread-safe. Where every document is one whole piece nothing is
/// kept but the caller's lengths; else 12 bytes a piece. Padding or <see cref="PieceRules.Lookahead"/> take 4 more.
/// </remarks>
public sealed class DocumentPieces
{
    private readonly ArraySegment<int> _documents; // an array, because the indexer is where packs are written
    private readonly Piece[]? _pieces; // null where each document is a piece
    private readonly ReadOnlyMemory<int> _lengths;
    private readonly ReadOnlyMemory<int> _slots;

    private DocumentPieces(ReadOnlyMemory<int> documents, PieceRules rules, Piece[]? pieces)
    {
        _documents = MemoryMarshal.TryGetArray(documents, out var array) ? array : documents.ToArray();
        (Rules, _pieces) = (rules, pieces);
        _lengths = pieces is null ? documents : Array.ConvertAll(pieces, piece => piece.Length);
        foreach (var length in _lengths.Span)
            TokenCount += length;
        _slots = rules is { Alignment: 1, Lookahead: 0 } ? _lengths : Array.ConvertAll(_lengths.ToArray(), rules.SlotsOf);
    }

    /// <summary>Cuts, truncates, drops or refuses what does not fit. O(documents + pieces).</summary>
    /// <param name="documents">Tokens of each document, not negative; borrowed, and not to be changed.</param>
    /// <param name="rules">How.</param>
    /// <exception cref="ArgumentOutOfRangeException">A length is negative; the message names the document.</exception>
    /// <exception cref="ArgumentException">
    /// The rules do not go together; or a document is too long and <see cref="LongDocuments.Refuse"/> says so, where the message names it;
    /// or there are more pieces than an array holds.
    /// </exception>
    public static DocumentPieces Cut(ReadOnlyMemory<int> documents, PieceRules rules)
    {
        ArgumentNullException.ThrowIfNull(rules);
        rules.Check();
        var lengths = documents.Span;
        var tally = Tally.Of(lengths, rules);
        Piece[]? pieces = null;
        if (!tally.AllWhole)
        {
            if (tally.Pieces > Array.MaxLength)
                throw new ArgumentException($"The documents make {tally.Pieces} pieces, more than an array holds.", nameof(documents));
            pieces = new Piece[tally.Pieces];
            for (int document = 0, next = 0; document < lengths.Length; document++)
            {
                var length = lengths[document];
                var count = (int)rules.CountOf(length);
                for (var piece = 0; piece < count; piece++)
                    pieces[next++] = rules.PieceOf(document, length, piece, count);
            }
        }
        return new DocumentPieces(documents, rules, pieces)
        {
            Split = tally.Split,
            Truncated = tally.Truncated,
            Dropped = tally.Dropped,
            Empty = tally.Empty,
            LostTokens = tally.Lost,
        };
    }

    /// <summary>How many pieces the documents make, before any is made. O(documents).</summary>
    /// <inheritdoc cref="Cut"/>
    public static long CountPieces(ReadOnlySpan<int> documents, PieceRules rules)
    {
        ArgumentNullException.ThrowIfNull(rules);
        rules.Check();
        return Tally.Of(documents, rules).Pieces;
    }

    /// <summary>Pieces that were cut elsewhere; see <see cref="ContinuousStream"/>.</summary>
    internal static DocumentPieces Trusted(
        ReadOnlyMemory<int> documents, PieceRules rules, Piece[] pieces, int split, int empty, long lost) =>
        new(documents, rules, pieces) { Split = split, Empty = empty, LostTokens = lost };

    /// <summary>Tokens of each document, as they were given.</summary>
    public ReadOnlySpan<int> Documents => _documents;

    /// <summary>How the documents were cut.</summary>
    public PieceRules Rules { get; }

    /// <summary>Number of pieces.</summary>
    public int Count => _slots.Length;

    /// <summary>Tokens of all pieces; a token that two pieces overlap in counts twice.</summary>
    public long TokenCount { get; }

    /// <summary>Documents that were cut into more than one piece.</summary>
    public int Split { get; private init; }

    /// <summary>Documents of which only the first or the last tokens are kept.</summary>
    public int Truncated { get; private init; }

    /// <summary>Documents left out for their length.</summary>
    public int Dropped { get; private init; }

    /// <summary>Documents with too few tokens to train on: none, or no more than <see cref="PieceRules.Lookahead"/>.</summary>
    public int Empty { get; private init; }

    /// <summary>Tokens of documents that are in no piece.</summary>
    public long LostTokens { get; private init; }

    /// <summary>Tokens that stand in two pieces or more, once for each piece beyond the first.</summary>
    public long RepeatedTokens
    {
        get
        {
            var kept = -LostTokens;
            foreach (var length in Documents)
                kept += length;
            return TokenCount - kept;
        }
    }

    /// <summary>Tokens of each piece.</summary>
    public ReadOnlySpan<int> Lengths => _lengths.Span;

    /// <summary>Slots of each piece: the sizes that are packed.</summary>
    public ReadOnlySpan<int> Slots => _slots.Span;

    /// <summary>A piece.</summary>
    /// <param name="piece">From 0 to <see cref="Count"/> - 1.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="piece"/> is outside that range.</exception>
    public Piece this[int piece] =>
        (uint)piece >= (uint)Count
            ? throw new ArgumentOutOfRangeException(nameof(piece), piece, $"There is no piece {piece}, only 0..{Count - 1}.")
        : _pieces is null ? new Piece(piece, 0, _documents[piece]) : _pieces[piece];

    /// <summary>Looks up several pieces at once. O(pieces), faster than one at a time.</summary>
    /// <param name="numbers">Each from 0 to <see cref="Count"/> - 1, such as a pack's.</param>
    /// <param name="pieces">Takes them; at least as long.</param>
    /// <exception cref="ArgumentException"><paramref name="pieces"/> is shorter.</exception>
    /// <exception cref="IndexOutOfRangeException">A number is outside its range.</exception>
    public void CopyTo(ReadOnlySpan<int> numbers, Span<Piece> pieces)
    {
        if (pieces.Length < numbers.Length)
            throw new ArgumentException($"There is room for {pieces.Length} pieces, not {numbers.Length}.", nameof(pieces));
        var documents = Documents;
        // Numbers of a pack lie far apart: loops as short as these keep many reads of memory under way.
        if (_pieces is null)
            for (var i = 0; i < numbers.Length; i++)
                pieces[i] = new Piece(numbers[i], 0, documents[numbers[i]]);
        else
            for (var i = 0; i < numbers.Length; i++)
                pieces[i] = _pieces[numbers[i]];
    }

    /// <summary>The problem of packing the pieces, over the same memory.</summary>
    /// <param name="maxItems">The most pieces of a pack, at least 1; <see cref="BinLimits.Unlimited"/> for no limit.</param>
    /// <exception cref="ArgumentOutOfRangeException">The limit is below 1.</exception>
    public PackingProblem ToProblem(long maxItems = BinLimits.Unlimited) =>
        PackingProblem.Borrow(_slots, new BinLimits(Rules.Capacity, maxItems));

    /// <summary>The pieces; empty where each document is one.</summary>
    internal ReadOnlySpan<Piece> Cuts => _pieces;

    /// <summary>The slots of some pieces, without a copy.</summary>
    internal ReadOnlyMemory<int> SlotsOf(Range pieces) => _slots[pieces];

    /// <summary>The first piece of a document or of one after it. O(log pieces).</summary>
    internal int FirstPieceFrom(int document)
    {
        if (_pieces is null)
            return document;
        var (low, high) = (0, _pieces.Length);
        while (low < high)
        {
            var middle = (low + high) >>> 1;
            (low, high) = _pieces[middle].Document < document ? (middle + 1, high) : (low, middle);
        }
        return low;
    }

    /// <summary>What is done to documents, counted.</summary>
    private sealed class Tally(PieceRules rules)
    {
        public long Pieces, Lost;
        public int Split, Truncated, Dropped, Empty;
        public bool AllWhole = true;

        private readonly int _min = rules.Lookahead, _max = rules.MaxLength;

        public static Tally Of(ReadOnlySpan<int> documents, PieceRules rules)
        {
            var tally = new Tally(rules);
            for (var document = 0; document < documents.Length; document++)
                tally.Add(document, documents[document]);
            return tally;
        }

        private void Add(int document, int length)
        {
            if (length > _min && length <= _max)
            {
                Pieces++;
                return;
            }
            if (length < 0)
                throw new ArgumentOutOfRangeException(
                    "documents", length, $"Document {document} has {length} tokens, which is negative.");
            AllWhole = false;
            Pieces += rules.CountOf(length);
            if (length <= _min)
                (Empty, Lost) = (Empty + 1, Lost + length);
            else
                AddLong(document, length);
        }

        private void AddLong(int document, int length)
        {
            switch (rules.Long)
            {
                case LongDocuments.Split:
                    Split++;
                    break;
                case LongDocuments.Drop:
                    (Dropped, Lost) = (Dropped + 1, Lost + length);
                    break;
                case LongDocuments.Refuse:
                    throw new ArgumentException(
                        $"Document {document} has {length} tokens, above the {_max} that fit a pack.", "documents");
                default:
                    (Truncated, Lost) = (Truncated + 1, Lost + length - _max);
                    break;
            }
        }
    }
}

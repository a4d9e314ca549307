namespace PackingKit;

/// <summary>
/// Documents one after the other, cut wherever a pack is full: what pre-training stacks do by default. Every pack but the last is full, and
/// no document is kept whole for its own sake.
/// </summary>
public static class ContinuousStream
{
    /// <summary>Cuts the stream. O(documents + packs).</summary>
    /// <param name="documents">Tokens of each document, not negative; borrowed, and not to be changed.</param>
    /// <param name="capacity">Tokens of a pack, at least 1.</param>
    /// <param name="overlap">
    /// Tokens that a document repeats where it goes on in the next pack, from <paramref name="lookahead"/> to
    /// <paramref name="capacity"/> - 1: with 1, no cut loses a target.
    /// </param>
    /// <param name="lookahead">As <see cref="PieceRules.Lookahead"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">
    /// A length is negative, where the message names the document; or another argument is outside its range.
    /// </exception>
    /// <exception cref="ArgumentException">There are more pieces than an array holds.</exception>
    public static PackIndex Cut(ReadOnlyMemory<int> documents, int capacity, int overlap = 0, int lookahead = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(lookahead);
        ArgumentOutOfRangeException.ThrowIfLessThan(overlap, lookahead);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(overlap, capacity);
        var rules = new PieceRules(capacity) { Long = LongDocuments.Split, Overlap = overlap, Lookahead = lookahead };
        List<Piece> pieces = [];
        List<int> offsets = [0];
        int residual = capacity, split = 0, empty = 0;
        long lost = 0;
        var lengths = documents.Span;
        for (var document = 0; document < lengths.Length; document++)
        {
            var length = lengths[document];
            if (length < 0)
                throw new ArgumentOutOfRangeException(
                    nameof(documents), length, $"Document {document} has {length} tokens, which is negative.");
            if (length <= lookahead)
            {
                (empty, lost) = (empty + 1, lost + length);
                continue;
            }
            var first = pieces.Count;
            for (int start = 0, end = 0; end < length; start = Math.Max(0, end - overlap))
            {
                if (residual == 0)
                {
                    offsets.Add(pieces.Count);
                    residual = capacity;
                }
                if (pieces.Count == Array.MaxLength)
                    throw new ArgumentException("The documents make more pieces than an array holds.", nameof(documents));
                end = (int)Math.Min(length, (long)start + residual + lookahead);
                pieces.Add(new Piece(document, start, end - start));
                residual -= end - start - lookahead;
            }
            if (pieces.Count > first + 1)
                split++;
        }
        if (pieces.Count > 0)
            offsets.Add(pieces.Count);
        return new PackIndex(
            DocumentPieces.Trusted(documents, rules, [.. pieces], split, empty, lost),
            Packing.Trusted([.. offsets], [.. Enumerable.Range(0, pieces.Count)]));
    }
}

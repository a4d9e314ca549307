namespace PackingKit;

/// <summary>
/// Whether every token of every document stands where the rules put it and in no other place: recounted from the index and the rules
/// alone, without the code that cut and packed.
/// </summary>
public static class PackConservation
{
    /// <summary>Recounts an index. O(pieces + documents), and one bit a piece.</summary>
    /// <returns>What is wrong, first failure first; <see langword="null"/> where nothing is.</returns>
    public static string? FindFault(PackIndex index)
    {
        ArgumentNullException.ThrowIfNull(index);
        return FaultOfPacks(index) ?? FaultOfDocuments(index.Pieces);
    }

    /// <summary>Each piece stands in one pack, and no pack holds more than its slots.</summary>
    private static string? FaultOfPacks(PackIndex index)
    {
        var (pieces, rules) = (index.Pieces, index.Pieces.Rules);
        var seen = new ulong[(pieces.Count + 63) / 64];
        var placed = 0;
        for (var pack = 0; pack < index.PackCount; pack++)
        {
            long load = 0;
            foreach (var piece in index[pack])
            {
                var bit = 1ul << (piece & 63);
                if ((seen[piece >> 6] & bit) != 0)
                    return $"Piece {piece} stands in pack {pack} and in one before it.";
                seen[piece >> 6] |= bit;
                placed++;
                var slots = pieces[piece].Length - rules.Lookahead;
                load += slots + ((rules.Alignment - (slots % rules.Alignment)) % rules.Alignment);
            }
            if (load > rules.Capacity)
                return $"Pack {pack} takes {load} slots of {rules.Capacity}.";
        }
        return placed == pieces.Count ? null : $"{pieces.Count - placed} of {pieces.Count} pieces stand in no pack.";
    }

    /// <summary>The pieces of each document cover what is due of it, in order, and repeat no more than the overlap.</summary>
    private static string? FaultOfDocuments(DocumentPieces pieces)
    {
        var (next, repeated, lost) = (0, 0L, 0L);
        for (var document = 0; document < pieces.Documents.Length; document++)
        {
            var (dueStart, dueEnd) = Due(pieces.Documents[document], pieces.Rules);
            lost += pieces.Documents[document] - (dueEnd - dueStart);
            var covered = dueStart;
            for (var first = next; next < pieces.Count && pieces[next].Document == document; next++)
            {
                var (_, start, length) = pieces[next];
                if (start > covered || start < Math.Max(dueStart, covered - MaxRepeat(next - first, pieces.Rules)))
                    return $"Document {document}: a piece starts at token {start}, where {covered} was due.";
                if (start + length <= covered)
                    return $"Document {document}: a piece ends at token {start + length}, where more than {covered} was due.";
                repeated += covered - start;
                covered = start + length;
            }
            if (covered != dueEnd)
                return $"Document {document}: tokens up to {covered} are packed, {dueEnd} were due.";
        }
        return next < pieces.Count ? $"Piece {next} is of document {pieces[next].Document}, which is not there or came before."
            : lost != pieces.LostTokens ? $"{lost} tokens are lost, {pieces.LostTokens} were counted."
            : repeated != pieces.RepeatedTokens ? $"{repeated} tokens are repeated, {pieces.RepeatedTokens} were counted."
            : null;
    }

    private static int MaxRepeat(int piece, PieceRules rules) => piece == 0 ? 0 : rules.Overlap;

    /// <summary>The tokens of a document that have to be packed.</summary>
    private static (int Start, int End) Due(int length, PieceRules rules)
    {
        if (length <= rules.Lookahead)
            return (0, 0);
        var max = (rules.Capacity - (rules.Capacity % rules.Alignment)) + rules.Lookahead;
        if (length <= max)
            return (0, length);
        return rules.Long switch
        {
            LongDocuments.Split => (0, length),
            LongDocuments.TruncateRight => (0, max),
            LongDocuments.TruncateLeft => (length - max, length),
            _ => (0, 0),
        };
    }
}

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
        var lengths = index.Pieces.Lengths;
        var (capacity, lookahead, alignment) = (index.Pieces.Rules.Capacity, index.Pieces.Rules.Lookahead, index.Pieces.Rules.Alignment);
        var seen = new ulong[(lengths.Length + 63) / 64];
        var placed = 0;
        var offsets = index.Packing.BinOffsets;
        var items = index.Packing.ItemIndices;
        for (var pack = 0; pack < index.PackCount; pack++)
        {
            long load = 0;
            foreach (var piece in items[offsets[pack]..offsets[pack + 1]])
            {
                var bit = 1ul << (piece & 63);
                if ((seen[piece >> 6] & bit) != 0)
                    return $"Piece {piece} stands in pack {pack} and in one before it.";
                seen[piece >> 6] |= bit;
                placed++;
                var slots = lengths[piece] - lookahead;
                load += alignment == 1 ? slots : slots + ((alignment - (slots % alignment)) % alignment);
            }
            if (load > capacity)
                return $"Pack {pack} takes {load} slots of {capacity}.";
        }
        return placed == lengths.Length ? null : $"{lengths.Length - placed} of {lengths.Length} pieces stand in no pack.";
    }

    /// <summary>The pieces of each document cover what is due of it, in order, and repeat no more than the overlap.</summary>
    private static string? FaultOfDocuments(DocumentPieces pieces)
    {
        var (next, repeated, lost) = (0, 0L, 0L);
        var documents = pieces.Documents;
        var cuts = pieces.Cuts;
        var (min, overlap) = (pieces.Rules.Lookahead, pieces.Rules.Overlap);
        var max = pieces.Rules.Capacity - (pieces.Rules.Capacity % pieces.Rules.Alignment) + min;
        for (var document = 0; document < documents.Length; document++)
        {
            var (dueStart, dueEnd) = documents[document] <= max && documents[document] > min ? (0, documents[document])
                : Due(documents[document], max, pieces.Rules);
            lost += documents[document] - (dueEnd - dueStart);
            var covered = dueStart;
            for (var first = next; next < pieces.Count && (cuts.IsEmpty ? next : cuts[next].Document) == document; next++)
            {
                var (_, start, length) = cuts.IsEmpty ? new Piece(next, 0, documents[next]) : cuts[next];
                if (start > covered || start < Math.Max(dueStart, covered - (next == first ? 0 : overlap)))
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

    /// <summary>The tokens of a document that have to be packed.</summary>
    private static (int Start, int End) Due(int length, int max, PieceRules rules)
    {
        if (length <= rules.Lookahead)
            return (0, 0);
        return rules.Long switch
        {
            LongDocuments.Split => (0, length),
            LongDocuments.TruncateRight => (0, max),
            LongDocuments.TruncateLeft => (length - max, length),
            _ => (0, 0),
        };
    }
}

namespace PackingKit.Samples.Training;

/// <summary>Documents made to fit: what is to be packed, and what was done to get there.</summary>
/// <param name="Items">The pieces, in the order of documents and of tokens.</param>
/// <param name="Split">Documents cut into more than one piece.</param>
/// <param name="Truncated">Documents of which only the beginning is left.</param>
/// <param name="Dropped">Documents left out for their length.</param>
/// <param name="Empty">Documents without tokens, of which nothing is packed.</param>
/// <param name="LostTokens">Tokens of truncated and dropped documents that are in no piece.</param>
internal sealed record Pieces(Piece[] Items, int Split, int Truncated, int Dropped, int Empty, long LostTokens)
{
    /// <summary>Memory that packing by a heuristic and writing take for a piece at one time, measured where packs hold several.</summary>
    public const int BytesEach = 72;

    /// <exception cref="BadInputException">
    /// A document is longer than a pack and the rule refuses that, or there is no memory for so many pieces.
    /// </exception>
    public static Pieces Of(ReadOnlySpan<int> documents, int capacity, LongRule rule)
    {
        int split = 0, truncated = 0, dropped = 0, empty = 0;
        long lost = 0, count = 0;
        for (var document = 0; document < documents.Length; document++)
        {
            var length = documents[document];
            var pieces = CountOf(length, capacity, rule);
            count += pieces;
            if (length == 0)
                empty++;
            if (length <= capacity)
                continue;
            if (rule == LongRule.Split)
                split++;
            else if (rule == LongRule.Truncate)
                truncated++;
            else if (rule == LongRule.Drop)
                dropped++;
            else
                throw new BadInputException(
                    $"Document {document} has {length} tokens, above the capacity of {capacity}: choose --long split, truncate or drop.");
            if (rule != LongRule.Split)
                lost += length - (pieces == 0 ? 0 : capacity);
        }
        if (MemoryNeed.Refusal(count, BytesEach) is { } refusal)
            throw new BadInputException($"--capacity {capacity}: the documents make too many pieces. {refusal}");

        var items = new Piece[count];
        for (int document = 0, next = 0; document < documents.Length; document++)
        {
            var pieces = CountOf(documents[document], capacity, rule);
            for (var piece = 0; piece < pieces; piece++)
            {
                var start = piece * capacity;
                items[next++] = new Piece(document, start, Math.Min(capacity, documents[document] - start));
            }
        }
        return new Pieces(items, split, truncated, dropped, empty, lost);
    }

    public int[] Lengths => Array.ConvertAll(Items, piece => piece.Length);

    private static int CountOf(int length, int capacity, LongRule rule) =>
        length == 0 ? 0 : length <= capacity ? 1 : rule == LongRule.Split ? (length - 1) / capacity + 1 : rule == LongRule.Truncate ? 1 : 0;
}

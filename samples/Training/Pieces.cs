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
    /// <exception cref="BadInputException">A document is longer than a pack and the rule refuses that.</exception>
    public static Pieces Of(ReadOnlySpan<int> documents, int capacity, LongRule rule)
    {
        var items = new List<Piece>(documents.Length);
        int split = 0, truncated = 0, dropped = 0, empty = 0;
        long lost = 0;
        for (var document = 0; document < documents.Length; document++)
        {
            var length = documents[document];
            if (length == 0)
                empty++;
            else if (length <= capacity)
                items.Add(new Piece(document, 0, length));
            else if (rule == LongRule.Split)
            {
                split++;
                for (var start = 0; start < length; start += capacity)
                    items.Add(new Piece(document, start, Math.Min(capacity, length - start)));
            }
            else if (rule == LongRule.Truncate)
            {
                truncated++;
                lost += length - capacity;
                items.Add(new Piece(document, 0, capacity));
            }
            else if (rule == LongRule.Drop)
            {
                dropped++;
                lost += length;
            }
            else
                throw new BadInputException(
                    $"Document {document} has {length} tokens, above the capacity of {capacity}: choose --long split, truncate or drop.");
        }
        return new Pieces([.. items], split, truncated, dropped, empty, lost);
    }

    public int[] Lengths => Array.ConvertAll(Items, piece => piece.Length);
}

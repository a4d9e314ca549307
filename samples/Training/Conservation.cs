namespace PackingKit.Samples.Training;

/// <summary>
/// Whether every token of every document stands in exactly one pack, or is among those given up: recounted from the result alone.
/// </summary>
internal static class Conservation
{
    /// <returns>What is wrong, first failure first; <see langword="null"/> where nothing is.</returns>
    public static string? Check(ReadOnlySpan<int> documents, PackIndex index, int capacity, LongRule rule)
    {
        for (var pack = 0; pack < index.PackCount; pack++)
        {
            long load = 0;
            foreach (var piece in index.Items.AsSpan(index.Offsets[pack]..index.Offsets[pack + 1]))
                load += piece.Length;
            if (load < 1 || load > capacity)
                return $"Pack {pack} holds {load} tokens of {capacity}.";
        }

        var pieces = (Piece[])index.Items.Clone();
        Array.Sort(pieces, (a, b) => (a.Document, a.Start).CompareTo((b.Document, b.Start)));
        var next = 0;
        for (var document = 0; document < documents.Length; document++)
        {
            var covered = 0;
            for (; next < pieces.Length && pieces[next].Document == document; next++)
            {
                if (pieces[next].Start != covered)
                    return $"Document {document}: a piece starts at token {pieces[next].Start}, where {covered} was due.";
                covered += pieces[next].Length;
            }
            var due = documents[document] <= capacity || rule == LongRule.Split ? documents[document]
                : rule == LongRule.Truncate ? capacity : 0;
            if (covered != due)
                return $"Document {document}: {covered} tokens are packed, {due} were due.";
        }
        return next == pieces.Length ? null : $"There is a piece of document {pieces[next].Document}, which is not there.";
    }
}

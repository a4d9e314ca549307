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

        var ends = new int[documents.Length + 1]; // of the pieces of each document, once they are placed
        foreach (var piece in index.Items)
        {
            if ((uint)piece.Document >= (uint)documents.Length)
                return $"There is a piece of document {piece.Document}, which is not there.";
            ends[piece.Document + 1]++;
        }
        for (var document = 0; document < documents.Length; document++)
            ends[document + 1] += ends[document];
        var order = new int[index.Items.Length];
        for (var item = 0; item < order.Length; item++)
            order[ends[index.Items[item].Document]++] = item;

        for (var document = 0; document < documents.Length; document++)
        {
            var covered = 0;
            var pieces = order.AsSpan((document == 0 ? 0 : ends[document - 1])..ends[document]);
            if (pieces.Length > 1)
                pieces.Sort((a, b) => index.Items[a].Start.CompareTo(index.Items[b].Start));
            foreach (var item in pieces)
            {
                var piece = index.Items[item];
                if (piece.Start != covered)
                    return $"Document {document}: a piece starts at token {piece.Start}, where {covered} was due.";
                covered += piece.Length;
            }
            var due = documents[document] <= capacity || rule == LongRule.Split ? documents[document]
                : rule == LongRule.Truncate ? capacity : 0;
            if (covered != due)
                return $"Document {document}: {covered} tokens are packed, {due} were due.";
        }
        return null;
    }
}

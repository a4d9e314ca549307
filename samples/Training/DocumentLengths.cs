namespace PackingKit.Samples.Training;

/// <summary>Reads the number of tokens of each document.</summary>
internal static class DocumentLengths
{
    /// <summary>A document this long is a mistake in the file; below it no sum of a pack's or a piece's ends overflows.</summary>
    public const int Longest = 1 << 30;

    /// <summary>
    /// The file that comes with the sample: 19,366 prompts of a conversation service (Azure/AzurePublicDataset, CC BY 4.0).
    /// </summary>
    public static string Shipped => Path.Combine(AppContext.BaseDirectory, "azure-conversation.csv");

    /// <param name="path">.npy: one whole number a document. .jsonl: one document a line. Anything else: what
    /// <see cref="SizeReader"/> reads.</param>
    /// <param name="field">For .jsonl: the property that holds the tokens, as an array, or their number.</param>
    /// <param name="column">For CSV: the column of lengths, by name or number.</param>
    /// <exception cref="BadInputException">The file cannot be read or used; the message says where and why.</exception>
    public static int[] Read(string path, string field, string? column = null)
    {
        try
        {
            using var stream = File.OpenRead(path);
            var ending = Path.GetExtension(path).ToLowerInvariant();
            return ending switch
            {
                ".npy" => FromNpy(stream),
                ".jsonl" => TokenLines.Read(stream, field),
                ".gz" or ".zst" or ".bz2" or ".xz" or ".zip" or ".npz" or ".parquet" or ".arrow" =>
                    throw new FormatException($"Files that end in {ending} are not read: give .jsonl, .npy or text."),
                _ => FromText(stream, column),
            };
        }
        catch (SizeFormatException bad) when (bad.Line > 0)
        {
            throw new BadInputException($"{path}, line {bad.Line}: {bad.Reason}", bad);
        }
        catch (Exception bad) when (bad is IOException or UnauthorizedAccessException or FormatException or ArgumentException)
        {
            throw new BadInputException($"{(path == "" ? "input" : path)}: {Messages.OfFile(path, bad)}", bad);
        }
    }

    /// <exception cref="FormatException">No document has so many tokens.</exception>
    public static int Checked(long length, int document) => length is >= 0 and <= Longest ? (int)length
        : throw new FormatException($"Document {document} has {length} tokens, outside 0..{Longest}.");

    private static int[] FromNpy(FileStream stream)
    {
        var header = Npy.ReadHeader(stream);
        if (header.Shape.Count != 1)
            throw new FormatException(
                $"The array has {header.Shape.Count} dimensions; wanted is one, with the number of tokens of each document.");
        if (header is { Width: 2, IsSigned: false })
            throw new FormatException("The array is of uint16, as arrays of tokens are; lengths of documents must have another type.");
        if (MemoryNeed.Refusal(header.Count, Pieces.BytesEach) is { } refusal)
            throw new FormatException(refusal);
        stream.Position = 0;
        var lengths = Npy.Read(stream).Values;
        return Checked(lengths);
    }

    private static int[] FromText(FileStream stream, string? column)
    {
        using var reader = new StreamReader(stream);
        var sizes = SizeReader.Read(reader, column: column);
        if (MemoryNeed.Refusal(sizes.ItemCount, Pieces.BytesEach) is { } refusal)
            throw new FormatException(refusal);
        // A list that begins with its own length less two looks like n, a capacity and n sizes; but lengths of documents come without a
        // capacity.
        if (sizes.Format != SizeFormat.Bpp)
            return Checked(sizes.Sizes);
        for (var item = 0; item < sizes.ItemCount; item++)
            if (sizes.LineOf(item) < 3 || (item > 0 && sizes.LineOf(item) == sizes.LineOf(item - 1)))
                throw new SizeFormatException(sizes.LineOf(item), "There are two numbers on a line; wanted is the length of one document.");
        return Checked([sizes.ItemCount, sizes.Capacity!.Value, .. sizes.Sizes]);
    }

    private static int[] Checked(ReadOnlySpan<long> lengths)
    {
        var checkedLengths = new int[lengths.Length];
        for (var document = 0; document < lengths.Length; document++)
            checkedLengths[document] = Checked(lengths[document], document);
        return checkedLengths;
    }
}

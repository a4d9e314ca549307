using System.Text.Json;

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

    /// <param name="path">.npy: one whole number a document. .jsonl: one document a line. Anything else: what <see cref="SizeReader"/>
    /// reads.</param>
    /// <param name="field">For .jsonl: the property that holds the tokens, as an array, or their number.</param>
    /// <exception cref="BadInputException">The file cannot be read or used; the message says where and why.</exception>
    public static int[] Read(string path, string field)
    {
        try
        {
            return Path.GetExtension(path) switch
            {
                ".npy" => FromNpy(path),
                ".jsonl" => FromJsonLines(path, field),
                _ => FromText(path),
            };
        }
        catch (SizeFormatException bad)
        {
            throw new BadInputException($"{path}, line {bad.Line}: {bad.Reason}", bad);
        }
        catch (Exception bad) when (bad is IOException or UnauthorizedAccessException or FormatException)
        {
            throw new BadInputException($"{path}: {bad.Message}", bad);
        }
    }

    private static int[] FromNpy(string path)
    {
        using var stream = File.OpenRead(path);
        var (values, shape) = Npy.Read(stream);
        if (shape.Length != 1)
            throw new FormatException(
                $"The array has {shape.Length} dimensions; wanted is one, with the number of tokens of each document.");
        return Checked(values);
    }

    private static int[] FromText(string path)
    {
        var text = File.ReadAllText(path);
        var sizes = SizeReader.Read(new StringReader(text));
        // A list that begins with its own length less two looks like n, a capacity and n sizes; but lengths of documents come without a
        // capacity.
        if (sizes.Format == SizeFormat.Bpp)
            sizes = SizeReader.Read(new StringReader(text), SizeFormat.Sizes);
        return Checked(sizes.Sizes);
    }

    private static int[] FromJsonLines(string path, string field)
    {
        List<long> lengths = [];
        var number = 0;
        foreach (var line in File.ReadLines(path))
        {
            number++;
            if (line.AsSpan().Trim().IsEmpty)
                continue;
            try
            {
                using var document = JsonDocument.Parse(line);
                lengths.Add(LengthOf(document.RootElement, field));
            }
            catch (Exception bad) when (bad is JsonException or FormatException)
            {
                throw new BadInputException($"{path}, line {number}: {bad.Message}", bad);
            }
        }
        return Checked([.. lengths]);
    }

    private static long LengthOf(JsonElement line, string field)
    {
        if (line.ValueKind != JsonValueKind.Object || !line.TryGetProperty(field, out var value))
            throw new FormatException($"There is no property '{field}'.");
        return value.ValueKind == JsonValueKind.Array ? value.GetArrayLength()
            : value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var length) ? length
            : throw new FormatException($"'{field}' is neither an array of tokens nor their number.");
    }

    private static int[] Checked(ReadOnlySpan<long> lengths)
    {
        var checkedLengths = new int[lengths.Length];
        for (var document = 0; document < lengths.Length; document++)
            checkedLengths[document] = lengths[document] is >= 0 and <= Longest ? (int)lengths[document]
                : throw new FormatException($"Document {document} has {lengths[document]} tokens, outside 0..{Longest}.");
        return checkedLengths;
    }
}

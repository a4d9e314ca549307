using System.Text.Json;

namespace PackingKit.Samples.Training;

/// <summary>Counts the tokens of documents that stand one a line, as JSON.</summary>
internal static class TokenLines
{
    private static ReadOnlySpan<byte> ByteOrderMark => [0xEF, 0xBB, 0xBF];

    /// <param name="stream">Lines of one JSON object each; blank ones are skipped.</param>
    /// <param name="field">The property that holds the tokens, as an array, or their number.</param>
    /// <exception cref="FormatException">A line is no document; the message has its number.</exception>
    public static int[] Read(Stream stream, string field)
    {
        List<int> lengths = [];
        var lines = new ByteLines(stream);
        try
        {
            while (lines.TryRead(out var line))
            {
                if (lines.Number == 1 && line.StartsWith(ByteOrderMark))
                    line = line[ByteOrderMark.Length..];
                if (!line.Trim(" \t\r"u8).IsEmpty)
                    lengths.Add(DocumentLengths.Checked(LengthOf(line, field), lengths.Count));
            }
        }
        catch (JsonException bad) // whose message may quote the whole line
        {
            throw new FormatException($"line {lines.Number}: This is no JSON from byte {bad.BytePositionInLine + 1} on.", bad);
        }
        catch (Exception bad) when (bad is FormatException or InvalidOperationException) // the second: half a surrogate pair
        {
            throw new FormatException($"line {lines.Number}: {bad.Message}", bad);
        }
        return [.. lengths];
    }

    private static long LengthOf(ReadOnlySpan<byte> line, string field)
    {
        var json = new Utf8JsonReader(line);
        json.Read();
        long? length = null;
        if (json.TokenType == JsonTokenType.StartObject)
            while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
            {
                var isField = json.ValueTextEquals(field);
                json.Read();
                if (!isField)
                    json.Skip();
                else if (length is null)
                    length = Length(ref json, field);
                else
                    throw new FormatException($"The property '{field}' stands twice.");
            }
        else
            json.Skip();
        json.Read(); // refuses what follows the value
        return length ?? throw new FormatException($"There is no property '{field}'.");
    }

    private static long Length(ref Utf8JsonReader json, string field)
    {
        if (json.TokenType == JsonTokenType.Number && json.TryGetInt64(out var length))
            return length;
        if (json.TokenType != JsonTokenType.StartArray)
            throw new FormatException($"'{field}' is neither an array of tokens nor their number.");
        for (length = 0; json.Read() && json.TokenType != JsonTokenType.EndArray; length++)
            if (json.TokenType != JsonTokenType.Number || !json.TryGetInt64(out var token) || token < 0)
                throw new FormatException($"Token {length} of '{field}' is {Name(json.TokenType)}, not a whole number from 0.");
        return length;
    }

    private static string Name(JsonTokenType type) => type switch
    {
        JsonTokenType.Number => "another number",
        JsonTokenType.String => "a string",
        JsonTokenType.StartArray => "an array",
        JsonTokenType.StartObject => "an object",
        _ => $"{type}".ToLowerInvariant(),
    };
}

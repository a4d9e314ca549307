using System.Text.Json;

namespace PackingKit.Samples.Training;

/// <summary>JSON Lines: one document a line, as its tokens, their number, or text.</summary>
internal sealed class JsonLinesReader : IDocumentReader
{
    private static ReadOnlySpan<byte> ByteOrderMark => [0xEF, 0xBB, 0xBF];

    public bool Reads(string path, InputSettings settings) => path.EndsWith(".jsonl", StringComparison.OrdinalIgnoreCase);

    public void Read(string path, InputSettings settings, IDocumentSink sink)
    {
        using var stream = File.OpenRead(path);
        Read(stream, settings, sink);
    }

    /// <param name="stream">Lines of one JSON object each; blank ones are skipped.</param>
    /// <param name="settings">Names of the properties.</param>
    /// <param name="sink">Takes the documents.</param>
    /// <exception cref="RowException">A line is no document.</exception>
    public static void Read(Stream stream, InputSettings settings, IDocumentSink sink)
    {
        var lines = new ByteLines(stream);
        var document = new Line(settings);
        try
        {
            while (lines.TryRead(out var line))
            {
                if (lines.Number == 1 && line.StartsWith(ByteOrderMark))
                    line = line[ByteOrderMark.Length..];
                if (!line.Trim(" \t\r"u8).IsEmpty)
                    document.Read(line, sink);
            }
        }
        catch (JsonException bad) // whose message may quote the whole line
        {
            throw new RowException($"line {lines.Number}", $"This is no JSON from byte {bad.BytePositionInLine + 1} on.", bad);
        }
        catch (Exception bad) when (bad is FormatException or InvalidOperationException) // the second: half a surrogate pair
        {
            throw new RowException($"line {lines.Number}", bad.Message, bad);
        }
    }

    /// <summary>One line at a time, in memory that is used again.</summary>
    private sealed class Line(InputSettings settings)
    {
        private readonly TextTokenizer? _tokenizer = TextTokenizer.Of(settings);
        private readonly string _field = settings.TextField ?? settings.Field;
        private int[] _tokens = new int[256];
        private float[] _weights = new float[256];

        public void Read(ReadOnlySpan<byte> line, IDocumentSink sink)
        {
            var json = new Utf8JsonReader(line);
            json.Read();
            int? count = null, weights = null;
            long? length = null;
            if (json.TokenType == JsonTokenType.StartObject)
                while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
                {
                    var (isField, isWeight) = (json.ValueTextEquals(_field), Is(ref json, settings.WeightField));
                    var isTwice = isField ? count ?? length : isWeight ? weights : null;
                    if (isTwice is not null)
                        throw new FormatException($"The property '{(isField ? _field : settings.WeightField)}' stands twice.");
                    json.Read();
                    if (isWeight)
                        weights = ReadArray(ref json, settings.WeightField!, ref _weights, Weight, "weights");
                    else if (!isField)
                        json.Skip();
                    else if (_tokenizer is not null)
                        count = Tokenize(ref json);
                    else if (json.TokenType == JsonTokenType.Number && json.TryGetInt64(out var number))
                        length = number;
                    else
                        count = ReadArray(ref json, _field, ref _tokens, Token, "tokens");
                }
            else
                json.Skip();
            json.Read(); // refuses what follows the value
            if (length is { } known)
                sink.AddLength(known);
            else if (count is null)
                throw new FormatException($"There is no property '{_field}'.");
            else if (settings.WeightField is not null && weights is null)
                throw new FormatException($"There is no property '{settings.WeightField}'.");
            else if (settings.WeightField is not null && weights != count)
                throw new FormatException($"'{settings.WeightField}' has {weights} weights for {count} tokens.");
            else
                sink.Add(_tokens.AsSpan(0, count.Value), _weights.AsSpan(0, weights ?? 0));
        }

        private static bool Is(ref Utf8JsonReader json, string? name) => name is not null && json.ValueTextEquals(name);

        private int Tokenize(ref Utf8JsonReader json)
        {
            if (json.TokenType != JsonTokenType.String)
                throw new FormatException($"'{_field}' is {Name(json.TokenType)}, not a text.");
            var tokens = _tokenizer!.Encode(json.GetString()!);
            if (_tokens.Length < tokens.Count)
                Array.Resize(ref _tokens, tokens.Count);
            for (var i = 0; i < tokens.Count; i++)
                _tokens[i] = tokens[i];
            return tokens.Count;
        }

        private static int ReadArray<T>(ref Utf8JsonReader json, string field, ref T[] values, Parse<T> parse, string what)
        {
            if (json.TokenType != JsonTokenType.StartArray)
                throw new FormatException(
                    $"'{field}' is neither an array of {what}{(what == "tokens" ? " nor their number" : "")}.");
            var count = 0;
            for (; json.Read() && json.TokenType != JsonTokenType.EndArray; count++)
            {
                if (count == values.Length)
                    Array.Resize(ref values, 2 * count);
                if (!parse(ref json, out values[count]))
                    throw new FormatException(what == "tokens"
                        ? $"Token {count} of '{field}' is {Name(json.TokenType)}, not a whole number from 0."
                        : $"Weight {count} of '{field}' is {Name(json.TokenType)}, not a number from 0.");
            }
            return count;
        }

        private static bool Token(ref Utf8JsonReader json, out int token)
        {
            token = 0;
            return json.TokenType == JsonTokenType.Number && json.TryGetInt32(out token) && token >= 0;
        }

        private static bool Weight(ref Utf8JsonReader json, out float weight)
        {
            weight = json.TokenType == JsonTokenType.True ? 1 : 0;
            return json.TokenType is JsonTokenType.True or JsonTokenType.False
                || (json.TokenType == JsonTokenType.Number && json.TryGetSingle(out weight) && weight >= 0 && float.IsFinite(weight));
        }

        private static string Name(JsonTokenType type) => type switch
        {
            JsonTokenType.Number => "another number",
            JsonTokenType.String => "a string",
            JsonTokenType.StartArray => "an array",
            JsonTokenType.StartObject => "an object",
            _ => $"{type}".ToLowerInvariant(),
        };

        private delegate bool Parse<T>(ref Utf8JsonReader json, out T value);
    }
}

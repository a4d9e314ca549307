using System.Text.Json;
using System.Text.Json.Serialization;

namespace PackingKit.Samples.Training;

/// <summary>What manifest.json says of a packed data set: nothing that depends on when or where it was made.</summary>
internal sealed record Manifest
{
    public const string FileName = "manifest.json";

    public string Format { get; init; } = "packingkit-data";

    public int Version { get; init; } = 3;

    /// <summary>SHA-256 over the content of the inputs and every setting.</summary>
    public required string Fingerprint { get; init; }

    public required PackSettings Settings { get; init; }

    public required ValueList<SourceFile> Sources { get; init; }

    /// <summary>Documents taken, and what became of them.</summary>
    public required int Documents { get; init; }

    public required int Pieces { get; init; }

    /// <summary>Tokens in packs; one that two pieces share counts twice.</summary>
    public required long Tokens { get; init; }

    public required int Split { get; init; }

    public required int Truncated { get; init; }

    public required int Dropped { get; init; }

    public required int Empty { get; init; }

    /// <summary>Tokens in no pack, and tokens that stand in one more.</summary>
    public required long LostTokens { get; init; }

    public required long RepeatedTokens { get; init; }

    public required int Packs { get; init; }

    public required long LowerBound { get; init; }

    public required string BoundRule { get; init; }

    public required long Gap { get; init; }

    public required double Fill { get; init; }

    public required int MaxPiecesPerPack { get; init; }

    /// <summary>The sum of squared lengths over that of squared capacities: the attention that is left of that of full rows.</summary>
    public required double AttentionShare { get; init; }

    public required int BlockLength { get; init; }

    public required ValueList<PackedFile> Files { get; init; }

    /// <summary>XXH128 of this file with the checksum empty.</summary>
    public string Checksum { get; init; } = "";

    public static JsonSerializerOptions Json { get; } = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.KebabCaseLower), new ValueListConverter() },
    };

    /// <summary>The bytes of the file.</summary>
    public byte[] ToBytes()
    {
        var open = JsonSerializer.SerializeToUtf8Bytes(this with { Checksum = "" }, Json);
        return JsonSerializer.SerializeToUtf8Bytes(
            this with { Checksum = Convert.ToHexStringLower(System.IO.Hashing.XxHash128.Hash(open)) }, Json);
    }

    /// <exception cref="FormatException">The bytes are not those of a manifest, each as it was written.</exception>
    public static Manifest Parse(byte[] bytes)
    {
        try
        {
            var manifest = JsonSerializer.Deserialize<Manifest>(bytes, Json);
            if (manifest is not null && manifest.ToBytes().AsSpan().SequenceEqual(bytes))
                return manifest;
        }
        catch (Exception bad) when (bad is JsonException or NotSupportedException or ArgumentException or InvalidOperationException)
        {
            throw new FormatException(bad.Message, bad);
        }
        throw new FormatException("It is not as it was written: its checksum is another.");
    }

    /// <summary>Lists that compare by content, as arrays.</summary>
    private sealed class ValueListConverter : JsonConverterFactory
    {
        public override bool CanConvert(Type typeToConvert) =>
            typeToConvert.IsGenericType && typeToConvert.GetGenericTypeDefinition() == typeof(ValueList<>);

        public override JsonConverter CreateConverter(Type typeToConvert, JsonSerializerOptions options) =>
            (JsonConverter)Activator.CreateInstance(typeof(Of<>).MakeGenericType(typeToConvert.GenericTypeArguments))!;

        private sealed class Of<T> : JsonConverter<ValueList<T>>
        {
            public override ValueList<T> Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
                ValueList.Create<T>(JsonSerializer.Deserialize<T[]>(ref reader, options));

            public override void Write(Utf8JsonWriter writer, ValueList<T> value, JsonSerializerOptions options) =>
                JsonSerializer.Serialize(writer, value.AsSpan().ToArray(), options);
        }
    }
}

/// <summary>An input.</summary>
/// <param name="Name">Of the file, without its folder.</param>
/// <param name="Bytes">Its length.</param>
/// <param name="Hash">XXH128 of its content.</param>
internal sealed record SourceFile(string Name, long Bytes, string Hash);

/// <summary>A file of the result.</summary>
/// <param name="Name">In the folder.</param>
/// <param name="Bytes">Its length.</param>
/// <param name="Packs">Packs in it; 0 of files beside the rows.</param>
/// <param name="Slots">Slots of them.</param>
/// <param name="Blocks">XXH3 of each block.</param>
internal sealed record PackedFile(string Name, long Bytes, int Packs, long Slots, ValueList<string> Blocks);

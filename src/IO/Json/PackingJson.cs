using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace PackingKit;

/// <summary>
/// The JSON of records, histograms, plans, certificates and streaming states, generated at compile time: nothing is reflected on, so
/// trimmed and native programs can use it.
/// </summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    AllowDuplicateProperties = false,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    Converters = [typeof(PackingStatusConverter)])]
[JsonSerializable(typeof(PackingRecord))]
[JsonSerializable(typeof(HistogramDocument))]
[JsonSerializable(typeof(PlanDocument))]
[JsonSerializable(typeof(CertificateDocument))]
[JsonSerializable(typeof(StreamingDocument))]
internal sealed partial class PackingJson : JsonSerializerContext
{
    /// <summary>
    /// Reads a document; whatever is wrong with the text or with what is built from it is a <see cref="FormatException"/>.
    /// </summary>
    public static TResult Read<TDocument, TResult>(string json, JsonTypeInfo<TDocument> type, Func<TDocument, TResult> build)
    {
        ArgumentNullException.ThrowIfNull(json);
        try
        {
            return build(JsonSerializer.Deserialize(json, type) ?? throw new FormatException("The text is the JSON value null."));
        }
        catch (Exception broken) when (broken is JsonException or ArgumentException or OverflowException)
        {
            // The reader names types of ours, which say nothing to who wrote the text.
            var isUnfit = broken.Message.Contains("could not be converted", StringComparison.Ordinal);
            var message = isUnfit && broken is JsonException { Path: { } path } unfit
                ? $"The value at {path}, line {unfit.LineNumber + 1}, is not of the type that belongs there." : broken.Message;
            throw new FormatException(Excerpt.OfMessage(message), broken);
        }
    }

    /// <summary>Refuses a document of another format or of a later version.</summary>
    public static void Expect(string format, int version, string foundFormat, int foundVersion)
    {
        if (foundFormat != format || foundVersion < 1 || foundVersion > version)
            throw new FormatException(
                $"Expected format {format}, version {version}{(version > 1 ? " or before" : "")}; "
                + $"found {Excerpt.Of(foundFormat)}, version {foundVersion}.");
    }

    /// <summary>Limits as documents have them: the item limit is left out where there is none.</summary>
    public static BinLimits Limits(long capacity, long? maxItems) => new(capacity, maxItems ?? BinLimits.Unlimited);

    /// <summary>A histogram as documents have it.</summary>
    public static long[][] Pairs(SizeHistogram histogram) => [.. histogram.Pairs().Select(pair => new[] { pair.Size, pair.Count })];

    /// <summary>A histogram from a document; sizes must decrease.</summary>
    public static SizeHistogram Histogram(long[]?[] pairs)
    {
        Check(pairs, "histogram", 2);
        for (var i = 1; i < pairs.Length; i++)
            if (pairs[i]![0] >= pairs[i - 1]![0])
                throw new FormatException($"Entry {i} of histogram has size {pairs[i]![0]}, not below {pairs[i - 1]![0]} before it.");
        return SizeHistogram.FromCounts(pairs.Select(pair => new SizeCount(pair![0], pair[1])));
    }

    /// <summary>Refuses rows that have not so many numbers.</summary>
    public static void Check(long[]?[] rows, string property, int width)
    {
        for (var i = 0; i < rows.Length; i++)
            if (rows[i]?.Length != width)
                throw new FormatException($"Entry {i} of {property} must be an array of {width} numbers.");
    }

    /// <summary>The item limit as documents have it.</summary>
    public static long? MaxItems(BinLimits limits) => limits.HasItemLimit ? limits.MaxItems : null;
}

/// <summary>Status in lower case: "optimal", "feasible".</summary>
internal sealed class PackingStatusConverter()
    : JsonStringEnumConverter<PackingStatus>(JsonNamingPolicy.CamelCase, allowIntegerValues: false);

/// <summary>A histogram in JSON: pairs of size and count.</summary>
internal sealed record HistogramDocument(string Format, int Version, long[][] Histogram);

/// <summary>A plan in JSON: histogram pairs are size and count, placements size, first bin, bins and copies in each.</summary>
internal sealed record PlanDocument(
    string Format,
    int Version,
    long Capacity,
    long[][] Histogram,
    long[][] Placements,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] long? MaxItems = null);

/// <summary>
/// A certificate in JSON: patterns are bins, then size and copies in turn; prices are size and price. A refutation is what version 2 has
/// beside version 1, and nodes without another case what version 3 has.
/// </summary>
internal sealed record CertificateDocument(
    string Format,
    int Version,
    long Capacity,
    long[][] Patterns,
    long LowerBound,
    string BoundRule,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] long? MaxItems = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] PricesDocument? Prices = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] RefutationDocument? Refutation = null);

/// <summary>The prices of a certificate in JSON: pairs of size and price.</summary>
internal sealed record PricesDocument(long[][] Sizes, long Limit, long Bins);

/// <summary>A streaming state in JSON.</summary>
internal sealed record StreamingDocument(StreamingOptions Options, long Arrived, StreamedItem[] Waiting, StreamedItem[] Open);

/// <summary>The proof of a certificate in JSON: sizes are size and weight, fixed bins one or two types, then the number of bins.</summary>
internal sealed record RefutationDocument(long Bins, long Capacity, long[][] Sizes, long[][] Fixed, RefutationNodeDocument[] Nodes);

/// <summary>A node of a proof in JSON: either the two types of a branch or the prices of a leaf.</summary>
internal sealed record RefutationNodeDocument(
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int[]? Pair = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int[]? Forced = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int[]? Fill = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] long[]? Prices = null);

using System.Text.Json;
using System.Text.Json.Serialization;

namespace PackingKit;

/// <summary>
/// The JSON of records, plans, certificates and streaming states, generated at compile time: nothing is reflected on, so trimmed and native
/// programs can use it.
/// </summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    Converters = [typeof(PackingStatusConverter)])]
[JsonSerializable(typeof(PackingRecord))]
[JsonSerializable(typeof(PlanDocument))]
[JsonSerializable(typeof(CertificateDocument))]
[JsonSerializable(typeof(StreamingState))]
internal sealed partial class PackingJson : JsonSerializerContext;

/// <summary>Status in lower case: "optimal", "feasible".</summary>
internal sealed class PackingStatusConverter()
    : JsonStringEnumConverter<PackingStatus>(JsonNamingPolicy.CamelCase, allowIntegerValues: false);

/// <summary>A plan as it stands in JSON: histogram pairs are size and count, placements size, first bin, bins and copies in each.</summary>
internal sealed record PlanDocument(
    string Format,
    int Version,
    long Capacity,
    long[][] Histogram,
    long[][] Placements,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int? MaxItems = null);

/// <summary>A certificate as it stands in JSON: patterns are bins, then size and copies in turn; prices are size and price.</summary>
internal sealed record CertificateDocument(
    string Format,
    int Version,
    long Capacity,
    long[][] Patterns,
    long LowerBound,
    string BoundRule,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int? MaxItems = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] PricesDocument? Prices = null);

/// <summary>The prices of a certificate as they stand in JSON: pairs of size and price.</summary>
internal sealed record PricesDocument(long[][] Sizes, long Limit, long Bins);

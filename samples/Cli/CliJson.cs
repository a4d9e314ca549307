using System.Text.Json;
using System.Text.Json.Serialization;

namespace PackingKit.Cli;

/// <summary>The JSON of the commands that print no packing, generated at compile time.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    Converters = [typeof(CertificateStatusConverter), typeof(PackingStatusConverter),
        typeof(CuttingStockStatusConverter)])]
[JsonSerializable(typeof(BoundRecord))]
[JsonSerializable(typeof(ValidationRecord))]
[JsonSerializable(typeof(StrategyRecord))]
[JsonSerializable(typeof(PrefixRecord))]
[JsonSerializable(typeof(VerdictRecord))]
[JsonSerializable(typeof(ItemsRecord))]
[JsonSerializable(typeof(CutRecord))]
[JsonSerializable(typeof(BalanceRecord))]
[JsonSerializable(typeof(DescriptionRecord))]
[JsonSerializable(typeof(ComparisonRecord))]
internal sealed partial class CliJson : JsonSerializerContext;

/// <summary>What <c>bound --json</c> prints for a file.</summary>
internal sealed record BoundRecord(string File, long Capacity, long Items, long L1, long L2, long LowerBound, string Rule);

/// <summary>What <c>validate --json</c> prints for a packing; the rules it was made under are not checked.</summary>
internal sealed record ValidationRecord(
    string File, bool Valid, IReadOnlyList<ViolationRecord> Violations, IReadOnlyList<string>? NotChecked);

/// <summary>A violation by its type and in words.</summary>
internal sealed record ViolationRecord(string Type, string Message);

/// <summary>What <c>strategies --json</c> prints for a strategy.</summary>
internal sealed record StrategyRecord(string Id, string Description);

/// <summary>What <c>prefix --json</c> prints: figures of the file, then of the passes of all prompts but those left out, by line.</summary>
internal sealed record PrefixRecord(
    int Prompts, long Tokens, long DistinctTokens, long Budget, string Strategy, int Passes, long LowerBound, PackingStatus Status,
    int[] LeftOut);

/// <summary>What <c>certify check --json</c> prints for a certificate.</summary>
internal sealed record VerdictRecord(string File, CertificateStatus Status, long? Bins, long LowerBound, bool Optimal, string Reason)
{
    public static VerdictRecord Of(string file, CertificateVerdict verdict) =>
        new(file, verdict.Status, verdict.Bins, verdict.LowerBound, verdict.IsOptimal, verdict.Reason);
}

/// <summary>Status in lower case: "verified", "boundNotCertified", "refused".</summary>
internal sealed class CertificateStatusConverter() : JsonStringEnumConverter<CertificateStatus>(JsonNamingPolicy.CamelCase);

/// <summary>Status in lower case: "optimal", "feasible", "infeasible", "unknown".</summary>
internal sealed class CuttingStockStatusConverter() : JsonStringEnumConverter<CuttingStockStatus>(JsonNamingPolicy.CamelCase);

/// <summary>Status in lower case: "optimal", "feasible".</summary>
internal sealed class PackingStatusConverter() : JsonStringEnumConverter<PackingStatus>(JsonNamingPolicy.CamelCase);

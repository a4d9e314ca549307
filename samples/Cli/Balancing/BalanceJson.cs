using System.Text.Json;
using System.Text.Json.Serialization;

namespace PackingKit.Cli;

/// <summary>The bins with the names of their items as one JSON object.</summary>
internal static class BalanceJson
{
    public static void Write(TextWriter output, PackedItems packed, BalancingResult result)
    {
        var sizes = packed.Input.Sizes;
        BinRecord[] bins =
        [
            .. packed.Bins.SelectMany(bins => Enumerable.Range(bins.First, bins.Last - bins.First + 1).Select(bin => new BinRecord(
                bin, bins.Bin.Load, [.. bins.Pieces.Select(piece => new PieceRecord(piece.Row.Name, piece.Row.Size, piece.Count))]))),
        ];
        var record = new BalanceRecord(
            packed.Input.File, result.Strategy, packed.Unit.Length == 0 ? null : packed.Unit,
            result.Gap == 0 ? PackingStatus.Optimal : PackingStatus.Feasible, sizes.FromUnits(result.LargestLoad),
            sizes.FromUnits(result.LowerBound), bins);
        output.WriteLine(JsonSerializer.Serialize(record, CliJson.Default.BalanceRecord));
    }
}

/// <summary>What <c>balance --items json</c> prints.</summary>
internal sealed record BalanceRecord(
    string File,
    string Strategy,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Unit,
    PackingStatus Status,
    decimal LargestLoad,
    decimal LowerBound,
    IReadOnlyList<BinRecord> Bins);

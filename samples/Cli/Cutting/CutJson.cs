using System.Text.Json;
using System.Text.Json.Serialization;

namespace PackingKit.Cli;

/// <summary>The plan with the names of the items as one JSON object.</summary>
internal static class CutJson
{
    public static void Write(TextWriter output, CutPlan plan, PackedItems packed)
    {
        CutBinRecord[] bins =
        [
            .. packed.Bins.SelectMany(bins => Enumerable.Range(bins.First, bins.Last - bins.First + 1).Select(bin => new CutBinRecord(
                bin, bins.Bin.Capacity, bins.Bin.Load, bins.Bin.Left,
                [.. bins.Pieces.Select(piece => new PieceRecord(piece.Row.Name, piece.Row.Size, piece.Count))]))),
        ];
        var record = new CutRecord(
            plan.Input.File, packed.Unit.Length == 0 ? null : packed.Unit, plan.Result.Status, plan.Cost, plan.LowerBound,
            [.. plan.Used.Select(used => new StockRecord(
                used.Kind.Length, used.Kind.Cost ?? used.Kind.Length, used.Kind.Count, used.Bins))],
            bins);
        output.WriteLine(JsonSerializer.Serialize(record, CliJson.Default.CutRecord));
    }
}

/// <summary>What <c>cut --items json</c> prints.</summary>
internal sealed record CutRecord(
    string File,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Unit,
    CuttingStockStatus Status,
    decimal Cost,
    decimal LowerBound,
    IReadOnlyList<StockRecord> Stock,
    IReadOnlyList<CutBinRecord> Bins);

/// <summary>A kind of stock, how many there are where they are limited, and how many are used.</summary>
internal sealed record StockRecord(decimal Length, decimal Cost, long? Count, long Used);

/// <summary>A bin, from 1, what it holds, and what is left of it in one piece.</summary>
internal sealed record CutBinRecord(int Bin, decimal Stock, decimal Load, decimal Left, IReadOnlyList<PieceRecord> Items);

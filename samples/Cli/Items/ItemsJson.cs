using System.Text.Json;
using System.Text.Json.Serialization;

namespace PackingKit.Cli;

/// <summary>The bins with the names of their items as one JSON object.</summary>
internal static class ItemsJson
{
    public static void Write(TextWriter output, PackedItems packed, PackingResult result)
    {
        BinRecord[] bins =
        [
            .. packed.Bins.SelectMany(bins => Enumerable.Range(bins.First, bins.Last - bins.First + 1).Select(bin => new BinRecord(
                bin, bins.Bin.Load, [.. bins.Pieces.Select(piece => new PieceRecord(piece.Row.Name, piece.Row.Size, piece.Count))]))),
        ];
        var record = new ItemsRecord(
            packed.Input.File, result.Strategy, packed.Input.Capacity, packed.Unit.Length == 0 ? null : packed.Unit,
            result.Bound.Bins, bins);
        output.WriteLine(JsonSerializer.Serialize(record, CliJson.Default.ItemsRecord));
    }
}

/// <summary>What <c>pack --items json</c> prints.</summary>
internal sealed record ItemsRecord(
    string File,
    string Strategy,
    decimal Capacity,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Unit,
    long LowerBound,
    IReadOnlyList<BinRecord> Bins);

/// <summary>A bin, from 1, and what it holds.</summary>
internal sealed record BinRecord(int Bin, decimal Load, IReadOnlyList<PieceRecord> Items);

/// <summary>How many items of one name a bin holds.</summary>
internal sealed record PieceRecord(string Id, decimal Size, int Count);

namespace PackingKit.Cli;

/// <summary>
/// The lines of the file again, each with the number of its bin. A line whose items are in several bins comes once for each, with the
/// number of items there in its column of counts, so that the output packs as the input does.
/// </summary>
internal static class ItemsCsv
{
    private const string BinColumn = "bin", StockColumn = "stock";

    /// <summary>Refuses a file that has a column of bins (or of their stock, where that is told) already, before any work.</summary>
    public static void Check(Input input, bool areAlike = true)
    {
        foreach (var column in areAlike ? [BinColumn] : (string[])[BinColumn, StockColumn])
            if (input.Sizes.Columns.Contains(column, StringComparer.OrdinalIgnoreCase))
                throw new InputException(input.File, 0, $"There is a column '{column}' already, and the output would have two.");
    }

    public static void Write(TextWriter output, PackedItems packed, string? countColumn)
    {
        var shares = Shares(packed);
        if (packed.Rows.Table is { } table)
        {
            if (table.Header is { } header)
                output.WriteLine($"{header}{table.Delimiter}{Header(packed, table.Delimiter)}");
            table.WriteWith(output, countColumn is null ? null : table.IndexOf(countColumn), shares);
            return;
        }
        var counted = packed.Input.Sizes.Format == SizeFormat.Histogram;
        output.WriteLine($"{(counted ? "size,count" : "item,size")},{Header(packed, ',')}");
        foreach (var row in packed.Rows.All)
            foreach (var (count, bin) in shares[row.Index]!)
                output.WriteLine(counted ? $"{row.Size},{count},{bin}" : $"{row.Index + 1},{row.Size},{bin}");
    }

    private static string Header(PackedItems packed, char delimiter) =>
        packed.AreAlike ? BinColumn : $"{BinColumn}{delimiter}{StockColumn}";

    /// <summary>How many items of each row are in which bin, in the order of the bins, with the fields that tell the bin.</summary>
    private static List<(int Count, string Bin)>?[] Shares(PackedItems packed)
    {
        var shares = new List<(int Count, string Bin)>?[packed.Rows.Table?.Numbers.Count ?? packed.Rows.All.Count];
        var delimiter = packed.Rows.Table?.Delimiter ?? ',';
        foreach (var bins in packed.Bins)
            for (var bin = bins.First; bin <= bins.Last; bin++)
                foreach (var (row, count) in bins.Pieces)
                    (shares[row.Index] ??= []).Add((count, packed.AreAlike ? $"{bin}" : $"{bin}{delimiter}{bins.Bin.Capacity}"));
        return shares;
    }
}

namespace PackingKit.Cli;

/// <summary>A list to cut or to load by: each bin, or each run of equal bins, with what it holds.</summary>
internal static class ItemsText
{
    public static void Write(TextWriter output, PackedItems packed)
    {
        output.WriteLine($"{packed.Input.File}: {packed.Verdict}");
        var sizes = packed.Rows.All.Select(row => packed.Measure(row.Size).Length).DefaultIfEmpty().Max();
        var counts = packed.Bins.SelectMany(bins => bins.Pieces).Select(piece => $"{piece.Count}".Length).DefaultIfEmpty().Max();
        foreach (var bins in packed.Bins)
        {
            output.WriteLine();
            output.WriteLine($"{packed.TitleOf(bins)}: {packed.Describe(bins)}");
            foreach (var (row, count) in bins.Pieces)
                output.WriteLine($"  {$"{count}".PadLeft(counts)} x {packed.Measure(row.Size).PadLeft(sizes)}  {row.Name}");
        }
    }
}

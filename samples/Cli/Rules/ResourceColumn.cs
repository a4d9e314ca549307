using System.Globalization;

namespace PackingKit.Cli;

/// <summary>A column of sizes beside the main one, and what a bin holds of it.</summary>
/// <param name="Column">Its name or number.</param>
/// <param name="Capacity">Above 0, as the file measures it.</param>
internal readonly record struct ResourceColumn(string Column, decimal Capacity)
{
    /// <summary>Reads "images=8"; a name may have an equals sign of its own.</summary>
    public static bool TryParse(string text, out ResourceColumn column)
    {
        var at = text.LastIndexOf('=');
        column = default;
        if (at < 1 || !decimal.TryParse(text[(at + 1)..], NumberStyles.Float, CultureInfo.InvariantCulture, out var capacity)
            || capacity is not (> 0 and <= long.MaxValue))
            return false;
        column = new(text[..at], capacity);
        return true;
    }

    /// <summary>The sizes of an input in this column, on the same lines as the main ones.</summary>
    /// <exception cref="InputException">There is no such column, or it is not one of sizes.</exception>
    public SizeList Read(Input input, string? countColumn)
    {
        if (input.Sizes.Format != SizeFormat.Csv)
            throw new InputException(input.File, 0, "Only CSV has columns for --resource to choose from.");
        try
        {
            using var reader = new StringReader(input.Text!);
            var sizes = SizeReader.ReadDecimals(reader, SizeFormat.Csv, Column, countColumn);
            return sizes.Without(input.LeftOut);
        }
        catch (SizeFormatException bad)
        {
            throw new InputException(input.File, bad.Line, bad.Reason);
        }
    }
}

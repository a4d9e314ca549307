using System.Globalization;
using System.Text;

namespace PackingKit;

/// <summary>The layouts with fields: a column of CSV, and size and count pairs.</summary>
internal static class CsvSizes
{
    private static readonly char[] Delimiters = [',', ';', '\t'];

    /// <summary>The first delimiter on a line outside quotes; <see langword="null"/> where there is none.</summary>
    public static char? Delimiter(string line)
    {
        var quoted = false;
        foreach (var letter in line)
        {
            if (letter == '"')
                quoted = !quoted;
            else if (!quoted && Delimiters.Contains(letter))
                return letter;
        }
        return null;
    }

    public static bool IsHistogramHeader(string line) =>
        Fields(new SizeLine(1, line), Delimiter(line) ?? ',') is [_, var count]
        && count.Trim().Equals("count", StringComparison.OrdinalIgnoreCase);

    public static SizeList Read(List<SizeLine> lines, string? column)
    {
        List<long> sizes = [];
        List<int> numbers = [];
        if (lines.Count == 0)
            return column is null || IsNumber(column) ? new SizeList(SizeFormat.Csv, [], []) : throw NoColumn(1, column, []);
        var delimiter = Delimiter(lines[0].Text) ?? ',';
        var first = Fields(lines[0], delimiter);
        var index = Choose(first, column, lines[0].Number);
        // A header is there if the column was found by its name, or if the first field of the column is no number.
        var header = (column is not null && !IsNumber(column)) || !IsNumber(first[index]);
        foreach (var line in lines.Skip(header ? 1 : 0))
        {
            var fields = Fields(line, delimiter);
            if (index >= fields.Count)
                throw new SizeFormatException(line.Number, $"There are {fields.Count} fields, and the size is to be in field {index + 1}.");
            sizes.Add(SizeReader.Parse(fields[index], line.Number));
            numbers.Add(line.Number);
        }
        return new SizeList(SizeFormat.Csv, [.. sizes], [.. numbers]);
    }

    public static SizeList ReadHistogram(List<SizeLine> lines)
    {
        List<long> sizes = [];
        List<int> numbers = [];
        var delimiter = lines.Count == 0 ? ',' : Delimiter(lines[0].Text) ?? ',';
        var header = lines.Count > 0 && !IsNumber(Fields(lines[0], delimiter)[0]);
        foreach (var line in lines.Skip(header ? 1 : 0))
        {
            var fields = Fields(line, delimiter);
            if (fields is not [var sizeText, var countText])
                throw new SizeFormatException(line.Number, $"Expected two fields, a size and a count, found {fields.Count}.");
            var size = SizeReader.Parse(sizeText, line.Number);
            var count = SizeReader.Parse(countText, line.Number, "count");
            if (count > Array.MaxLength - sizes.Count)
                throw new SizeFormatException(line.Number, $"The counts add up to more items than a list can hold, {Array.MaxLength}.");
            sizes.AddRange(Enumerable.Repeat(size, (int)count));
            numbers.AddRange(Enumerable.Repeat(line.Number, (int)count));
        }
        return new SizeList(SizeFormat.Histogram, [.. sizes], [.. numbers]);
    }

    private static int Choose(List<string> first, string? column, int line)
    {
        if (column is null)
            return first.Count == 1 ? 0
                : throw new SizeFormatException(line, $"There are {first.Count} columns ({Names(first)}); one must be named.");
        var index = IsNumber(column) && int.TryParse(column, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number - 1
            : first.FindIndex(field => field.Trim() == column);
        return index >= 0 && index < first.Count ? index : throw NoColumn(line, column, first);
    }

    private static SizeFormatException NoColumn(int line, string column, List<string> first) =>
        new(line, $"There is no column '{column}'; there are {first.Count}{(first.Count == 0 ? "" : $" ({Names(first)})")}.");

    private static string Names(List<string> fields) => string.Join(", ", fields.Select(field => field.Trim()));

    private static bool IsNumber(string text) => long.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out _);

    /// <summary>The fields of a line: quotes keep delimiters inside a field, and two quotes in a quoted field are one.</summary>
    private static List<string> Fields(SizeLine line, char delimiter)
    {
        List<string> fields = [];
        var field = new StringBuilder();
        var quoted = false;
        for (var i = 0; i < line.Text.Length; i++)
        {
            var letter = line.Text[i];
            if (letter == '"' && quoted && i + 1 < line.Text.Length && line.Text[i + 1] == '"')
                field.Append(line.Text[i++]);
            else if (letter == '"')
                quoted = !quoted;
            else if (letter == delimiter && !quoted)
            {
                fields.Add(field.ToString());
                field.Clear();
            }
            else
                field.Append(letter);
        }
        if (quoted)
            throw new SizeFormatException(line.Number, "A quoted field does not end on its line.");
        fields.Add(field.ToString());
        return fields;
    }
}

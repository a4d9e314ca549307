using System.Globalization;
using System.Text;

namespace PackingKit;

/// <summary>The layouts with fields: a column of CSV, and size and count pairs.</summary>
internal static class CsvSizes
{
    private static readonly char[] Delimiters = [',', ';', '\t'];
    private static readonly HashSet<string> Totals = new(["total", "totals", "sum", "grand total"], StringComparer.OrdinalIgnoreCase);

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

    public static SizeList Read(IEnumerable<SizeLine> lines, string? column, string? count, SizeListBuilder sizes)
    {
        using var line = lines.GetEnumerator();
        if (!line.MoveNext())
            return new[] { column, count }.FirstOrDefault(chosen => chosen is not null && !IsNumber(chosen)) is { } absent
                ? throw NoColumn(1, absent, []) : sizes.ToList(SizeFormat.Csv, delimiter: ',');
        var delimiter = Delimiter(line.Current.Text) ?? ',';
        var first = Fields(line.Current, delimiter);
        var index = Choose(first, column, line.Current.Number, "size");
        int? countIndex = count is null ? null : Choose(first, count, line.Current.Number, "count");
        var hasHeader = IsName(column) || IsName(count) || IsHeader(first, index);
        (int Line, string Word)? total = null;
        for (var more = !hasHeader || line.MoveNext(); more; more = line.MoveNext())
        {
            var number = line.Current.Number;
            var fields = Fields(line.Current, delimiter);
            var size = Field(fields, index, number, "size");
            if (countIndex is { } counted)
                sizes.Add(size, number, delimiter != ',', Field(fields, counted, number, "count"));
            else
                sizes.Add(size, number, delimiter != ',');
            total = fields.Find(field => Totals.Contains(field.AsSpan().Trim(" \t:").ToString())) is { } word ? (number, word) : null;
        }
        if (total is var (last, label))
            throw new SizeFormatException(last, $"The last line is named '{label.Trim()}', which is no item.");
        return sizes.ToList(SizeFormat.Csv, hasHeader ? [.. first.Select(name => name.Trim())] : null, delimiter);
    }

    public static SizeList ReadHistogram(IEnumerable<SizeLine> lines, SizeListBuilder sizes)
    {
        char? delimiter = null;
        foreach (var line in lines)
        {
            var isFirst = delimiter is null;
            var fields = Fields(line, delimiter ??= Delimiter(line.Text) ?? ',');
            if (isFirst && IsHeader(fields, 0))
                continue;
            if (fields is not [var size, var count])
                throw new SizeFormatException(line.Number, $"Expected two fields, a size and a count, found {fields.Count}.");
            sizes.Add(size, line.Number, delimiter != ',', count);
        }
        return sizes.ToList(SizeFormat.Histogram);
    }

    private static int Choose(List<string> first, string? column, int line, string what)
    {
        if (column is null)
            return first.Count == 1 ? 0
                : throw new SizeFormatException(line, $"There are {first.Count} columns ({Excerpt.Of(Names(first))}); one must be named.");
        if (int.TryParse(column, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            return number >= 1 && number <= first.Count ? number - 1 : throw NoColumn(line, column, first);
        var index = first.FindIndex(field => field.Trim() == column);
        var second = index < 0 ? -1 : first.FindIndex(index + 1, field => field.Trim() == column);
        if (second >= 0)
            throw new SizeFormatException(
                line, $"Columns {index + 1} and {second + 1} are both named '{Excerpt.Of(column)}': choose the {what} by number.");
        return index >= 0 ? index : throw NoColumn(line, column, first);
    }

    private static string Field(List<string> fields, int index, int line, string what) => index < fields.Count ? fields[index]
        : throw new SizeFormatException(line, $"There are {fields.Count} fields, and the {what} is to be in field {index + 1}.");

    private static SizeFormatException NoColumn(int line, string column, List<string> first)
    {
        var names = Names(first);
        var near = names.Find(name => name.Equals(column.Trim(), StringComparison.OrdinalIgnoreCase));
        var known = first.Count == 0 ? "" : $" ({Excerpt.Of(names)})";
        var meant = near is null ? "" : $" Did you mean '{Excerpt.Of(near)}'?";
        return new(line, $"There is no column '{Excerpt.Of(column)}'; there are {first.Count}{known}.{meant}");
    }

    private static List<string> Names(List<string> fields) => fields.ConvertAll(field => field.Trim());

    /// <summary>
    /// Whether the first line names its columns: a field that is a number, or begins as one, would be an item lost without a word.
    /// </summary>
    private static bool IsHeader(List<string> first, int index) =>
        !first.Exists(IsNumber)
        && !(first[index].Trim() is [var begin, ..] && (char.IsAsciiDigit(begin) || ".,+-".Contains(begin)));

    private static bool IsName(string? column) => column is not null && !IsNumber(column);

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

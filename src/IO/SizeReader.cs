using System.Globalization;

namespace PackingKit;

/// <summary>Reads sizes from text: one per line, a column of CSV, the BPP format of BPPLIB, or a histogram of sizes and counts.</summary>
/// <remarks>
/// <para>Where no layout is given, the content decides, by the first of these rules that holds:</para>
/// <list type="number">
/// <item>A column is named: CSV.</item>
/// <item>The first line has a comma, a semicolon or a tab: a histogram if it is a header of two fields,
/// the second being "count"; else CSV.</item>
/// <item>The text is only integers: n (at least 1), a capacity, then exactly n sizes, none above the capacity: BPP.</item>
/// <item>Otherwise: one size per line.</item>
/// </list>
/// <para>The third rule needs the count and the largest size to agree, so that a cut-off BPP file is not taken for one; name the layout
/// where a list of sizes may begin so by chance. Numbers are read the same in every culture.</para>
/// </remarks>
public static class SizeReader
{
    /// <summary>Reads all sizes. O(characters).</summary>
    /// <param name="reader">The text; read to its end, not disposed.</param>
    /// <param name="format">The layout; <see langword="null"/> to detect it from the content.</param>
    /// <param name="column">
    /// For CSV: the column's name in the header, or its number from 1; <see langword="null"/> where there is only one.
    /// </param>
    /// <exception cref="ArgumentNullException"><paramref name="reader"/> is <see langword="null"/>.</exception>
    /// <exception cref="ArgumentException">A column is named for a layout that has none.</exception>
    /// <exception cref="SizeFormatException">The text is not in the layout; the exception has line and reason.</exception>
    public static SizeList Read(TextReader reader, SizeFormat? format = null, string? column = null)
    {
        ArgumentNullException.ThrowIfNull(reader);
        if (column is not null && format is not (null or SizeFormat.Csv))
            throw new ArgumentException($"Only CSV has columns to choose from, not the layout {format}.", nameof(column));
        var lines = Lines(reader);
        return (format ?? (column is null ? Detect(lines) : SizeFormat.Csv)) switch
        {
            SizeFormat.Csv => CsvSizes.Read(lines, column),
            SizeFormat.Histogram => CsvSizes.ReadHistogram(lines),
            SizeFormat.Bpp => ReadBpp(lines),
            _ => ReadSizes(lines),
        };
    }

    /// <summary>A size that is not negative, or the exception that says what the text is instead.</summary>
    internal static long Parse(ReadOnlySpan<char> text, int line, string what = "size")
    {
        text = text.Trim();
        if (long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value))
            return value >= 0 ? value : throw new SizeFormatException(line, $"The {what} {value} is negative.");
        var digits = text.TrimStart("+-");
        throw new SizeFormatException(line,
            text.IsEmpty ? $"There is no {what}."
            : !digits.IsEmpty && !digits.ContainsAnyExceptInRange('0', '9') ? $"The {what} {text} leaves the range of a 64-bit integer."
            : $"Expected a whole number as {what}, found '{(text.Length <= 40 ? text : $"{text[..40]}...")}'.");
    }

    private static List<SizeLine> Lines(TextReader reader)
    {
        List<SizeLine> lines = [];
        var number = 0;
        while (reader.ReadLine() is { } text)
        {
            number++;
            if (!string.IsNullOrWhiteSpace(text) && !text.StartsWith('#'))
                lines.Add(new SizeLine(number, text));
        }
        return lines;
    }

    private static SizeFormat Detect(List<SizeLine> lines)
    {
        if (lines.Count == 0)
            return SizeFormat.Sizes;
        if (CsvSizes.Delimiter(lines[0].Text) is not null)
            return CsvSizes.IsHistogramHeader(lines[0].Text) ? SizeFormat.Histogram : SizeFormat.Csv;
        return LooksLikeBpp(lines) ? SizeFormat.Bpp : SizeFormat.Sizes;
    }

    private static bool LooksLikeBpp(List<SizeLine> lines)
    {
        long index = 0, n = 0, capacity = 0;
        foreach (var (_, text) in lines)
            foreach (var range in text.AsSpan().SplitAny())
            {
                var token = text.AsSpan(range);
                if (token.IsEmpty)
                    continue;
                if (!long.TryParse(token, NumberStyles.None, CultureInfo.InvariantCulture, out var value))
                    return false;
                if (index == 0)
                    n = value;
                else if (index == 1)
                    capacity = value;
                else if (value > capacity)
                    return false;
                index++;
            }
        return n >= 1 && capacity >= 1 && index - 2 == n;
    }

    private static SizeList ReadSizes(List<SizeLine> lines)
    {
        var sizes = new long[lines.Count];
        var numbers = new int[lines.Count];
        for (var i = 0; i < sizes.Length; i++)
            (sizes[i], numbers[i]) = (Parse(lines[i].Text, lines[i].Number), lines[i].Number);
        return new SizeList(SizeFormat.Sizes, sizes, numbers);
    }

    private static SizeList ReadBpp(List<SizeLine> lines)
    {
        List<long> sizes = [];
        List<int> numbers = [];
        long? n = null, capacity = null;
        foreach (var (number, text) in lines)
            foreach (var range in text.AsSpan().SplitAny())
            {
                var token = text.AsSpan(range);
                if (token.IsEmpty)
                    continue;
                if (n is null)
                    n = Parse(token, number, "number of items");
                else if (capacity is null)
                    capacity = Parse(token, number, "capacity") is var given and >= 1 ? given
                        : throw new SizeFormatException(number, "The capacity is 0; it must be at least 1.");
                else if (sizes.Count == n)
                    throw new SizeFormatException(number, $"More sizes follow than the {n} that the first line announces.");
                else
                {
                    sizes.Add(Parse(token, number));
                    numbers.Add(number);
                }
            }
        var last = lines.Count == 0 ? 1 : lines[^1].Number;
        if (capacity is null)
            throw new SizeFormatException(last, $"The file ends before the {(n is null ? "number of items" : "capacity")}.");
        if (sizes.Count < n)
            throw new SizeFormatException(last, $"The file ends after {sizes.Count} of the {n} sizes that the first line announces.");
        return new SizeList(SizeFormat.Bpp, [.. sizes], [.. numbers], capacity);
    }
}

/// <summary>A line that is not blank, with its number in the file, from 1.</summary>
internal readonly record struct SizeLine(int Number, string Text);

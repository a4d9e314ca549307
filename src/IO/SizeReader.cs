namespace PackingKit;

/// <summary>
/// Reads sizes from text: one per line, a column of CSV, the BPP format of BPPLIB, or a histogram of sizes and counts; and from .npy.
/// </summary>
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
/// <para>A line of CSV is a header where its column is chosen by name, or where none of its fields is a number and the column's does not
/// begin as one. A last line with a field "total" or "sum" is refused. A line may have up to 2^24 characters. Data that is not text is
/// refused at its first control character, so a compressed file costs nothing.</para>
/// <para>Memory: 12 bytes a line, 16 where lines stand for several items, however many; see <see cref="SizeList"/>.</para>
/// </remarks>
public static class SizeReader
{
    /// <summary>Lines whose order <see cref="ReadCounts"/> keeps.</summary>
    private const int KeptLines = 1 << 20;

    /// <summary>Reads all sizes, which are whole numbers. O(characters).</summary>
    /// <param name="reader">The text; read to its end, not disposed.</param>
    /// <param name="format">The layout; <see langword="null"/> to detect it from the content.</param>
    /// <param name="column">
    /// For CSV: the column's name in the header, or its number from 1; <see langword="null"/> where there is only one.
    /// </param>
    /// <param name="count">
    /// For CSV: the column that says how many items a line stands for, by name or number; <see langword="null"/> for one each.
    /// </param>
    /// <exception cref="ArgumentNullException"><paramref name="reader"/> is <see langword="null"/>.</exception>
    /// <exception cref="ArgumentException">A column is named for a layout that has none.</exception>
    /// <exception cref="SizeFormatException">The text is not in the layout; the exception has line and reason.</exception>
    public static SizeList Read(TextReader reader, SizeFormat? format = null, string? column = null, string? count = null) =>
        Read(reader, format, column, count, decimals: false);

    /// <summary>
    /// Reads all sizes, which may have decimals: 72.5, or 72,5 where the fields of CSV are parted by semicolons or tabs. They are scaled by
    /// the power of ten that makes all of them whole, <see cref="SizeList.Decimals"/>, so nothing is rounded. O(characters).
    /// </summary>
    /// <inheritdoc cref="Read(TextReader, SizeFormat?, string?, string?)"/>
    /// <exception cref="SizeFormatException">
    /// The text is not in the layout, or a size so scaled leaves the range of <see cref="long"/>; the exception has line and reason.
    /// </exception>
    public static SizeList ReadDecimals(TextReader reader, SizeFormat? format = null, string? column = null, string? count = null) =>
        Read(reader, format, column, count, decimals: true);

    /// <summary>
    /// Reads sizes as <see cref="ReadDecimals"/> does, in less memory: beyond 2^20 lines, those of one size become one, the first, and
    /// the order of the items is lost (<see cref="SizeList.IsOrdered"/>). 16 bytes a line up to there, then 16 for each distinct size.
    /// </summary>
    /// <inheritdoc cref="ReadDecimals(TextReader, SizeFormat?, string?, string?)"/>
    public static SizeList ReadCounts(TextReader reader, SizeFormat? format = null, string? column = null, string? count = null) =>
        Read(reader, format, column, count, decimals: true, KeptLines);

    /// <summary>
    /// Reads sizes from an array in NumPy's .npy format, whatever its shape; the line of an item is its place, from 1. O(n).
    /// </summary>
    /// <param name="stream">At the first byte of the array; left after its last.</param>
    /// <exception cref="SizeFormatException">This is no such array of whole numbers, or one of them is negative.</exception>
    public static SizeList ReadNpy(Stream stream) => ReadNpy(stream, int.MaxValue);

    /// <summary>The same in less memory, as <see cref="ReadCounts"/>.</summary>
    /// <inheritdoc cref="ReadNpy(Stream)"/>
    public static SizeList ReadNpyCounts(Stream stream) => ReadNpy(stream, KeptLines);

    private static SizeList ReadNpy(Stream stream, int keepOrder)
    {
        var sizes = new SizeListBuilder(decimals: false, keepOrder);
        var place = 0;
        try
        {
            foreach (var size in Npy.Elements(stream))
                sizes.Add(size >= 0 ? size : throw new SizeFormatException(place + 1, $"The size {size} is negative."), ++place);
        }
        catch (FormatException bad) when (bad is not SizeFormatException)
        {
            throw new SizeFormatException(0, bad.Message);
        }
        return sizes.ToList(SizeFormat.Npy);
    }

    private static SizeList Read(
        TextReader reader, SizeFormat? format, string? column, string? count, bool decimals, int keepOrder = int.MaxValue)
    {
        ArgumentNullException.ThrowIfNull(reader);
        if (format is { } known && !Enum.IsDefined(known))
            throw new ArgumentOutOfRangeException(nameof(format), format, "There is no such layout.");
        if (format == SizeFormat.Npy)
            throw new ArgumentException($"An .npy array is no text; {nameof(ReadNpy)} reads it.", nameof(format));
        if ((column ?? count) is not null && format is not (null or SizeFormat.Csv))
            throw new ArgumentException(
                $"Only CSV has columns to choose from, not the layout {format}.", column is null ? nameof(count) : nameof(column));
        using var lines = TextLines.Read(reader).GetEnumerator();
        var all = lines.MoveNext() ? Rest(lines) : [];
        return (format ?? ((column ?? count) is not null ? SizeFormat.Csv : Layout(lines.Current.Text))) switch
        {
            SizeFormat.Csv => CsvSizes.Read(all, column, count, new SizeListBuilder(decimals, keepOrder)),
            SizeFormat.Histogram => CsvSizes.ReadHistogram(all, new SizeListBuilder(decimals, keepOrder)),
            SizeFormat.Bpp => ReadBpp(all, new SizeListBuilder(decimals, keepOrder)),
            SizeFormat.Sizes => ReadSizes(all, new SizeListBuilder(decimals, keepOrder)),
            _ => ReadBppOrSizes(all, new SizeListBuilder(decimals, keepOrder), new SizeListBuilder(decimals, keepOrder)),
        };
    }

    /// <summary>The current line and those after it.</summary>
    private static IEnumerable<SizeLine> Rest(IEnumerator<SizeLine> lines)
    {
        do
            yield return lines.Current;
        while (lines.MoveNext());
    }

    /// <summary>The layout as the first line tells it; <see langword="null"/> where it may be BPP or one size per line.</summary>
    private static SizeFormat? Layout(string? first)
    {
        if (first?.TrimStart() is ['{' or '[', ..])
            throw new SizeFormatException(1, "This is JSON, which is no layout of sizes.");
        return first is null ? SizeFormat.Sizes
            : CsvSizes.Delimiter(first) is null ? null
            : CsvSizes.IsHistogramHeader(first) ? SizeFormat.Histogram : SizeFormat.Csv;
    }

    private static SizeList ReadSizes(IEnumerable<SizeLine> lines, SizeListBuilder sizes)
    {
        foreach (var (number, text) in lines)
            sizes.Add(text, number);
        return sizes.ToList(SizeFormat.Sizes);
    }

    private static SizeList ReadBpp(IEnumerable<SizeLine> lines, SizeListBuilder sizes)
    {
        var bpp = new BppSizes(sizes);
        foreach (var line in lines)
            bpp.Add(line);
        return bpp.ToList();
    }

    /// <summary>Both at once, as long as they are possible.</summary>
    private static SizeList ReadBppOrSizes(IEnumerable<SizeLine> lines, SizeListBuilder sizes, SizeListBuilder bppSizes)
    {
        var bpp = new BppSizes(bppSizes);
        SizeFormatException? noBpp = null, noSizes = null;
        foreach (var line in lines)
        {
            try
            {
                if (noSizes is null)
                    sizes.Add(line.Text, line.Number);
            }
            catch (SizeFormatException bad)
            {
                noSizes = bad;
            }
            try
            {
                if (noBpp is null)
                    bpp.Add(line);
            }
            catch (SizeFormatException bad)
            {
                noBpp = bad;
            }
            if (noSizes is not null && noBpp is not null)
                throw noSizes;
        }
        return noBpp is null && bpp.IsPlausible ? bpp.ToList()
            : noSizes is null ? sizes.ToList(SizeFormat.Sizes) : throw noSizes;
    }
}

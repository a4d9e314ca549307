using System.Globalization;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using Xunit;

namespace PackingKit.Tests;

public class SizeReaderTests
{
    /// <summary>Sizes and the ways in which a file of them may vary without meaning anything else.</summary>
    public sealed record Written(long[] Sizes, string LineEnd, bool FinalLineEnd, bool Remarks, bool Quotes, char Delimiter, int Column)
    {
        public override string ToString() =>
            $"[{string.Join(", ", Sizes)}] {(LineEnd == "\n" ? "LF" : "CRLF")} {FinalLineEnd} {Remarks} {Quotes} {Delimiter} {Column}";

        public string Text(IEnumerable<string> lines)
        {
            IEnumerable<string> all = Remarks ? ["# a remark, with a comma", "", .. lines.SelectMany(line => new[] { line, " \t" })]
                : lines;
            var text = string.Join(LineEnd, all);
            return FinalLineEnd ? text + LineEnd : text;
        }

        public string Csv(bool header)
        {
            string Quote(string field) => Quotes ? $"\"{field}\"" : field;
            IEnumerable<string> Fields(string size) =>
                Enumerable.Range(0, 3).Select(column => column == Column ? size : $"\"a \"\"{Delimiter}\"\" {column}\"");
            IEnumerable<string> lines = Sizes.Select(size => string.Join(Delimiter, Fields(Quote($"{size}"))));
            return Text(header ? lines.Prepend(string.Join(Delimiter, Fields(Quote("size")))) : lines);
        }
    }

    private static readonly Arbitrary<Written> Files = Arb.From(
        from sizes in Gen.OneOf(
            Gen.Choose(0, 9).Select(small => (long)small), Gen.Choose(0, int.MaxValue).Select(big => big * 4_000_000_000L)).ArrayOf()
        from lineEnd in Gen.Elements("\n", "\r\n")
        from finalLineEnd in Gen.Elements(true, false)
        from remarks in Gen.Elements(true, false)
        from quotes in Gen.Elements(true, false)
        from delimiter in Gen.Elements(',', ';', '\t')
        from column in Gen.Choose(0, 2)
        select new Written(sizes, lineEnd, finalLineEnd, remarks, quotes, delimiter, column),
        Smaller);

    private static IEnumerable<Written> Smaller(Written file)
    {
        for (var i = 0; i < file.Sizes.Length; i++)
            yield return file with { Sizes = [.. file.Sizes[..i], .. file.Sizes[(i + 1)..]] };
        for (var i = 0; i < file.Sizes.Length; i++)
            if (file.Sizes[i] > 0)
                yield return file with { Sizes = [.. file.Sizes[..i], file.Sizes[i] / 2, .. file.Sizes[(i + 1)..]] };
        if (file.LineEnd != "\n")
            yield return file with { LineEnd = "\n" };
        if (file.Remarks)
            yield return file with { Remarks = false };
        if (file.Quotes)
            yield return file with { Quotes = false };
    }

    [Property]
    public Property One_size_a_line_reads_back_as_written() => Prop.ForAll(Files, file =>
        Equal(file.Sizes, Read(file.Text(file.Sizes.Select(size => $"{size}")), SizeFormat.Sizes), SizeFormat.Sizes));

    [Property]
    public Property A_column_of_csv_reads_back_by_name_and_by_number() => Prop.ForAll(Files, file =>
    {
        Equal(file.Sizes, Read(file.Csv(header: true), column: "size"), SizeFormat.Csv);
        Equal(file.Sizes, Read(file.Csv(header: true), column: $"{file.Column + 1}"), SizeFormat.Csv);
        Equal(file.Sizes, Read(file.Csv(header: false), SizeFormat.Csv, $"{file.Column + 1}"), SizeFormat.Csv);
    });

    [Property]
    public Property The_bpp_format_reads_back_and_is_recognized() => Prop.ForAll(Files, file =>
    {
        var capacity = Math.Max(1, file.Sizes.DefaultIfEmpty().Max());
        var text = file.Text([$"{file.Sizes.Length}", $"{capacity}", .. file.Sizes.Select(size => $"{size}")]);
        var read = Read(text, SizeFormat.Bpp);
        Equal(file.Sizes, read, SizeFormat.Bpp);
        Assert.Equal(capacity, read.Capacity);
        Assert.Equal(file.Sizes.Length > 0 ? SizeFormat.Bpp : SizeFormat.Sizes, Read(text).Format);
    });

    [Property]
    public Property A_histogram_reads_as_that_many_items_of_each_size() => Prop.ForAll(Files, file =>
    {
        var counts = file.Sizes.Select((size, i) => (size, count: (i * 7) % 5)).ToArray();
        long[] expected = [.. counts.SelectMany(pair => Enumerable.Repeat(pair.size, pair.count))];
        string[] lines = [.. counts.Select(pair => $"{pair.size}{file.Delimiter}{pair.count}")];
        Equal(expected, Read(file.Text(lines.Prepend($"length{file.Delimiter}count"))), SizeFormat.Histogram);
        Equal(expected, Read(file.Text(lines), SizeFormat.Histogram), SizeFormat.Histogram);
    });

    [Property]
    public Property Every_item_knows_its_line() => Prop.ForAll(Files, file =>
    {
        var text = file.Text(file.Sizes.Select(size => $"{size}"));
        var lines = text.Split(file.LineEnd);
        var read = Read(text, SizeFormat.Sizes);
        for (var item = 0; item < read.Sizes.Length; item++)
            Assert.Equal($"{read.Sizes[item]}", lines[read.LineOf(item) - 1]);
    });

    [Theory]
    [InlineData("7\n8\n", SizeFormat.Sizes)]
    [InlineData("", SizeFormat.Sizes)]
    [InlineData("3\n10\n7\n2\n10\n", SizeFormat.Bpp)]
    [InlineData("3 10\n7 2 10", SizeFormat.Bpp)]
    [InlineData("3\n10\n7\n2\n", SizeFormat.Sizes)] // cut off: not the 3 sizes announced
    [InlineData("3\n10\n7\n2\n11\n", SizeFormat.Sizes)] // a size above the capacity
    [InlineData("0\n10\n", SizeFormat.Sizes)] // nothing to tell it by
    [InlineData("length,count\n5,2\n", SizeFormat.Histogram)]
    [InlineData("Size;Count\n5;2\n", SizeFormat.Histogram)]
    public void The_layout_is_told_from_the_content(string text, SizeFormat format) => Assert.Equal(format, Read(text).Format);

    [Theory]
    [InlineData("5\nabc\n", null, null, 2, "Expected a whole number as size, found 'abc'.")]
    [InlineData("5\n\n# remark\n1.5\n", null, null, 4, "Expected a whole number as size, found '1.5'.")]
    [InlineData("5\n1 000\n", null, null, 2, "Expected a whole number as size, found '1 000'.")]
    [InlineData("-3\n", null, null, 1, "The size -3 is negative.")]
    [InlineData("9223372036854775808\n", null, null, 1, "The size 9223372036854775808 leaves the range of a 64-bit integer.")]
    [InlineData("-\n", null, null, 1, "Expected a whole number as size, found '-'.")]
    [InlineData("a,b\n1,2\n", null, null, 1, "There are 2 columns (a, b); one must be named.")]
    [InlineData("a,b\n1,2\n", null, "c", 1, "There is no column 'c'; there are 2 (a, b).")]
    [InlineData("a,b\n1,2\n", null, "0", 1, "There is no column '0'; there are 2 (a, b).")]
    [InlineData("a,b\n1,2\n", null, "3", 1, "There is no column '3'; there are 2 (a, b).")]
    [InlineData("", null, "a", 1, "There is no column 'a'; there are 0.")]
    [InlineData("a,b\n1,2\n3\n", null, "b", 3, "There are 1 fields, and the size is to be in field 2.")]
    [InlineData("a,b\n1,\n", null, "b", 2, "There is no size.")]
    [InlineData("a,b\n1,\"2\n\"\n", null, "b", 2, "A quoted field does not end on its line.")]
    [InlineData("size,count\n5,2\n6\n", null, null, 3, "Expected two fields, a size and a count, found 1.")]
    [InlineData("size,count\n5,-2\n", null, null, 2, "The count -2 is negative.")]
    [InlineData("size,count\n5,2147483647\n5,9\n", SizeFormat.Histogram, null, 2,
        "The counts add up to more items than a list can hold, 2147483591.")]
    [InlineData("", SizeFormat.Bpp, null, 1, "The file ends before the number of items.")]
    [InlineData("3\n", SizeFormat.Bpp, null, 1, "The file ends before the capacity.")]
    [InlineData("3\n0\n", SizeFormat.Bpp, null, 2, "The capacity is 0; it must be at least 1.")]
    [InlineData("3\n10\n1\n2\n", SizeFormat.Bpp, null, 4, "The file ends after 2 of the 3 sizes that the first line announces.")]
    [InlineData("1\n10\n1\n2\n", SizeFormat.Bpp, null, 4, "More sizes follow than the 1 that the first line announces.")]
    [InlineData("x\n10\n", SizeFormat.Bpp, null, 1, "Expected a whole number as number of items, found 'x'.")]
    public void A_malformed_file_is_refused_with_line_and_reason(string text, SizeFormat? format, string? column, int line, string reason)
    {
        var refused = Assert.Throws<SizeFormatException>(() => Read(text, format, column));
        Assert.Equal((line, reason), (refused.Line, refused.Reason));
        Assert.Equal($"Line {line}: {reason}", refused.Message);
    }

    [Theory]
    [InlineData("5\n", null, 0, "The file names no capacity, so one must be given.")]
    [InlineData("5\n\n11\n12\n13\n", 10L, 3, "Size 11 is above the capacity 10, and so are 2 more.")]
    [InlineData("5\n12\n11\n", 11L, 2, "Size 12 is above the capacity 11.")]
    [InlineData("9223372036854775807\n1\n", long.MaxValue, 2, "The total of the sizes leaves the range of a 64-bit integer here.")]
    public void Sizes_that_make_no_problem_are_refused_with_line_and_reason(string text, long? capacity, int line, string reason)
    {
        var refused = Assert.Throws<SizeFormatException>(() => Read(text).ToProblem(capacity));
        Assert.Equal((line, reason), (refused.Line, refused.Reason));
    }

    [Fact]
    public void A_given_capacity_goes_before_the_one_in_the_file()
    {
        var read = Read("2\n10\n4\n6\n");
        Assert.Equal((10, 2, 10), (read.ToProblem().Capacity, read.ToProblem().ItemCount, read.ToProblem().TotalSize));
        Assert.Equal(12, read.ToProblem(12, maxItems: 3).Capacity);
        Assert.Equal(3, read.ToProblem(12, maxItems: 3).Limits.MaxItems);
        Assert.Throws<ArgumentOutOfRangeException>(() => read.ToProblem(0));
    }

    [Fact]
    public void Only_csv_takes_a_column() =>
        Assert.Equal("column", Assert.Throws<ArgumentException>(() => Read("1", SizeFormat.Bpp, "1")).ParamName);

    [Fact]
    public void Numbers_read_the_same_in_every_culture()
    {
        var culture = CultureInfo.CurrentCulture;
        var odd = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        odd.NumberFormat.NegativeSign = "~";
        odd.NumberFormat.NumberDecimalSeparator = ",";
        odd.NumberFormat.NumberGroupSeparator = ".";
        try
        {
            CultureInfo.CurrentCulture = odd;
            Equal([1, 234], Read("a,b\n1,x\n234,y\n", column: "a"), SizeFormat.Csv);
            Assert.Throws<SizeFormatException>(() => Read("1.234\n"));
            Assert.Throws<SizeFormatException>(() => Read("~5\n"));
        }
        finally
        {
            CultureInfo.CurrentCulture = culture;
        }
    }

    private static SizeList Read(string text, SizeFormat? format = null, string? column = null) =>
        SizeReader.Read(new StringReader(text), format, column);

    private static void Equal(long[] sizes, SizeList read, SizeFormat format)
    {
        Assert.Equal(sizes, read.Sizes.ToArray());
        Assert.Equal(format, read.Format);
    }
}

using System.Globalization;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using PackingKit.Testing;
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

    /// <summary>Lines of one size become one whatever the number of lines that are kept: the order is lost, and nothing else.</summary>
    [Property]
    public void Merged_lines_have_the_counts_of_the_lines(byte[] sizes, byte[] counts, byte keep)
    {
        var (kept, merged) = (new SizeListBuilder(decimals: true), new SizeListBuilder(decimals: true, keepOrder: 1 + (keep % 8)));
        for (var i = 0; i < sizes.Length; i++)
        {
            // Now and then tenths, which change the unit of all that was merged before.
            var size = sizes[i] % 7 == 6 ? $"{sizes[i] % 4}.5" : $"{sizes[i] % 4}";
            var count = counts.Length == 0 ? "1" : $"{counts[i % counts.Length] % 3}";
            kept.Add(size, i + 1, comma: false, count);
            merged.Add(size, i + 1, comma: false, count);
        }
        var (all, few) = (kept.ToList(SizeFormat.Csv), merged.ToList(SizeFormat.Csv));
        Assert.Equal((all.ItemCount, all.Decimals), (few.ItemCount, few.Decimals));
        Assert.Equal(all.ToHistogram(1000), few.ToHistogram(1000));
        Assert.Equal(SizeHistogram.Of(all.Sizes), all.ToHistogram(1000));
        Assert.True(all.IsOrdered);
        if (few.IsOrdered)
            Assert.Equal(all.Sizes, few.Sizes);
        for (var item = 0; item < few.ItemCount && !few.IsOrdered; item++)
            Assert.Equal(few.Sizes[item], all.Sizes[Enumerable.Range(0, all.ItemCount).First(at => all.LineOf(at) == few.LineOf(item))]);
    }

    [Property]
    public void Arrays_of_numpy_are_sizes(byte[] values)
    {
        using var stream = new MemoryStream();
        Npy.Write<byte>(stream, values);
        foreach (var read in (Func<Stream, SizeList>[])[SizeReader.ReadNpy, SizeReader.ReadNpyCounts])
        {
            stream.Position = 0;
            var sizes = read(stream);
            Assert.Equal(values.Select(value => (long)value), sizes.Sizes.ToArray());
            Assert.Equal((SizeFormat.Npy, values.Length), (sizes.Format, sizes.ItemCount));
            if (values.Length > 0)
                Assert.Equal(values.Length, sizes.LineOf(values.Length - 1));
        }
    }

    [Fact]
    public void Arrays_that_are_no_sizes_are_refused()
    {
        using var negative = new MemoryStream();
        Npy.Write<int>(negative, [3, -1]);
        negative.Position = 0;
        var bad = Assert.Throws<SizeFormatException>(() => SizeReader.ReadNpy(negative));
        Assert.Equal((2, "The size -1 is negative."), (bad.Line, bad.Reason));
        Assert.Throws<SizeFormatException>(() => SizeReader.ReadNpy(new MemoryStream([1, 2, 3])));
        Refused.Wrong("format", () => SizeReader.Read(new StringReader("1"), SizeFormat.Npy));
    }

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
    public void A_histogram_costs_its_lines_and_not_its_items()
    {
        const string text = "size,count\n3,7\n4,0\n5,1000000000\n6,2\n";
        Read(text);
        var before = GC.GetAllocatedBytesForCurrentThread();
        var read = Read(text);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 100_000);
        Assert.Equal(1_000_000_009, read.ItemCount);
        Assert.Equal([2, 2, 4, 4, 5, 5], new[] { 0, 6, 7, 1_000_000_006, 1_000_000_007, 1_000_000_008 }.Select(read.LineOf));
        foreach (var item in (int[])[-1, 1_000_000_009])
            Assert.Equal("item", Assert.Throws<ArgumentOutOfRangeException>(() => read.LineOf(item)).ParamName);
        var refused = Assert.Throws<SizeFormatException>(() => read.ToProblem(4));
        Assert.Equal((4, "Size 5 is above the capacity 4, and so are 1000000001 more."), (refused.Line, refused.Reason));
        var beyond = Read("4,2\n5000000000000000000,2\n", SizeFormat.Histogram);
        Assert.Equal(2, Assert.Throws<SizeFormatException>(() => beyond.ToProblem(long.MaxValue)).Line);
    }

    [Theory]
    [InlineData("3\n7\0\n", 2, "This is not text: it has the character U+0000.")]
    [InlineData("PAR1\u0015\u0004", 1, "This is not text: it has the character U+0015.")]
    [InlineData("{\"input_ids\": [1, 2]}", 1, "This is JSON, which is no layout of sizes.")]
    public void Data_that_is_no_list_of_sizes_is_refused_at_its_first_sign(string text, int line, string reason)
    {
        var refused = Assert.Throws<SizeFormatException>(() => Read(text + new string('7', 50_000)));
        Assert.Equal((line, reason), (refused.Line, refused.Reason));
    }

    [Fact]
    public void No_message_shows_a_line_whole()
    {
        var names = string.Join(',', Enumerable.Range(0, 10_000).Select(column => $"{new string('x', 100)}{column}"));
        foreach (var (text, column) in new[]
        {
            (names, null), (names, "none"), (names, new string('y', 10_000)),
            (new string('7', 10_000), null), (new string('x', 10_000), null),
            ($"a,b\n{names}", "a"), ("-" + new string('0', 10_000) + "1", (string?)null),
        })
            Assert.InRange(Assert.Throws<SizeFormatException>(() => Read(text, null, column)).Message.Length, 1, 700);
        var line = new string('7', TextLines.MaxLength + 1);
        Assert.Equal(
            "Line 2: The line has more than 16777216 characters.", Assert.Throws<SizeFormatException>(() => Read("1\n" + line)).Message);
    }

    [Theory]
    [InlineData("1x,5\n2,6\n", "1", 1, "Expected a whole number as size, found '1x'.")]
    [InlineData("1.5,a\n2,b\n", "1", 1, "Expected a whole number as size, found '1.5'.")]
    [InlineData("x,7\n2,6\n", "1", 1, "Expected a whole number as size, found 'x'.")] // 7 is no name of a column
    [InlineData(",7\n2,6\n", "1", 1, "There is no size.")]
    [InlineData("-,a\n2,b\n", "1", 1, "Expected a whole number as size, found '-'.")]
    public void A_malformed_first_line_is_no_header(string text, string column, int line, string reason)
    {
        var refused = Assert.Throws<SizeFormatException>(() => Read(text, null, column));
        Assert.Equal((line, reason), (refused.Line, refused.Reason));
    }

    [Fact]
    public void A_malformed_first_line_of_a_histogram_is_no_header() =>
        Assert.Equal(1, Assert.Throws<SizeFormatException>(() => Read("5x,2\n6,1\n", SizeFormat.Histogram)).Line);

    [Theory]
    [InlineData("a,a\n1,2\n", "a", null, 1, "Columns 1 and 2 are both named 'a': choose the size by number.")]
    [InlineData("a,n,n\n1,2,2\n", "a", "n", 1, "Columns 2 and 3 are both named 'n': choose the count by number.")]
    [InlineData("id,length\n1,2\n", "Length", null, 1, "There is no column 'Length'; there are 2 (id, length). Did you mean 'length'?")]
    [InlineData("part,length\nA,3\nTotal:,3\n", "length", null, 3, "The last line is named 'Total:', which is no item.")]
    [InlineData("length,count\n3,x\n", "length", "count", 2, "Expected a whole number as count, found 'x'.")]
    [InlineData("length,count\n3,-1\n", "length", "count", 2, "The count -1 is negative.")]
    [InlineData("length,count\n3\n", "length", "count", 2, "There are 1 fields, and the count is to be in field 2.")]
    public void Columns_that_mislead_are_refused(string text, string column, string? count, int line, string reason)
    {
        var refused = Assert.Throws<SizeFormatException>(() => Read(text, null, column, count));
        Assert.Equal((line, reason), (refused.Line, refused.Reason));
    }

    [Fact]
    public void A_column_of_counts_makes_that_many_items()
    {
        var read = Read("part;count;length\nTotal;2;30\nB;0;40\nC;1;50\n", null, "length", "2");
        Equal([30, 30, 50], read, SizeFormat.Csv);
        Assert.Equal(["part", "count", "length"], read.Columns);
        Assert.Equal("count", Assert.Throws<ArgumentException>(() => Read("1", SizeFormat.Sizes, null, "2")).ParamName);
    }

    [Theory]
    [InlineData("72.5\n30\n0.250\n", null, "7250,3000,25", 2)]
    [InlineData("a,72.5\nb,7,5\n", "2", "725,70", 1)] // a comma that parts fields parts no decimals
    [InlineData("a;72,5\nb;7,25\n", "2", "7250,725", 2)]
    [InlineData("a\t.5\nb\t7.\n", "2", "5,70", 1)]
    [InlineData("3\n10\n1\n2\n3\n", null, "1,2,3", 0)] // BPP still
    [InlineData("2.50\n7.00\n", null, "25,70", 1)]
    public void Decimals_are_scaled_and_nothing_is_rounded(string text, string? column, string sizes, int decimals)
    {
        var read = SizeReader.ReadDecimals(new StringReader(text), null, column);
        Assert.Equal((sizes, decimals), (string.Join(',', read.Sizes.ToArray()), read.Decimals));
    }

    [Theory]
    [InlineData("a;72,5\nb;7.5\n", 2, "The number has the decimal separator '.', where line 1 has ','.")]
    [InlineData("a;1.234,5\n", 1, "Expected a number as size, found '1.234,5'.")]
    [InlineData("a;-0,5\n", 1, "The size -0,5 is negative.")]
    [InlineData("a;.\n", 1, "Expected a number as size, found '.'.")]
    [InlineData("a;9223372036854775807\nb;0,5\n", 2, "With these decimals a size leaves the range of a 64-bit integer.")]
    [InlineData("a;1e3\n", 1, "Expected a number as size, found '1e3'.")]
    public void Decimals_that_may_mean_two_things_are_refused(string text, int line, string reason)
    {
        var refused = Assert.Throws<SizeFormatException>(() => SizeReader.ReadDecimals(new StringReader(text), null, "2"));
        Assert.Equal((line, reason), (refused.Line, refused.Reason));
    }

    [Fact]
    public void A_capacity_is_rounded_down_to_the_unit_of_the_sizes()
    {
        var read = SizeReader.ReadDecimals(new StringReader("0.1\n0.1\n0.1\n"));
        Assert.Equal((3, 3), (read.ToUnits(0.3m), read.ToUnits(0.39m)));
        Assert.Equal(1, new BestFitDecreasing().Pack(read.ToProblem(read.ToUnits(0.3m))).BinCount);
        Assert.Throws<SizeFormatException>(() => read.ToUnits(0.09m));
        Assert.Throws<SizeFormatException>(() => read.ToUnits(decimal.MaxValue));
        Assert.Equal(10, SizeReader.ReadDecimals(new StringReader("1\n1\n0.5\n"), SizeFormat.Bpp).Capacity);
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

    private static SizeList Read(string text, SizeFormat? format = null, string? column = null, string? count = null) =>
        SizeReader.Read(new StringReader(text), format, column, count);

    private static void Equal(long[] sizes, SizeList read, SizeFormat format)
    {
        Assert.Equal(sizes, read.Sizes.ToArray());
        Assert.Equal(format, read.Format);
    }
}

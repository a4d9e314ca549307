using System.Globalization;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using Xunit;

namespace PackingKit.Tests;

public sealed class CutCommandTests
{
    private const string Parts = "part;mm;qty\nleg;700,5;8\nrail;1200;6\nnone;1;0\n<b>;350;4\n";

    private static readonly string[] Columns = ["--column", "mm", "--count", "qty", "--id", "part"];

    [Fact]
    public async Task Text_is_a_list_to_cut_by() => Assert.Equal(
        """
        -: 1 of 2503.5 mm and 1 of 1200 mm for 4 items at cost 12.75, 398 mm to keep; no plan costs less.

        Bin 1 of 2503.5 mm: 2101 mm, 398 mm left to keep
          1 x  1400 mm  rail
          1 x   701 mm  leg

        Bin 2 of 1200 mm: 1197.5 mm, 0 mm left
          1 x   701 mm  leg
          1 x 496.5 mm  <b>

        """.ReplaceLineEndings("\n"),
        await CutAsync(
            "part;mm;qty\nleg;701;2\nrail;1400;1\n<b>;496,5;1\n",
            [.. Columns, "--stock", "2503.5@8.5,1x1200@4.25", "--kerf", "2.25", "--keep", "70", "--unit", "mm"]));

    [Fact]
    public async Task Equal_bins_stand_together_with_what_is_left() => Assert.Equal(
        """
        -: 3 of 10 for 8 items at cost 30; no plan costs less.

        Bins 1 to 2 of 10: 9, 0 left
          3 x 3  line 1

        Bin 3 of 10: 6, 3 left
          2 x 3  line 1

        """.ReplaceLineEndings("\n"), await CutAsync("3,8\n", "--column", "1", "--count", "2", "--stock", "10", "--kerf", "0.5"));

    [Fact]
    public async Task Csv_is_the_lines_of_the_file_with_bin_and_stock()
    {
        var lines = (await CutAsync("id,mm\na,6\nb,5\n", "--column", "mm", "--stock", "6,7", "--items", "csv")).Split('\n');
        Assert.Equal(["id,mm,bin,stock", "a,6,1,6", "b,5,2,6", ""], lines);
    }

    [Fact]
    public async Task Json_has_status_cost_stock_and_bins()
    {
        var root = JsonDocument.Parse(await CutAsync(
            Parts, [.. Columns, "--stock", "3x6000@25.5,2000@9", "--trim-start", "10", "--trim-end", "5", "--items", "json"])).RootElement;
        Assert.Equal("optimal", root.GetProperty("status").GetString());
        Assert.Equal(root.GetProperty("cost").GetDecimal(), root.GetProperty("lowerBound").GetDecimal());
        var stock = root.GetProperty("stock").EnumerateArray().ToArray();
        Assert.Equal(
            (6000m, 25.5m, 3),
            (stock[0].GetProperty("length").GetDecimal(), stock[0].GetProperty("cost").GetDecimal(),
            stock[0].GetProperty("count").GetInt32()));
        Assert.False(stock[1].TryGetProperty("count", out _));
        Assert.Equal(
            root.GetProperty("cost").GetDecimal(),
            stock.Sum(kind => kind.GetProperty("cost").GetDecimal() * kind.GetProperty("used").GetInt32()));
        Assert.All(root.GetProperty("bins").EnumerateArray(), bin => Assert.Equal(
            bin.GetProperty("stock").GetDecimal() - 15,
            bin.GetProperty("load").GetDecimal() + bin.GetProperty("left").GetDecimal()));
    }

    [Fact]
    public async Task Html_is_a_page_on_which_names_are_text()
    {
        var page = await CutAsync(Parts, [.. Columns, "--stock", "6000", "--items", "html"]);
        Assert.StartsWith("<!DOCTYPE html>", page, StringComparison.Ordinal);
        Assert.Contains("<bdi>&lt;b&gt;</bdi>", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<b>", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Fewer_patterns_cost_no_more()
    {
        const string widths = "1380,22\n1520,25\n1560,12\n1710,14\n1820,18\n1880,18\n1930,20\n2000,10\n";
        string[] options = ["--column", "1", "--count", "2", "--stock", "5600", "--items", "json"];
        var (plain, fewer) = (Read(await CutAsync(widths, options)), Read(await CutAsync(widths, [.. options, "--fewer-patterns"])));
        Assert.Equal(plain.Cost, fewer.Cost);
        Assert.InRange(fewer.Patterns, 1, plain.Patterns);

        static (decimal Cost, int Patterns) Read(string json)
        {
            var root = JsonDocument.Parse(json).RootElement;
            return (root.GetProperty("cost").GetDecimal(),
                root.GetProperty("bins").EnumerateArray().Select(bin => bin.GetProperty("items").GetRawText()).Distinct().Count());
        }
    }

    [Fact]
    public async Task Stock_that_no_item_fits_is_named()
    {
        var (exitCode, output, error) = await CliFolder.RunAsync(["cut", "-", "--stock", "99,9", "--unit", "mm"], "49.5\n10\n");
        Assert.Equal((0, "No item fits the stock of 9 mm.\n"), (exitCode, error));
        Assert.StartsWith("-: 1 of 99 mm for 2 items at cost 99; no plan costs less.", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nothing_to_cut_takes_no_stock() => Assert.Equal(
        "-: No stock for 0 items at cost 0; no plan costs less.\n", await CutAsync("", "--stock", "9"));

    [Fact]
    public async Task What_is_left_is_told_without_zeros_at_its_end() => Assert.Contains(
        "Bin 1 of 10: 6, 4 left", await CutAsync("6.0\n", "--stock", "10"), StringComparison.Ordinal);

    [Theory]
    [InlineData(
        "60", "--trim-start", "5000000000000000000", "--trim-end", "5000000000000000000",
        "-:1: Length 3 fits no stock; the longest gives 0.")]
    [InlineData("60", "--kerf", "9223372036854775807", "4 cuts of 9223372036854775807 leave the range of a 64-bit integer.")]
    [InlineData("0x4,2.5", "-:1: Length 3 fits no stock that there is; the longest gives 2.5.")]
    [InlineData(
        "60", "--trim-start", "79000000000000000000000000000", "--kerf", "0.5",
        "With all decimals, lengths or costs leave the range of 64 bits.")]
    [InlineData("2x3", "The stock does not hold all items: it is proved that there is no plan.")]
    [InlineData("2", "-:1: Size 3 is above the capacity 2, and so are 3 more.")]
    [InlineData("0x4,3", "--trim-end", "1", "-:1: Length 3 fits no stock that there is; the longest gives 2.")]
    [InlineData("6@2,7", "Name a cost for all of --stock, or for none.")]
    [InlineData("6a", "Cannot parse '6a' of --stock: expected [COUNTx]LENGTH[@COST], such as 6000, 6000@25.50 or 10x4500@19.")]
    [InlineData("1.5x6", "Cannot parse '1.5x6' of --stock: before the x stands how many there are, a whole number.")]
    [InlineData("6@0", "Cannot parse '6@0' of --stock: behind the @ stands what one costs, a number above 0.")]
    [InlineData("6", "--kerf", "-1", "--kerf must be at least 0, not -1.")]
    [InlineData("6@99999999999999999999", "With all decimals, lengths or costs leave the range of 64 bits.")]
    [InlineData("6@9223372036854775807", "Every plan costs more than the largest 64-bit integer.")]
    public async Task What_cannot_be_cut_is_said_in_a_line(string stock, params string[] rest)
    {
        var (exitCode, output, error) = await CliFolder.RunAsync(["cut", "-", "--stock", stock, .. rest[..^1]], "3\n3\n3\n3\n");
        Assert.Equal((2, ""), (exitCode, output));
        Assert.Contains(rest[^1], error.Split('\n')[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_column_that_the_output_adds_is_refused_and_so_is_a_second_file()
    {
        var (exitCode, _, error) = await CliFolder.RunAsync(
            ["cut", "-", "--stock", "9", "--column", "mm", "--items", "csv"], "stock,mm\na,5\n");
        Assert.Equal((2, "-: There is a column 'stock' already, and the output would have two.\n"), (exitCode, error));
        (exitCode, _, error) = await CliFolder.RunAsync(["cut", "a", "b", "--stock", "9"]);
        Assert.Equal((2, "One file at a time.\n"), (exitCode, error));
    }

    /// <summary>Every item is cut once, from a stock that holds it with its losses.</summary>
    [Property(MaxTest = 30)]
    public Property Every_item_is_cut_once()
    {
        var row = from size in Gen.Choose(1, 200) from count in Gen.Choose(1, 5) select (Size: size / 10m, Count: count);
        return Prop.ForAll(row.NonEmptyListOf().ToArbitrary(), rows =>
        {
            var text = string.Concat(rows.Select(line => string.Create(CultureInfo.InvariantCulture, $"{line.Size},{line.Count}\n")));
            var root = JsonDocument.Parse(CutAsync(
                text, "--column", "1", "--count", "2", "--stock", "21@9,30.25@12", "--kerf", "0.3", "--trim-end", "0.7",
                "--time-limit", "0.2", "--items", "json").GetAwaiter().GetResult()).RootElement;
            var bins = root.GetProperty("bins").EnumerateArray().Select(bin => (
                Stock: bin.GetProperty("stock").GetDecimal(), Left: bin.GetProperty("left").GetDecimal(),
                Items: bin.GetProperty("items").EnumerateArray().SelectMany(item =>
                    Enumerable.Repeat(item.GetProperty("size").GetDecimal(), item.GetProperty("count").GetInt32())).ToArray())).ToArray();
            Assert.Equal(
                rows.SelectMany(line => Enumerable.Repeat(line.Size, line.Count)).Order(), bins.SelectMany(bin => bin.Items).Order());
            Assert.All(bins, bin =>
            {
                var spare = bin.Stock - 0.7m - bin.Items.Sum() - (0.3m * (bin.Items.Length - 1));
                Assert.InRange(spare, 0, bin.Stock);
                Assert.Equal(Math.Max(0, spare - 0.3m), bin.Left);
            });
        });
    }

    private static async Task<string> CutAsync(string text, params string[] options)
    {
        var (exitCode, output, error) = await CliFolder.RunAsync(["cut", "-", .. options], text);
        Assert.Equal((0, ""), (exitCode, error));
        return output;
    }
}

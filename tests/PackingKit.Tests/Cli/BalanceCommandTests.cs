using System.Globalization;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using Xunit;

namespace PackingKit.Tests;

public sealed class BalanceCommandTests
{
    private const string Tests = "test,seconds\nslow,8.5\nlong,7\nmiddle,6.5\nshort,5\n<quick>,4\n";

    private static readonly string[] Columns = ["--column", "seconds", "--id", "test"];

    [Fact]
    public async Task Text_is_a_list_with_what_is_proved() => Assert.Equal(
        """
        -: 2 bins for 5 items, largest load 15.5 s; none is less.

        Bin 1: 15.5 s, 0 s below the largest
          1 x 6.5 s  middle
          1 x   5 s  short
          1 x   4 s  <quick>

        Bin 2: 15.5 s, 0 s below the largest
          1 x 8.5 s  slow
          1 x   7 s  long

        """.ReplaceLineEndings("\n"), await BalanceAsync(Tests, [.. Columns, "-k", "2", "--unit", "s"]));

    [Fact]
    public async Task Csv_is_the_lines_of_the_file_with_their_bins() => Assert.Equal(
        "size,count,bin\n4,1,1\n4,1,2\n3,1,1\n",
        await BalanceAsync("size,count\n4,2\n3,1\n", "-k", "2", "--items", "csv", "-s", "lpt"));

    [Fact]
    public async Task Json_has_load_and_bound()
    {
        var root = JsonDocument.Parse(await BalanceAsync("5\n5\n5\n", "-k", "2", "--items", "json")).RootElement;
        Assert.Equal("exact", root.GetProperty("strategy").GetString());
        Assert.Equal((10, 10), (root.GetProperty("largestLoad").GetInt32(), root.GetProperty("lowerBound").GetInt32()));
        Assert.Equal(2, root.GetProperty("bins").GetArrayLength());
    }

    [Fact]
    public async Task Html_is_a_page_on_which_names_are_text()
    {
        var page = await BalanceAsync(Tests, [.. Columns, "-k", "7", "--items", "html"]);
        Assert.Contains("<bdi>&lt;quick&gt;</bdi>", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<quick>", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_heuristic_says_how_far_it_is_proved() => Assert.StartsWith(
        "-: 2 bins for 5 items, largest load 17; none is below 15.\n", await BalanceAsync("8\n7\n6\n5\n4\n", "-k", "2", "-s", "lpt"));

    [Theory]
    [InlineData("-k", "0", "--bins must be from 1 to 1000000, not 0.")]
    [InlineData("-k", "1.5", "Cannot parse argument '1.5' for --bins: expected a whole number.")]
    [InlineData("-s", "ldm", "Option '--bins' is required.")]
    public async Task What_cannot_be_balanced_is_said_in_a_line(string option, string value, string message)
    {
        var (exitCode, output, error) = await CliFolder.RunAsync(["balance", "-", option, value], "5\n");
        Assert.Equal((2, "", message), (exitCode, output, error.Split('\n')[0]));
    }

    /// <summary>Every item is in one bin, loads are what they are said to be, and what is proved is no more than what is true.</summary>
    [Property(MaxTest = 30)]
    public Property Every_item_is_in_one_bin()
    {
        var row = from size in Gen.Choose(0, 99) from count in Gen.Choose(1, 4) select (Size: size / 10m, Count: count);
        return Prop.ForAll(row.NonEmptyListOf().ToArbitrary(), Gen.Choose(1, 6).ToArbitrary(), (rows, bins) =>
        {
            var text = string.Concat(rows.Select(line => string.Create(CultureInfo.InvariantCulture, $"{line.Size},{line.Count}\n")));
            var root = JsonDocument.Parse(BalanceAsync(
                text, "--column", "1", "--count", "2", "-k", $"{bins}", "--time-limit", "0.2", "--items", "json")
                .GetAwaiter().GetResult()).RootElement;
            var packed = root.GetProperty("bins").EnumerateArray().Select(bin => (
                Load: bin.GetProperty("load").GetDecimal(),
                Items: bin.GetProperty("items").EnumerateArray().SelectMany(item =>
                    Enumerable.Repeat(item.GetProperty("size").GetDecimal(), item.GetProperty("count").GetInt32())).ToArray())).ToArray();
            Assert.Equal(bins, packed.Length);
            Assert.All(packed, bin => Assert.Equal(bin.Items.Sum(), bin.Load));
            Assert.Equal(packed.Max(bin => bin.Load), root.GetProperty("largestLoad").GetDecimal());
            Assert.Equal(
                rows.SelectMany(line => Enumerable.Repeat(line.Size, line.Count)).Order(), packed.SelectMany(bin => bin.Items).Order());
            Assert.InRange(root.GetProperty("lowerBound").GetDecimal(), 0, root.GetProperty("largestLoad").GetDecimal());
        });
    }

    private static async Task<string> BalanceAsync(string text, params string[] options)
    {
        var (exitCode, output, error) = await CliFolder.RunAsync(["balance", "-", .. options], text);
        Assert.Equal((0, ""), (exitCode, error));
        return output;
    }
}

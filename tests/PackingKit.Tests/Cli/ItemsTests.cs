using System.Globalization;
using System.Text.Json;
using System.Xml.Linq;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using Xunit;

namespace PackingKit.Tests;

/// <summary>Which item is in which bin, in every form, under the names that the file gives.</summary>
public sealed class ItemsTests
{
    private const string Parts = "part;length;qty;note\n\"Rail \"\"A\"\"; <b>\";72,5;3;\"left; right\"\n# later\nStud;30;2;\nNone;1;0;x\n";

    private static readonly string[] PartsOptions = ["-c", "145.25", "--column", "length", "--count", "qty", "--id", "part"];

    [Fact]
    public async Task Csv_is_the_lines_of_the_file_with_their_bins_and_how_many_are_there() => Assert.Equal(
        "part;length;qty;note;bin\n\"Rail \"\"A\"\"; <b>\";72,5;2;\"left; right\";1\n\"Rail \"\"A\"\"; <b>\";72,5;1;\"left; right\";2\n"
        + "Stud;30;2;;2\n",
        await PackAsync("csv", Parts, PartsOptions));

    [Fact]
    public async Task Text_is_a_list_to_cut_by() => Assert.Equal(
        """
        -: 2 bins of 145.2 mm for 5 items; no packing has fewer.

        Bin 1: 145 mm, 0.2 mm left
          2 x 72.5 mm  Rail "A"; <b>

        Bin 2: 132.5 mm, 12.7 mm left
          1 x 72.5 mm  Rail "A"; <b>
          2 x   30 mm  Stud

        """, await PackAsync("text", Parts, [.. PartsOptions, "--unit", "mm"]));

    [Fact]
    public async Task Equal_bins_stand_together() => Assert.Equal(
        """
        -: 3 bins of 10 for 5 items; no packing has fewer.

        Bins 1 to 2: 10, 0 left
          2 x 5  a

        Bin 3: 5, 5 left
          1 x 5  a

        """, await PackAsync("text", "id,size,count\na,5,5\n", "-c", "10", "--column", "2", "--count", "3", "--id", "1"));

    [Fact]
    public async Task Json_has_the_bins_with_names_sizes_and_counts()
    {
        var root = JsonDocument.Parse(await PackAsync("json", Parts, [.. PartsOptions, "--unit", "mm"])).RootElement;
        Assert.Equal((145.2m, "mm", 2), (
            root.GetProperty("capacity").GetDecimal(), root.GetProperty("unit").GetString(), root.GetProperty("lowerBound").GetInt32()));
        var second = root.GetProperty("bins")[1];
        Assert.Equal((2, 132.5m), (second.GetProperty("bin").GetInt32(), second.GetProperty("load").GetDecimal()));
        Assert.Equal(
            [("Rail \"A\"; <b>", 72.5m, 1), ("Stud", 30m, 2)],
            second.GetProperty("items").EnumerateArray().Select(item => (
                item.GetProperty("id").GetString()!, item.GetProperty("size").GetDecimal(), item.GetProperty("count").GetInt32())));
    }

    [Theory]
    [InlineData("5\n\n7\n", "sizes", "item,size,bin\n1,5,2\n2,7,1\n")]
    [InlineData("2 9 5 7", "bpp", "item,size,bin\n1,5,2\n2,7,1\n")]
    [InlineData("size,count\n4,3\n7,1\n", "histogram", "size,count,bin\n4,2,2\n4,1,3\n7,1,1\n")]
    [InlineData("x,5\ny,7\n", "csv", "x,5,2\ny,7,1\n")]
    public async Task Files_without_names_are_told_by_their_numbers(string text, string format, string csv)
    {
        string[] column = format == "csv" ? ["--column", "2"] : [];
        Assert.Equal(csv, await PackAsync("csv", text, ["-c", "9", "--format", format, .. column]));
    }

    [Fact]
    public async Task Items_without_a_name_are_called_by_their_line() => Assert.Contains(
        "  1 x 5  line 3\n", await PackAsync("text", "id,size\na,7\n,5\n", "-c", "9", "--column", "size", "--id", "id"));

    /// <summary>The output packs as the input does: no item is lost, doubled or renamed, and no bin is over its capacity.</summary>
    [Property(MaxTest = 60)]
    public Property Every_item_of_the_file_is_in_one_bin()
    {
        var name = Gen.Elements("a", "<b>", "\"q\"", "x,y", "#5", "é\u202Ew", " padded ", "", "O'Neil & sons", "=1+1");
        var row = from id in name from size in Gen.Choose(0, 20) from count in Gen.Choose(0, 7) select (id, size, count);
        return Prop.ForAll(row.NonEmptyListOf().ToArbitrary(), rows =>
        {
            var text = "note,size,n,id\n" + string.Concat(rows.Select(r => $"kept,{r.size},{r.count},{Quoted(r.id)}\n"));
            string[] options = ["-c", "20", "--column", "size", "--count", "n", "--id", "id"];
            var lines = PackAsync("csv", text, options).GetAwaiter().GetResult().Split('\n', StringSplitOptions.RemoveEmptyEntries);
            Assert.Equal("note,size,n,id,bin", lines[0]);
            var packed = lines.Skip(1).Select(line => (
                Size: Number(line.Split(',')[1]), Count: Number(line.Split(',')[2]),
                Id: string.Join(',', line.Split(',')[3..^1]), Bin: Number(line.Split(',')[^1]))).ToList();
            Assert.All(packed.GroupBy(piece => piece.Bin), bin => Assert.InRange(bin.Sum(piece => piece.Size * piece.Count), 0, 20));
            Assert.Equal(
                Sums(rows.Where(r => r.count > 0).Select(r => (Quoted(r.id), r.size, r.count))),
                Sums(packed.Select(piece => (piece.Id, piece.Size, piece.Count))));

            var json = JsonDocument.Parse(PackAsync("json", text, options).GetAwaiter().GetResult()).RootElement.GetProperty("bins");
            Assert.Equal(
                packed.GroupBy(piece => piece.Bin).OrderBy(bin => bin.Key).Select(bin => (bin.Key, bin.Sum(piece => piece.Count))),
                json.EnumerateArray().Select(bin => (
                    bin.GetProperty("bin").GetInt32(),
                    bin.GetProperty("items").EnumerateArray().Sum(item => item.GetProperty("count").GetInt32()))));
        });

        static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);

        static string Quoted(string field) => $"\"{field.Replace("\"", "\"\"")}\"";

        static IEnumerable<(string, int, int)> Sums(IEnumerable<(string Id, int Size, int Count)> pieces) =>
            pieces.GroupBy(piece => (piece.Id, piece.Size))
                .Select(alike => (alike.Key.Id, alike.Key.Size, alike.Sum(piece => piece.Count))).Order();
    }

    [Fact]
    public async Task On_the_page_a_hostile_name_is_text()
    {
        const string name = "<script>alert(\"1\")</script> & 'co' ]]> <!--";
        var page = await PackAsync(
            "html", $"id,size\n\"{name.Replace("\"", "\"\"")}\",5\n", "-c", "9", "--column", "size", "--id", "id", "--unit", "<i>");
        Assert.DoesNotContain("<script", page);
        Assert.DoesNotContain("<i>", page);
        var item = Assert.Single(XDocument.Parse(page).Descendants("li"));
        Assert.Equal($"1 × 5 <i> {name}", item.Value);
        Assert.All(XDocument.Parse(page).Descendants().Where(each => (string?)each.Attribute("role") == "img"),
            picture => Assert.False(string.IsNullOrWhiteSpace((string?)picture.Attribute("aria-label"))));
    }

    [Theory]
    [InlineData("-: There is no column 'name', only id, size.", "--items", "text", "--id", "name")]
    [InlineData("-: There is no column 'name', only id, size.", "--items", "html", "--id", "name")]
    [InlineData("-:2: There are 2 fields, and the name is to be in field 7.", "--items", "json", "--id", "7")]
    [InlineData("--id is for --items.", "--id", "id")]
    [InlineData("--unit is for --items.", "--unit", "mm")]
    [InlineData("Say --items json or --json, not both.", "--items", "csv", "--json")]
    [InlineData("--items takes one file at a time.", "other.csv", "--items", "csv")]
    [InlineData("Argument 'xml' not recognized.", "--items", "xml")]
    public async Task What_cannot_be_told_is_refused(string reason, params string[] options)
    {
        var (exitCode, output, error) =
            await CliFolder.RunAsync(["pack", "-", "-c", "9", "--column", "size", .. options], "id,size\na,5\n");
        Assert.Equal((2, ""), (exitCode, output));
        Assert.Contains(reason, error);
    }

    [Theory]
    [InlineData("a,bin,size\n1,2,3\n", "-: There is a column 'bin' already, and the output would have two.\n")]
    [InlineData("a,a,size\n1,2,3\n", "-: Columns 1 and 2 are both named 'a': choose by number.\n")]
    public async Task Columns_that_would_be_there_twice_are_refused(string text, string reason) => Assert.Equal(
        (2, "", reason),
        await CliFolder.RunAsync(["pack", "-", "-c", "9", "--column", "size", "--items", "csv", "--id", "a"], text));

    [Fact]
    public async Task Names_need_columns() => Assert.Equal(
        (2, "", "-: Only CSV has a column of names.\n"),
        await CliFolder.RunAsync(["pack", "-", "-c", "9", "--items", "text", "--id", "1"], "5\n"));

    private static async Task<string> PackAsync(string form, string text, params string[] options)
    {
        var (exitCode, output, error) = await CliFolder.RunAsync(["pack", "-", "--items", form, .. options], text);
        Assert.Equal((0, ""), (exitCode, error));
        return output;
    }
}

using System.Globalization;
using System.Text.Json;
using Xunit;

namespace PackingKit.Tests;

public sealed class CompareCommandTests : IDisposable
{
    private const string Sizes = "6\n5\n4\n3\n2\n7\n8\n5\n1\n9\n";
    private static readonly string[] Quick = ["--repeats", "1"];
    private readonly CliFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Json_has_the_strategies_other_limits_and_the_recommendation()
    {
        var (exitCode, output, error) = await CliFolder.RunAsync(
            ["compare", "-", "-c", "10", "--capacities", "12,20", "--json", .. Quick], Sizes);
        Assert.Equal((0, ""), (exitCode, error));
        var record = JsonDocument.Parse(output).RootElement;
        Assert.True(record.GetProperty("byItems").GetBoolean());
        Assert.Equal(
            PackingStrategies.All.Where(info => !info.IsSearch).Select(info => info.Id),
            record.GetProperty("strategies").EnumerateArray().Select(row => row.GetProperty("strategy").GetString()));
        var bfd = record.GetProperty("strategies").EnumerateArray().First(row => row.GetProperty("strategy").GetString() == "bfd");
        Assert.Equal((5, 0), (bfd.GetProperty("bins").GetInt32(), bfd.GetProperty("aboveBound").GetInt32()));
        Assert.Equal([10, 12, 20], record.GetProperty("capacities").EnumerateArray().Select(row => row.GetProperty("capacity").GetInt32()));
        var take = record.GetProperty("recommendation").EnumerateArray().First();
        Assert.Equal(("take", 5), (take.GetProperty("rule").GetString(), take.GetProperty("number").GetInt32()));
        Assert.Equal(10, record.GetProperty("description").GetProperty("items").GetInt32());
    }

    [Fact]
    public async Task The_table_markdown_and_csv_have_the_same_bins()
    {
        string[] command = ["compare", _folder.Write("a.txt", Sizes), "--format", "sizes", "-c", "10", "--strategies", "bfd,nf", .. Quick];
        var table = (await CliFolder.RunAsync(command)).Output;
        Assert.Equal(["bfd", "5", "0"], Row(table, "bfd ").Split(' ', StringSplitOptions.RemoveEmptyEntries)[..3]);
        Assert.Contains("Take bfd: 5 bins, and no packing has fewer", table);
        Assert.DoesNotContain('\e', table);

        var markdown = (await CliFolder.RunAsync([.. command, "--markdown"])).Output;
        Assert.StartsWith("| bfd | 5 | 0 | 100.0 % |", Row(markdown, "| bfd |"));
        Assert.Contains("\n- Take bfd: 5 bins", markdown);

        var csv = (await CliFolder.RunAsync([.. command, "--csv"])).Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var header = csv[0].Split(',');
        string Field(string row, string name) => row.Split(',')[Array.IndexOf(header, name)];
        Assert.Equal(3, csv.Length);
        Assert.Equal(("bfd", "5", "0", "1"),
            (Field(csv[1], "strategy"), Field(csv[1], "bins"), Field(csv[1], "aboveBound"), Field(csv[1], "recommended")));
        Assert.True(double.Parse(Field(csv[2], "medianMs"), CultureInfo.InvariantCulture) > 0);
        Assert.All(csv, line => Assert.Equal(header.Length, line.Split(',').Length));
    }

    [Fact]
    public async Task A_search_has_its_limit_and_tells_its_incumbents()
    {
        var triplets = _folder.Write("a.bpp", (await CliFolder.RunAsync(["generate", "falkenauer-t", "--bins", "10"])).Output);
        var (exitCode, output, error) = await CliFolder.RunAsync(
            ["compare", triplets, "--strategies", "ffd,exact", "--time-limit", "20", "--log", "--json", .. Quick]);
        Assert.Equal(0, exitCode);
        var exact = JsonDocument.Parse(output).RootElement.GetProperty("strategies")[1];
        Assert.Equal(10, exact.GetProperty("bins").GetInt32());
        Assert.True(exact.GetProperty("progress").GetArrayLength() > 0);
        Assert.All(
            error.Split('\n', StringSplitOptions.RemoveEmptyEntries),
            line => Assert.Matches(@": exact: \d+\.\d{3} s, \d+ bins, bound \d+, ", line));
        Assert.NotEmpty(error);
    }

    [Fact]
    public async Task What_is_not_tried_is_said_and_what_is_too_large_names_the_way_out()
    {
        var (exitCode, output, error) = await CliFolder.RunAsync(["compare", "-", "-c", "10", "--capacities", "8.5,20", .. Quick], Sizes);
        Assert.Equal((0, "-: --capacities 8.5 is not tried: the largest size is 9.\n"), (exitCode, error));
        Assert.Contains("\n20 ", output);
        foreach (var command in new[] { "compare", "describe", "pack" })
        {
            (exitCode, _, error) = await CliFolder.RunAsync([command, "-", "-c", "8"], Sizes);
            Assert.Equal(
                (2, "-:10: Size 9 is above the capacity 8. 'packingkit pack --leave-out' packs the others.\n"), (exitCode, error));
        }
    }

    [Theory]
    [InlineData("There is no strategy 'bdf'; did you mean bfd?", "--strategies", "ffd,bdf")]
    [InlineData("Say one of --json, --csv and --markdown.", "--json", "--csv")]
    [InlineData("Cannot parse 'x' of --capacities: expected a number.", "--capacities", "12,x")]
    [InlineData("--item-limits must be above 0, not 0.", "--item-limits", "0")]
    public async Task What_cannot_be_compared_is_said(string reason, params string[] options)
    {
        var (exitCode, output, error) = await CliFolder.RunAsync(["compare", "-", "-c", "10", .. options], Sizes);
        Assert.Equal((2, ""), (exitCode, output));
        Assert.Contains(reason, error);
    }

    private static string Row(string output, string start) =>
        output.Split('\n').First(line => line.StartsWith(start, StringComparison.Ordinal));
}

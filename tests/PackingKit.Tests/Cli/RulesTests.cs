using Xunit;

namespace PackingKit.Tests;

/// <summary>Resources, groups, marks, classes and least loads by columns, and a clear word where that cannot be.</summary>
public sealed class RulesTests
{
    private const string Jobs = "job,memory,cores,team,replica,kind\na,4,6,x,r1,web\nb,4,6,y,r1|r2,web\nc,4,1,x,r3,db\nd,4,1,,r2,db\n";

    [Fact]
    public async Task A_second_resource_is_a_column() => Assert.Equal(
        "job,memory,cores,team,replica,kind,bin\na,4,6,x,r1,web,1\nb,4,6,y,r1|r2,web,2\nc,4,1,x,r3,db,1\nd,4,1,,r2,db,2\n",
        await PackAsync(Jobs, "--resource", "cores=8"));

    [Theory]
    [InlineData("ffd")]
    [InlineData("bfd")]
    [InlineData("dot-product")]
    [InlineData("exact")]
    public async Task Every_strategy_for_rules_takes_them(string id)
    {
        var bins = Bins(await PackAsync(
            Jobs, "-c", "20", "--resource", "cores=14", "--group", "team", "--apart", "replica", "--class", "kind", "--max-classes", "2",
            "-s", id)).Split(' ');
        Assert.Equal(bins[0], bins[2]); // team x
        Assert.NotEqual(bins[0], bins[1]); // replica r1
        Assert.NotEqual(bins[1], bins[3]); // replica r2
    }

    [Fact]
    public async Task Counts_stand_for_items_that_take_as_much_each()
    {
        const string text = "id;mm;kg;qty\nrail;2,5;1,5;3\nstud;2,5;0,5;2\n";
        Assert.Equal(
            "id;mm;kg;qty;bin\nrail;2,5;1,5;2;1\nrail;2,5;1,5;1;2\nstud;2,5;0,5;2;2\n",
            await RunAsync(text, "-c", "10", "--column", "mm", "--count", "qty", "--resource", "kg=3", "--items", "csv"));
    }

    [Fact]
    public async Task Items_of_one_line_are_apart_by_its_mark() => Assert.Equal(
        "1 2 3",
        Bins(await RunAsync("size,n,mark\n1,3,x\n", "-c", "9", "--column", "size", "--count", "n", "--apart", "mark", "--items", "csv")));

    [Fact]
    public async Task Bins_have_their_least_load() => Assert.Equal(
        "1 2 2",
        Bins(await RunAsync("id,size\na,8\nb,2\nc,3\n", "-c", "10", "--column", "size", "--min-load", "5", "--items", "csv")));

    [Fact]
    public async Task A_group_that_no_bin_takes_is_refused_or_split()
    {
        const string text = "size,order\n6,A7\n4,A7\n4,A7\n5,\n";
        string[] options = ["-c", "10", "--column", "size", "--group", "order", "--items", "csv"];
        Assert.Contains("-:2: Group 'A7' cannot share a bin: it takes 14, above the capacity 10.", await ErrorAsync(text, options),
            StringComparison.Ordinal);
        Assert.Equal("1 1 2 2", Bins(await RunAsync(text, [.. options, "--split-groups"])));
    }

    [Fact]
    public async Task Lines_above_a_capacity_are_left_out_and_all_are_named()
    {
        const string text = "id,size,kg,n\na,4,1,1\nb,12,1,2\nc,5,9,1\nd,30,1,1\ne,6,1,1\n";
        var (exitCode, output, error) = await CliFolder.RunAsync(
            ["pack", "-", "-c", "10", "--column", "size", "--count", "n", "--leave-out", "--items", "csv"], text);
        Assert.Equal((0, "id,size,kg,n,bin\na,4,1,1,1\nc,5,9,1,2\ne,6,1,1,1\n"), (exitCode, output));
        Assert.Equal("-:3: left out: 12 is above the capacity 10.\n-:5: left out: 30 is above the capacity 10.\n", error);

        (exitCode, output, error) = await CliFolder.RunAsync(
            ["pack", "-", "-c", "10", "--column", "size", "--count", "n", "--resource", "kg=8", "--leave-out", "--items", "csv"], text);
        Assert.Equal((0, "id,size,kg,n,bin\na,4,1,1,1\ne,6,1,1,1\n"), (exitCode, output));
        Assert.Contains("-:4: left out: 9 of 'kg' is above the capacity 8.\n", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_record_names_its_rules_and_what_is_left_out_and_validates()
    {
        using var folder = new CliFolder();
        var file = folder.Write("jobs.csv", "id,size,kg\na,4,1\nb,12,1\nc,5,9\ne,6,1\n");
        var (_, record, _) = await CliFolder.RunAsync(
            ["pack", file, "-c", "10", "--column", "size", "--resource", "kg=8", "--min-load", "2", "--leave-out", "--json"]);
        Assert.Contains("\"assignment\":[0,-1,-1,0]", record, StringComparison.Ordinal);
        Assert.Contains("\"leftOut\":[1,2]", record, StringComparison.Ordinal);
        Assert.Contains("\"rules\":[\"--resource kg=8\",\"--min-load 2\"]", record, StringComparison.Ordinal);
        string[] validate = ["validate", folder.Write("record.json", record), "--column", "size"];
        Assert.Equal(
            (0, $"{file}: valid, 2 items in 1 bins of 10; lower bound as stated, 1; 2 left out; "
                + "not checked: --resource kg=8, --min-load 2\n", ""),
            await CliFolder.RunAsync(validate));
        Assert.Contains(
            "\"notChecked\":[\"--resource kg=8\"", (await CliFolder.RunAsync([.. validate, "--json"])).Output, StringComparison.Ordinal);
        folder.Write("record.json", record.Replace("[1,2]", "[1]", StringComparison.Ordinal));
        Assert.Equal(1, (await CliFolder.RunAsync(validate)).ExitCode);
    }

    [Theory]
    [InlineData(
        "'mbs' packs by size alone. With rules or resources say one of ffd, bfd, dot-product, exact.", "--apart", "job", "-s", "mbs")]
    [InlineData("'dot-product' is for rules and resources", "-s", "dot-product")]
    [InlineData("There is no strategy 'bestest'", "--group", "team", "-s", "bestest")]
    [InlineData("There is no column 'squad'", "--group", "squad")]
    [InlineData("expected a column, = and a capacity above 0", "--resource", "cores")]
    [InlineData("expected a column, = and a capacity above 0", "--resource", "cores=-1")]
    [InlineData("There is no column 'disks'", "--resource", "disks=5")]
    [InlineData("-:2: 6 of 'cores' is above the capacity 5.\n-:3: 6 of 'cores' is above the capacity 5.\n", "--resource", "cores=5")]
    [InlineData("--resource names 'cores' twice.", "--resource", "cores=8", "--resource", "cores=9")]
    [InlineData("--class and --max-classes belong together.", "--class", "kind")]
    [InlineData("--class and --max-classes belong together.", "--max-classes", "2")]
    [InlineData("--split-groups is for --group.", "--split-groups")]
    [InlineData("There is no packing: bins cannot all have their least load.", "--min-load", "7", "-c", "7", "--items", "csv")]
    [InlineData("-: --min-load 9 is above the capacity 8.", "--min-load", "9")]
    public async Task What_cannot_be_is_said(string message, params string[] options) => Assert.Contains(
        message,
        await ErrorAsync(Jobs, ["--column", "memory", .. options.Contains("-c") ? [] : (string[])["-c", "8"], .. options]),
        StringComparison.Ordinal);

    [Fact]
    public async Task Only_csv_has_columns()
    {
        Assert.Contains("Only CSV has columns for --resource", await ErrorAsync("1\n2\n", "-c", "5", "--resource", "2=5"),
            StringComparison.Ordinal);
        Assert.Contains("Only CSV has a column '2'", await ErrorAsync("1\n2\n", "-c", "5", "--group", "2"), StringComparison.Ordinal);
        Assert.Equal("1 1", Bins(await RunAsync("1\n2\n", "-c", "5", "--min-load", "2", "--items", "csv")));
    }

    private static Task<string> PackAsync(string text, params string[] options) =>
        RunAsync(text, ["--column", "memory", "--items", "csv", .. options.Contains("-c") ? [] : (string[])["-c", "8"], .. options]);

    private static async Task<string> RunAsync(string text, params string[] options)
    {
        var (exitCode, output, error) = await CliFolder.RunAsync(["pack", "-", .. options], text);
        Assert.Equal((0, ""), (exitCode, error));
        return output;
    }

    private static async Task<string> ErrorAsync(string text, params string[] options)
    {
        var (exitCode, output, error) = await CliFolder.RunAsync(["pack", "-", .. options], text);
        Assert.Equal((2, ""), (exitCode, output));
        return error;
    }

    /// <summary>The last column.</summary>
    private static string Bins(string csv) =>
        string.Join(' ', csv.Split('\n', StringSplitOptions.RemoveEmptyEntries)[1..].Select(line => line.Split(',')[^1]));
}

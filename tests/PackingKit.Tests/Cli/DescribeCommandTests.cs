using System.Text.Json;
using Xunit;

namespace PackingKit.Tests;

public sealed class DescribeCommandTests : IDisposable
{
    private readonly CliFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task The_figures_are_those_of_the_sizes_in_table_and_json()
    {
        const string sizes = "10\n20\n30\n30\n60\n100\n";
        var (exitCode, table, error) = await CliFolder.RunAsync(["describe", "-", "-c", "105"], sizes);
        Assert.Equal((0, ""), (exitCode, error));
        string Value(string name) =>
            table.Split('\n').First(line => line.StartsWith(name, StringComparison.Ordinal))[name.Length..].Trim();
        Assert.Equal(("6", "5", "250", "10, 100"), (Value("items"), Value("distinct sizes"), Value("total"), Value("smallest, largest")));
        Assert.Equal(("20, 30, 60", "2, 33.3 %", "30: 2, 33.3 %", "10"),
            (Value("quartiles"), Value("above half"), Value("most frequent"), Value("common divisor")));
        Assert.Contains("Every size is a multiple of 10", table);

        var json = JsonDocument.Parse((await CliFolder.RunAsync(["describe", "-", "-c", "105", "--json"], sizes)).Output).RootElement;
        Assert.Equal((6, 250, 10), (
            json.GetProperty("items").GetInt32(), json.GetProperty("totalSize").GetInt32(), json.GetProperty("divisor").GetInt32()));
        Assert.Equal(3, json.GetProperty("bounds").GetArrayLength());
        Assert.Equal("divisor", json.GetProperty("hints")[0].GetProperty("rule").GetString());
    }

    [Fact]
    public async Task Endings_tell_the_layout()
    {
        var array = _folder.PathOf("a.npy");
        await using (var stream = File.Create(array))
            Npy.Write<int>(stream, [3, 4, 5]);
        Assert.Contains("\"items\":3,", (await CliFolder.RunAsync(["describe", array, "-c", "9", "--json"])).Output);
        Assert.Equal(3, PackingRecord.FromJson((await CliFolder.RunAsync(["pack", array, "-c", "9", "--json"])).Output).Items);

        // As a list of sizes these are two; by the ending they are one and a capacity.
        var bpp = _folder.Write("a.bpp", "1\n9\n3\n");
        Assert.Contains("\"items\":1,", (await CliFolder.RunAsync(["describe", bpp, "-c", "20", "--json"])).Output);

        var (exitCode, _, error) = await CliFolder.RunAsync(["describe", array, "-c", "9", "--column", "1"]);
        Assert.Equal((2, $"{array}: By its ending this is Npy, which has no columns; say --format csv if it has.\n"), (exitCode, error));
        Assert.Equal((2, "",
            $"{array}:2: Size 4 is above the capacity 3, and so is 1 more. 'packingkit pack --leave-out' packs the others.\n"),
            await CliFolder.RunAsync(["describe", array, "-c", "3"]));
    }

    [Fact]
    public async Task A_file_without_items_is_described() =>
        Assert.Equal(0, (await CliFolder.RunAsync(["describe", "-", "-c", "3"], "")).ExitCode);

    [Fact]
    public async Task More_lines_than_are_kept_in_order_are_counted()
    {
        var lines = string.Concat(Enumerable.Range(0, (1 << 20) + 5).Select(line => line % 3 == 0 ? "30\n" : "7.5\n"));
        var (exitCode, output, _) = await CliFolder.RunAsync(["describe", "-", "-c", "100", "--json"], lines);
        var json = JsonDocument.Parse(output).RootElement;
        Assert.Equal((0, 1 << 20 | 5, 2, 1), (
            exitCode, json.GetProperty("items").GetInt32(), json.GetProperty("distinctSizes").GetInt32(),
            json.GetProperty("decimals").GetInt32()));
        var (refused, _, error) = await CliFolder.RunAsync(["describe", "-", "-c", "20"], lines);
        Assert.Equal(2, refused);
        Assert.StartsWith("-:1: Size 30 is above the capacity 20, and so are ", error);
    }
}

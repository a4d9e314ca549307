using Xunit;

namespace PackingKit.Tests;

/// <summary>Tables as people have them: quantities, decimals, names that are nearly right.</summary>
public sealed class ColumnTests
{
    private const string Parts = "part;length;qty\nA;72,5;3\nB;30;2\n";

    [Fact]
    public async Task A_column_of_quantities_is_counted_or_said_not_to_be()
    {
        Assert.Equal(5, (await PackAsync(Parts, "--count", "qty")).Items);
        Assert.Equal(5, (await PackAsync(Parts, "--count", "3")).Items);
        Assert.Equal(2, (await PackAsync(Parts, "--count", "none")).Items);
        var (exitCode, _, error) = await CliFolder.RunAsync(["pack", "-", "-c", "145.25", "--column", "length"], Parts);
        Assert.Equal((2, "-: There is a column 'qty': say --count qty, or --count none where each line is one item.\n"), (exitCode, error));
    }

    [Fact]
    public async Task The_column_of_sizes_may_itself_have_the_name_of_a_quantity()
    {
        foreach (var column in (string[])["count", "2"])
            Assert.Equal(0, (await CliFolder.RunAsync(["pack", "-", "-c", "9", "--column", column], "page,count\na,3\n")).ExitCode);
    }

    [Fact]
    public async Task Decimals_are_packed_exactly()
    {
        // Twice 72.5 in one bin of 145.2, 72.5 and twice 30 in the other.
        var record = await PackAsync(Parts, "--count", "qty");
        Assert.Equal((2, 1452L), (record.Bins, record.Capacity));

        var tenths = await CliFolder.RunAsync(["pack", "-", "-c", "0.3", "--json"], "0.1\n0.1\n0.1\n");
        Assert.Equal(1, PackingRecord.FromJson(tenths.Output).Bins);
        foreach (var command in (string[])["pack", "bound"])
            Assert.Contains(
                " 145.2 ", (await CliFolder.RunAsync([command, "-", "-c", "145.25", "--column", "2", "--count", "none"], Parts)).Output);
    }

    [Fact]
    public async Task What_was_packed_with_decimals_is_validated_and_certified_without_naming_the_capacity()
    {
        using var folder = new CliFolder();
        var sizes = folder.Write("a.txt", "0.5\n0.25\n0.25\n");
        var packed = folder.Write("a.jsonl", (await CliFolder.RunAsync(["pack", sizes, "-c", "0.755", "--json"])).Output);
        Assert.Equal(0, (await CliFolder.RunAsync(["validate", packed])).ExitCode);
        var certified = folder.Write("c.jsonl", (await CliFolder.RunAsync(["certify", "write", sizes, "-c", "0.755"])).Output);
        Assert.Equal(0, (await CliFolder.RunAsync(["certify", "check", certified, sizes])).ExitCode);
    }

    [Theory]
    [InlineData("id,length\na,3\n", "Length", "-:1: There is no column 'Length'; there are 2 (id, length). Did you mean 'length'?")]
    [InlineData("id,length,length\na,3,4\n", "length", "-:1: Columns 2 and 3 are both named 'length': choose the size by number.")]
    [InlineData("id,length\na,3\nTotal,3\n", "length", "-:3: The last line is named 'Total', which is no item.")]
    [InlineData("1x,a\n2,b\n", "1", "-:1: Expected a number as size, found '1x'.")]
    [InlineData("id,length\na,72.5\n", "length",
        "-:2: Size 72.5 is above the capacity 9. 'packingkit pack --leave-out' packs the others.")]
    [InlineData("id;length\na;0,05\nb;1,234\nc;1.5\n", "length", "-:4: The number has the decimal separator '.', where line 2 has ','.")]
    public async Task Tables_that_mislead_are_refused(string table, string column, string reason) => Assert.Equal(
        (2, "", reason + "\n"), await CliFolder.RunAsync(["pack", "-", "-c", "9", "--column", column], table));

    [Fact]
    public async Task A_capacity_below_the_unit_of_the_sizes_is_refused() => Assert.Equal(
        (2, "", "-: The capacity 0.5 is below 1, the unit of the sizes.\n"), await CliFolder.RunAsync(["pack", "-", "-c", "0.5"], "0\n"));

    private static async Task<PackingRecord> PackAsync(string table, params string[] options)
    {
        var (exitCode, output, error) = await CliFolder.RunAsync(
            ["pack", "-", "-c", "145.25", "--column", "length", "--json", .. options], table);
        Assert.Equal((0, ""), (exitCode, error));
        return PackingRecord.FromJson(output);
    }
}

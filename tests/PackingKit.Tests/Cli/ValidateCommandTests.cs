using Xunit;

namespace PackingKit.Tests;

public sealed class ValidateCommandTests : IDisposable
{
    private readonly CliFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private static string Record(
        string file, string assignment = "[0,0,1,1]", int capacity = 10, int items = 4, int bins = 2, string extra = "") =>
        $$"""{"file":"{{file}}","strategy":"bfd","capacity":{{capacity}},"items":{{items}},"bins":{{bins}},"lowerBound":2"""
        + $$""","status":"optimal","elapsedMs":1,"assignment":{{assignment}}{{extra}}}""";

    [Fact]
    public async Task What_pack_printed_is_valid()
    {
        string[] files = [_folder.Write("a.txt", "6\n4\n5\n5\n"), _folder.Write("b.txt", "2\n10\n9\n9\n")];
        foreach (var id in PackingStrategies.Ids)
        {
            var list = await CliFolder.RunAsync(["pack", files[0], "--capacity", "10", "--max-items", "3", "--strategy", id, "--json"]);
            var bpp = await CliFolder.RunAsync(["pack", files[1], "--strategy", id, "--json"]);
            var (exitCode, output, error) = await CliFolder.RunAsync(["validate", "-"], list.Output + bpp.Output);
            Assert.Equal((0, ""), (exitCode, error));
            Assert.Equal(files, output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split(": valid, ")[0]));
        }
    }

    [Theory]
    [InlineData("[0,1,1,0]", 10, 4, 2, "", "OverCapacity: Bin 0 holds 11, above the capacity 10.")]
    [InlineData("[0,0,1]", 10, 4, 2, "", "MissingItem: Item 3 is in no bin.")]
    [InlineData("[0,0,1,1,1]", 10, 4, 2, "", "UnknownItem: Bin 1 holds item 4, which is not there.")]
    [InlineData("[0,0,1,2]", 10, 4, 2, "", "UnknownBin: Item 3 is in bin 2, outside 0..1.")]
    [InlineData("[0,0,1,1]", 10, 4, 3, "", "EmptyBin: Bin 2 holds nothing.")]
    [InlineData("[0,0,1,1]", 11, 4, 2, "", "WrongFigure: The record says capacity 11, which should be 10.")]
    [InlineData("[0,0,1,1]", 10, 5, 2, "", "WrongFigure: The record says items 5, which should be 4.")]
    [InlineData("[0,0,1,1]", 10, 4, 2, ",\"maxItems\":1", "TooManyItems: Bin 0 holds 2 items, above the limit 1.")]
    [InlineData("[0,0,1,1]", 10, 4, 2, ",\"maxItems\":0", "WrongFigure: The record says maxItems 0, which should be none.")]
    [InlineData("[0,0,1,1]", -1, 4, 2, "", "WrongFigure: The record says capacity -1, which should be 10.")]
    public async Task Whatever_is_wrong_is_named_by_type_with_exit_code_1(
        string assignment, int capacity, int items, int bins, string extra, string message)
    {
        var sizes = _folder.Write("a.txt", "6\n4\n5\n5\n");
        var record = Record("a.txt", assignment, capacity, items, bins, extra);
        var (exitCode, output, error) = await CliFolder.RunAsync(["validate", "-", sizes, "--capacity", "10"], record);
        Assert.Equal((1, ""), (exitCode, output));
        Assert.Contains($"{sizes}: {message}", error.Split('\n'));

        var json = await CliFolder.RunAsync(["validate", "-", sizes, "--capacity", "10", "--json"], record);
        Assert.Equal((1, ""), (json.ExitCode, json.Error));
        Assert.Contains("\"valid\":false", json.Output);
        Assert.Contains($"\"type\":\"{message.Split(':')[0]}\"", json.Output);
    }

    [Fact]
    public async Task The_capacity_of_a_bpp_file_goes_before_that_of_the_record()
    {
        var sizes = _folder.Write("a.txt", "2\n10\n6\n6\n");
        var (exitCode, _, error) = await CliFolder.RunAsync(["validate", "-", sizes],
            Record("a.txt", "[0,0]", capacity: 12, items: 2, bins: 1));
        Assert.Equal(1, exitCode);
        Assert.Contains("OverCapacity: Bin 0 holds 12, above the capacity 10.", error);
    }

    [Fact]
    public async Task A_record_that_does_not_parse_is_refused_with_file_line_and_reason()
    {
        var sizes = _folder.Write("a.txt", "6\n4\n5\n5\n");
        var results = _folder.Write("results.jsonl", $"{Record(sizes.Replace("\\", "\\\\"))}\n\n{{\"file\":\"a\"}}\n");
        var (exitCode, output, error) = await CliFolder.RunAsync(["validate", results]);
        Assert.Equal((2, ""), (exitCode, output));
        Assert.StartsWith($"{results}:3: ", error);
        Assert.Contains("strategy", error);
    }

    [Theory]
    [InlineData("", "-: There is no line.")]
    [InlineData("-", "A record is of standard input: name the file of its sizes.")]
    public async Task Without_sizes_there_is_nothing_to_check(string file, string reason)
    {
        var (exitCode, _, error) = await CliFolder.RunAsync(["validate", "-"], file == "" ? "" : Record(file));
        Assert.Equal(2, exitCode);
        Assert.Contains(reason, error);
    }

    [Fact]
    public async Task Records_and_files_of_sizes_must_be_as_many()
    {
        var sizes = _folder.Write("a.txt", "6\n4\n5\n5\n");
        var (exitCode, _, error) = await CliFolder.RunAsync(["validate", "-", sizes, sizes], Record("a.txt"));
        Assert.Equal((2, "-: There are 1 records and 2 files of sizes.\n"), (exitCode, error));
    }

    [Fact]
    public async Task A_wild_record_is_not_listed_without_end()
    {
        var sizes = _folder.Write("a.txt", string.Concat(Enumerable.Repeat("1\n", 1000)));
        var (_, _, error) = await CliFolder.RunAsync(["validate", "-", sizes], Record("a.txt", "[]", items: 1000, bins: 0));
        Assert.Equal(21, error.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
        Assert.EndsWith("more\n", error);
    }
}

using System.Text.Json;
using System.Text.RegularExpressions;
using Xunit;

namespace PackingKit.Tests;

public sealed partial class PackCommandTests : IDisposable
{
    private const string Anomaly = "44\n24\n24\n22\n21\n17\n8\n8\n6\n6\n";
    private readonly CliFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("60", 3)]
    [InlineData("61", 4)]
    public async Task First_fit_decreasing_shows_its_anomaly(string capacity, int bins)
    {
        var (exitCode, output, error) = await CliFolder.RunAsync(
            ["pack", _folder.Write("a.txt", Anomaly), "--capacity", capacity, "--strategy", "ffd", "--json"]);
        Assert.Equal((0, ""), (exitCode, error));
        Assert.Equal(bins, PackingRecord.FromJson(output).Bins);
    }

    [Theory]
    [InlineData("60", 3)]
    [InlineData("61", 4)]
    public async Task Cp_sat_proves_three_bins_whether_or_not_first_fit_decreasing_finds_them(string capacity, int found)
    {
        const string sizes = "44\n6\n24\n6\n24\n8\n22\n8\n17\n21\n";
        async Task<PackingRecord> PackAsync(string strategy) =>
            PackingRecord.FromJson(
                (await CliFolder.RunAsync(["pack", "-", "-c", capacity, "-s", strategy, "--time-limit", "60", "--json"], sizes)).Output);
        Assert.Equal(found, (await PackAsync("ffd")).Bins);
        var exact = await PackAsync("cp-sat");
        Assert.Equal((3, 3, PackingStatus.Optimal), (exact.Bins, exact.LowerBound, exact.Status));
    }

    [Fact]
    public async Task The_json_of_a_packing_has_its_settled_shape()
    {
        var (_, output, _) = await CliFolder.RunAsync(["pack", "-", "-c", "61", "-s", "ffd", "--json"], Anomaly);
        Assert.Equal(
            """{"file":"-","strategy":"ffd","capacity":61,"items":10,"bins":4,"lowerBound":3,"status":"feasible","elapsedMs":0"""
            + ""","assignment":[0,1,1,2,2,0,1,2,2,3]}""" + "\n",
            Elapsed().Replace(output, "\"elapsedMs\":0"));
    }

    [Fact]
    public async Task Redirected_the_table_has_no_borders_and_no_escapes()
    {
        var (exitCode, output, error) = await CliFolder.RunAsync(["pack", "-", "-c", "61", "-s", "ffd", "--max-items", "9"], Anomaly);
        Assert.Equal((0, ""), (exitCode, error));
        var rows = output.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)).ToArray();
        Assert.Equal(["file", "strategy", "items", "capacity", "bins", "bound", "gap", "fill", "time"], rows[0]);
        Assert.Equal(["-", "ffd", "10", "61", "4", "3", "1", "73.77", "%"], rows[1][..9]);
        Assert.DoesNotContain('\e', output);
    }

    [Fact]
    public async Task Files_come_out_in_the_order_they_were_named_whatever_runs_at_a_time()
    {
        string[] files = [.. Enumerable.Range(0, 20).Select(i => _folder.Write($"{i}.txt", string.Concat(Enumerable.Repeat("3\n", i))))];
        var (exitCode, output, _) = await CliFolder.RunAsync(
            ["pack", .. files, "--capacity", "10", "--format", "sizes", "--parallel", "4", "--json"]);
        Assert.Equal(0, exitCode);
        var records = output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(PackingRecord.FromJson).ToArray();
        Assert.Equal(files, records.Select(record => record.File));
        Assert.Equal(Enumerable.Range(0, 20), records.Select(record => record.Items));
    }

    [Fact]
    public async Task Layout_column_and_item_limit_are_taken_from_the_options()
    {
        var csv = _folder.Write("a.csv", "id;tokens\n1;5\n2;5\n3;5\n");
        var (exitCode, output, _) = await CliFolder.RunAsync(
            ["pack", csv, "--column", "tokens", "--capacity", "100", "--max-items", "2", "--json"]);
        Assert.Equal((0, 2), (exitCode, PackingRecord.FromJson(output).Bins));

        var bpp = _folder.Write("b.txt", "1\n7\n5\n");
        Assert.Equal(7, PackingRecord.FromJson((await CliFolder.RunAsync(["pack", bpp, "--json"])).Output).Capacity);
        Assert.Equal(3,
            PackingRecord.FromJson((await CliFolder.RunAsync(["pack", bpp, "--format", "sizes", "-c", "9", "--json"])).Output).Items);
    }

    [Fact]
    public async Task Where_a_capacity_is_given_what_looks_like_bpp_is_not_guessed()
    {
        var (exitCode, output, error) = await CliFolder.RunAsync(["pack", "-", "--capacity", "10", "--json"], "3\n3\n3\n3\n3\n");
        Assert.Equal((2, ""), (exitCode, output));
        Assert.StartsWith("-: This reads as n, a capacity and n sizes, and as a list of sizes", error);

        async Task<int> ItemsAs(string format) =>
            PackingRecord.FromJson(
                (await CliFolder.RunAsync(["pack", "-", "-c", "10", "--format", format, "--json"], "3\n3\n3\n3\n3\n")).Output).Items;
        Assert.Equal((3, 5), (await ItemsAs("bpp"), await ItemsAs("sizes")));
    }

    [Fact]
    public async Task One_bad_file_stops_all_before_anything_is_packed_and_every_bad_file_is_named()
    {
        var good = _folder.Write("good.txt", "1\n2\n");
        var words = _folder.Write("words.txt", "1\ntwo\n");
        var large = _folder.Write("large.txt", "1\n\n20\n");
        var (exitCode, output, error) = await CliFolder.RunAsync(
            ["pack", good, words, large, _folder.PathOf("absent.txt"), "--capacity", "10", "--json"]);
        Assert.Equal((2, ""), (exitCode, output));
        Assert.Equal(
            [
                $"{words}:2: Expected a number as size, found 'two'.",
                $"{large}:3: Size 20 is above the capacity 10. 'packingkit pack --leave-out' packs the others.",
                $"{_folder.PathOf("absent.txt")}: Could not find file '{_folder.PathOf("absent.txt")}'.",
            ],
            error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    [Theory]
    [InlineData("No capacity is known: give --capacity, or --format bpp if the file names it.", "pack", "-")]
    [InlineData("--capacity must be above 0, not 0.", "pack", "-", "--capacity", "0")]
    [InlineData("--max-items must be above 0, not -1.", "pack", "-", "--max-items", "-1")]
    [InlineData("--time-limit must be above 0, not 0.", "pack", "-", "--time-limit", "0")]
    [InlineData("--time-limit must be above 0, not NaN.", "pack", "-", "--time-limit", "NaN")]
    [InlineData("--seed must be at least 0, not -1.", "pack", "-", "--seed", "-1")]
    [InlineData("--parallel must be above 0, not 0.", "pack", "-", "--parallel", "0")]
    [InlineData("There is no strategy 'best'; there are nf, ff, ", "pack", "-", "--strategy", "best")]
    [InlineData("There is no strategy 'bdf'; did you mean bfd?", "pack", "-", "--strategy", "bdf")]
    [InlineData("There is no command 'pakc'; did you mean pack?", "pakc", "-")]
    [InlineData("There is no command 'lengths.csv'; there are pack, ", "lengths.csv")]
    [InlineData("There is no command 'wirte'; did you mean write?", "certify", "wirte", "-")]
    [InlineData("Argument 'xml' not recognized.", "pack", "-", "--format", "xml")]
    [InlineData("Only --format csv has columns", "pack", "-", "--format", "bpp", "--column", "1")]
    [InlineData("Cannot parse argument 'ten'", "pack", "-", "--capacity", "ten")]
    [InlineData("Standard input can be read only once.", "pack", "-", "-", "--capacity", "5")]
    [InlineData("Required argument 'files' missing", "pack")]
    [InlineData("Required command was not provided.", "--json")]
    public async Task What_cannot_be_used_is_said_on_standard_error_with_exit_code_2(string reason, params string[] args)
    {
        var (exitCode, output, error) = await CliFolder.RunAsync(args, "1\n2\n");
        Assert.Equal((2, ""), (exitCode, output));
        Assert.Contains(reason, error);
    }

    [Fact]
    public async Task Without_arguments_the_command_says_what_it_can_do()
    {
        var (exitCode, output, error) = await CliFolder.RunAsync([]);
        Assert.Equal((0, ""), (exitCode, error));
        Assert.All(["pack", "bound", "validate", "strategies"], command => Assert.Contains($"  {command} ", output));
    }

    [Theory]
    [InlineData("--json")]
    [InlineData("--parallel=2")]
    public async Task Cancelling_prints_no_packing(string option)
    {
        using var source = new CancellationTokenSource();
        await source.CancelAsync();
        var (exitCode, output, error) = await CliFolder.RunAsync(["pack", "-", "-c", "61", option], Anomaly, source.Token);
        Assert.Equal((130, "", "Cancelled.\n"), (exitCode, output, error));
    }

    [Fact]
    public async Task The_sample_input_packs_as_the_readme_shows()
    {
        var sample = Path.Combine(AppContext.BaseDirectory, "lengths.txt");
        var (exitCode, output, _) = await CliFolder.RunAsync(["pack", sample, "--capacity", "2048", "--json"]);
        var record = PackingRecord.FromJson(output);
        Assert.Equal((0, 1000, "bfd"), (exitCode, record.Items, record.Strategy));
        Assert.InRange(record.Bins - record.LowerBound, 0, 0.02 * record.LowerBound);
    }

    [Fact]
    public async Task The_catalogue_lists_every_strategy()
    {
        var (exitCode, output, _) = await CliFolder.RunAsync(["strategies", "--json"]);
        var ids = output.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => JsonDocument.Parse(line).RootElement.GetProperty("id").GetString());
        Assert.Equal(0, exitCode);
        Assert.Equal(PackingStrategies.Ids, ids);
        var table = (await CliFolder.RunAsync(["strategies"])).Output;
        Assert.All(PackingStrategies.Ids, id => Assert.Contains(PackingStrategies.Find(id).Words, table));
    }

    [GeneratedRegex("\"elapsedMs\":[0-9.]+")]
    private static partial Regex Elapsed();
}

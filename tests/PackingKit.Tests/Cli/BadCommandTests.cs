using System.Diagnostics;
using PackingKit.Cli;
using Xunit;

namespace PackingKit.Tests;

/// <summary>Whatever the command is given, it ends with an exit code of its own and a short reason.</summary>
public sealed class BadCommandTests : IDisposable
{
    private readonly CliFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("--time-limit must be at most 1000000000, not 1e300.", "--time-limit", "1e300")]
    [InlineData("--time-limit must be at most 1000000000, not 1e12.", "--time-limit", "1e12")]
    [InlineData("--time-limit must be at least 0.000001, not 1e-9.", "--time-limit", "1e-9")]
    [InlineData("Cannot parse argument '0,5' for --time-limit: expected a number.", "--time-limit", "0,5")]
    [InlineData("Cannot parse argument 'ten' for --capacity: expected a number.", "--capacity", "ten")]
    [InlineData("Cannot parse argument '1,000' for --capacity: expected a number.", "--capacity", "1,000")]
    [InlineData("Cannot parse argument '1e999' for --capacity: expected a number.", "--capacity", "1e999")]
    [InlineData("Cannot parse argument '1.5' for --max-items: expected a whole number.", "--max-items", "1.5")]
    [InlineData("Cannot parse argument '' for --seed: expected a whole number.", "--seed", "")]
    [InlineData("There is no option '--kerf'.", "--kerf", "3")]
    [InlineData("There is no option '--time-limt'; did you mean --time-limit?", "--time-limt", "3")]
    [InlineData("There is no option '--capcity'; did you mean --capacity?", "--capcity=3")]
    [InlineData("There is no option '-x'", "-x")]
    [InlineData("Option '--column' expects a single argument but 2 were provided.", "--column", "a", "--column", "b")]
    [InlineData("Only --format csv has columns for --count", "--format", "sizes", "--count", "2")]
    public async Task Options_that_cannot_be_used_are_named(string reason, params string[] args)
    {
        var (exitCode, output, error) = await CliFolder.RunAsync(["pack", _folder.Write("a.txt", "1\n"), .. args], "1\n");
        Assert.Equal((2, ""), (exitCode, output));
        Assert.Contains(reason, error);
        Assert.DoesNotContain("System.", error);
    }

    [Fact]
    public async Task A_folder_is_called_one()
    {
        var folder = Directory.CreateDirectory(_folder.PathOf("sizes")).FullName;
        var (exitCode, _, error) = await CliFolder.RunAsync(["pack", folder, "--capacity", "5"]);
        Assert.Equal(2, exitCode);
        Assert.Contains("It is a folder, not a file.", error);
    }

    [Fact]
    public async Task The_longest_and_the_shortest_time_limit_are_taken()
    {
        foreach (var limit in (string[])["1e9", "1e-6", ".5"])
            Assert.Equal(
                0, (await CliFolder.RunAsync(["pack", "-", "-c", "9", "-s", "exact", "--time-limit", limit], "1\n")).ExitCode);
    }

    [Fact]
    public async Task After_two_dashes_a_file_may_have_the_name_of_an_option()
    {
        var (exitCode, _, error) = await CliFolder.RunAsync(["pack", "-c", "9", "--", "--kerf"]);
        Assert.Equal(2, exitCode);
        Assert.StartsWith("--kerf: Could not find file", error);
    }

    [Fact]
    public async Task Empty_names_of_files_are_refused_by_every_command()
    {
        var record = _folder.Write("results.jsonl", Record(file: ""));
        foreach (var args in (string[][])[
            ["pack", "", "-c", "5"], ["bound", "", "-c", "5"], ["validate", ""], ["validate", record], ["certify", "check", "", "a"]])
            Assert.Equal((2, "", "'': The name of the file is empty.\n"), await CliFolder.RunAsync(args));
    }

    [Fact]
    public async Task Standard_input_is_read_once() => Assert.Equal(
        (2, "", "-: Standard input can be read only once.\n"),
        await CliFolder.RunAsync(["validate", "-", "-"], Record(file: "-")));

    [Theory]
    [InlineData("a.npz"), InlineData("a.jsonl"), InlineData("a.txt.gz"), InlineData("a.parquet")]
    public async Task Files_of_other_kinds_are_refused_by_their_ending(string name)
    {
        var (exitCode, _, error) = await CliFolder.RunAsync(["pack", _folder.Write(name, new string('7', 100_000)), "-c", "5"]);
        Assert.Equal(2, exitCode);
        Assert.EndsWith($"Files that end in {Path.GetExtension(name).ToLowerInvariant()} are not read, only text and .npy.\n", error);
    }

    [Theory]
    [InlineData("pack"), InlineData("pack", "--json"), InlineData("bound"), InlineData("bound", "--json"), InlineData("certify", "write")]
    public async Task Output_that_cannot_be_written_is_said(params string[] command)
    {
        var output = new StreamWriter(new FullDisk()) { AutoFlush = true }; // not disposed, which would write
        await using var error = new StringWriter { NewLine = "\n" };
        var terminal = new Terminal(() => new MemoryStream("1\n"u8.ToArray()), output, error);
        Assert.Equal(CommandLine.NoOutput, await CommandLine.RunAsync([.. command, "-", "-c", "5"], terminal));
        Assert.Equal("Output cannot be written: full\n", error.ToString());
    }

    [Theory]
    [InlineData(3, "pack \"$1\" -c 5 > /dev/full")]
    [InlineData(3, "pack \"$1\" -c 5 --json >&-")]
    [InlineData(3, "pack \"$1\" -c 5 2>&- > /dev/full")]
    [InlineData(2, "pack \"$1\" 2> /dev/full")]
    [InlineData(2, "pack \"$1\" --kerf 3 2>&-")]
    public async Task A_full_disk_and_closed_streams_end_in_an_exit_code(int exitCode, string line)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Has /dev/full.");
        var start = new ProcessStartInfo("bash", ["-c", $"exec \"{DotnetHost.Path}\" \"$0\" {line}",
            Path.Combine(AppContext.BaseDirectory, "PackingKit.Cli.dll"), _folder.Write("a.txt", "1\n2\n")])
        {
            RedirectStandardError = true,
        };
        using var command = Process.Start(start)!;
        await command.StandardError.ReadToEndAsync();
        await command.WaitForExitAsync();
        Assert.Equal(exitCode, command.ExitCode);
    }

    [Fact]
    public async Task Items_that_no_memory_holds_are_refused_before_they_are_made()
    {
        const string table = "length,count\n3,1000000000\n4,1147483591\n";
        var (exitCode, _, error) = await CliFolder.RunAsync(["pack", "-", "-c", "5"], table);
        Assert.Equal(2, exitCode);
        Assert.StartsWith("-: 2,147,483,591 items need about 98,304 MB of memory", error);
        // What needs no items makes none.
        Assert.Contains("\"items\":2147483591", (await CliFolder.RunAsync(["bound", "-", "-c", "5", "--json"], table)).Output);
        Assert.Contains("2,147,483,591", (await CliFolder.RunAsync(["describe", "-", "-c", "5"], table)).Output);
        Assert.Contains("Take ", (await CliFolder.RunAsync(["compare", "-", "-c", "5", "--repeats", "1"], table)).Output);
        var before = GC.GetAllocatedBytesForCurrentThread(); // which does all of bound
        Assert.True(CliFolder.RunAsync(["bound", "-", "-c", "5"], table).IsCompleted);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 50_000_000);
    }

    private static string Record(string file) =>
        $$"""{"file":"{{file}}","strategy":"bfd","capacity":9,"items":0,"bins":0,"lowerBound":0,"status":"optimal","elapsedMs":1,"""
        + "\"assignment\":[]}";
}

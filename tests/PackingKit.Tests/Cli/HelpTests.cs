using PackingKit.Cli;
using Xunit;

namespace PackingKit.Tests;

public sealed class HelpTests : IDisposable
{
    private readonly CliFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    public static TheoryData<string> Commands =>
    [
        "", "pack", "cut", "balance", "describe", "compare", "bound", "validate", "certify", "certify write", "generate", "generate fit",
        "completions",
    ];

    [Theory, MemberData(nameof(Commands))]
    public async Task Help_is_wrapped_and_its_examples_are_command_lines(string command)
    {
        var (exitCode, output, error) = await CliFolder.RunAsync([.. command.Split(' ', StringSplitOptions.RemoveEmptyEntries), "--help"]);
        Assert.Equal((0, ""), (exitCode, error));
        Assert.All(output.Split('\n'), line => Assert.True(line.Length <= 100, line));
        Assert.Contains($"  packingkit{(command == "" ? "" : " ")}{command}", output);
        foreach (var example in output.Split('\n').SkipWhile(line => line != "Examples:").Skip(1).TakeWhile(line => line.Length > 0))
        {
            // The files are not there; the rest of the line must be right, so that what is said is said of them.
            var line = example.Trim().Split(" > ")[0].Split(" -o ")[0];
            var result = await CliFolder.RunAsync([.. line.Split(' ')[1..], "-o", _folder.PathOf("out")]);
            Assert.True(
                result.ExitCode == 0 || result.Error.Contains("Could not find", StringComparison.Ordinal), $"{example}: {result.Error}");
        }
    }

    [Fact]
    public async Task Options_stand_in_groups()
    {
        var lines = (await CliFolder.RunAsync(["pack", "--help"])).Output.Split('\n');
        (string, string)[] expected =
            [("--column", "Input:"), ("--strategy", "Strategy:"), ("--seed", "Search:"), ("--json", "Output:")];
        foreach (var (option, group) in expected)
            Assert.Equal(group, lines[..Array.FindIndex(lines, line => line.Contains($"{option}", StringComparison.Ordinal)
                && line.StartsWith("  -", StringComparison.Ordinal))].Last(line => line.EndsWith(':') && line[0] != ' '));
    }

    [Fact]
    public async Task Output_goes_to_a_file_and_a_failure_leaves_the_file_as_it_was()
    {
        var (sizes, output) = (_folder.Write("a.txt", "1\n2\n"), _folder.PathOf("out.jsonl"));
        Assert.Equal((0, "", ""), await CliFolder.RunAsync(["pack", sizes, "-c", "5", "--json", "-o", output]));
        var written = await File.ReadAllTextAsync(output);
        Assert.Equal(2, PackingRecord.FromJson(written).Items);
        Assert.Equal(2, (await CliFolder.RunAsync(["pack", _folder.PathOf("absent"), "-c", "5", "-o", output])).ExitCode);
        Assert.Equal(written, await File.ReadAllTextAsync(output));
        Assert.False(File.Exists($"{output}.part"));
        Assert.Equal(
            CommandLine.NoOutput, (await CliFolder.RunAsync(["pack", sizes, "-c", "5", "-o", _folder.PathOf("no/such/folder")])).ExitCode);
    }

    [Fact]
    public async Task Quietly_only_mistakes_are_said()
    {
        var sizes = _folder.Write("a.txt", "1\n2\n");
        Assert.Equal((0, "", ""), await CliFolder.RunAsync(["pack", sizes, "-c", "5", "--quiet"]));
        Assert.Equal(2, (await CliFolder.RunAsync(["pack", sizes, "-c", "1", "-q"])).ExitCode);
    }

    [Fact]
    public async Task A_log_has_a_line_for_each_better_packing_or_bound()
    {
        var (exitCode, _, error) = await CliFolder.RunAsync(["pack", "-", "-c", "10", "-s", "exact", "--log", "--json"], "6\n5\n4\n3\n2\n");
        Assert.Equal(0, exitCode);
        Assert.All(
            error.Split('\n', StringSplitOptions.RemoveEmptyEntries),
            line => Assert.Matches(@"^-: exact: \d+\.\d{3} s, 2 bins, bound 2, ", line));
        Assert.NotEmpty(error);
    }
}

using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using Xunit;

namespace PackingKit.Tests;

[Trait("speed", "slow")]
public sealed partial class CtrlCTests : IDisposable
{
    private const int Interrupt = 2;
    private readonly CliFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Ctrl_c_in_the_midst_of_a_search_prints_the_best_so_far_and_ends_the_command_cleanly()
    {
        var easy = _folder.Write("easy.txt", "1\n2\n");
        var hard = Hard();
        // Once the first file is packed the second is being searched.
        var (output, exitCode) = await InterruptAsync(
            reader => reader.ReadLineAsync(), ["pack", easy, hard, "-c", "1000", "-s", "cp-sat", "--json"]);
        var best = PackingRecord.FromJson(output);
        Assert.Equal((hard, 240, PackingStatus.Feasible), (best.File, best.Items, best.Status));
        Assert.Empty(best.Validate(PackingProblem.Create([.. File.ReadLines(hard).Select(long.Parse)], 1000)));
        Assert.Equal(130, exitCode);
    }

    [Fact]
    public async Task Ctrl_c_in_a_comparison_shows_what_the_search_had_and_writes_the_page()
    {
        var page = _folder.PathOf("report.html");
        var (output, exitCode) = await InterruptAsync(
            _ => Task.Delay(TimeSpan.FromSeconds(2)),
            [
                "compare", Hard(), "-c", "1000", "--strategies", "bfd,cp-sat", "--time-limit", "600", "--json", "--html", page,
                "-o", _folder.PathOf("out.json"),
            ]);
        Assert.Empty(output);
        var search = JsonDocument.Parse(await File.ReadAllTextAsync(_folder.PathOf("out.json"))).RootElement.GetProperty("strategies")[1];
        Assert.Equal("Stopped", search.GetProperty("stopped").GetString());
        Assert.InRange(search.GetProperty("bins").GetInt32(), 80, 100);
        Assert.EndsWith("</html>\n", await File.ReadAllTextAsync(page));
        Assert.Equal(130, exitCode);
    }

    [Theory]
    [InlineData("pack", "-c", "1000", "-s", "cp-sat", "--items", "csv")]
    [InlineData("pack", "-c", "1000", "-s", "cp-sat", "--json")]
    [InlineData("cut", "--stock", "1000", "--items", "csv", "--fewer-patterns")]
    public async Task Ctrl_c_writes_what_a_search_had_to_the_file_that_was_asked_for(string command, params string[] options)
    {
        var file = _folder.Write("out.txt", "as it was");
        var (output, exitCode) = await InterruptAsync(
            _ => Task.Delay(TimeSpan.FromSeconds(1)), [command, Hard(), .. options, "--time-limit", "600", "-o", file]);
        Assert.Equal((130, ""), (exitCode, output));
        Assert.Contains(command == "pack" && options.Contains("--json") ? "\"items\":240" : "bin", await File.ReadAllTextAsync(file));
    }

    [Theory]
    [InlineData]
    [InlineData("--json")]
    [InlineData("--json", "-o")]
    public async Task Ctrl_c_shows_the_passes_that_were_found(params string[] options)
    {
        var random = new Random(2);
        int[][] beginnings = [.. Enumerable.Range(0, 250).Select(_ => Tokens(5, 60))];
        var prompts = _folder.Write("hard.jsonl", string.Join('\n', Enumerable.Range(0, 1500).Select(_ =>
            $"{{\"token_ids\": [{string.Join(',', [.. beginnings[random.Next(250)], .. Tokens(10, 90)])}]}}")));
        var file = _folder.PathOf("out.json");
        var (output, exitCode) = await InterruptAsync(
            _ => Task.Delay(TimeSpan.FromSeconds(1.5)),
            ["prefix", prompts, "-b", "200", "--time-limit", "600", .. options, .. options.Contains("-o") ? new[] { file } : []]);
        Assert.Equal(130, exitCode);
        if (options.Length == 0)
        {
            Assert.All(PrefixStrategies.Ids, id => Assert.Contains(id, output, StringComparison.Ordinal));
            return;
        }
        var found = JsonDocument.Parse(options.Contains("-o") ? await File.ReadAllTextAsync(file) : output).RootElement;
        Assert.Equal("certified", found.GetProperty("strategy").GetString());
        Assert.InRange(found.GetProperty("passes").GetInt32(), found.GetProperty("lowerBound").GetInt32() + 1, 1500);

        int[] Tokens(int least, int most) => [.. Enumerable.Range(0, random.Next(least, most)).Select(_ => random.Next(1000))];
    }

    /// <summary>Runs the command in a process of its own, waits, lets it search a while, and sends what Ctrl+C sends.</summary>
    private static async Task<(string Output, int ExitCode)> InterruptAsync(Func<StreamReader, Task> wait, string[] args)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Sends a signal as Linux does.");
        Assert.SkipWhen(IgnoresInterrupts(), "This process was started with interrupts ignored, and so would be the command.");
        var start = new ProcessStartInfo(DotnetHost.Path, [Path.Combine(AppContext.BaseDirectory, "PackingKit.Cli.dll"), .. args])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var command = Process.Start(start)!;
        try
        {
            await wait(command.StandardOutput);
            await Task.Delay(TimeSpan.FromSeconds(1.5));
            Assert.Equal(0, Kill(command.Id, Interrupt));
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
            await command.WaitForExitAsync(patience.Token);
            Assert.Equal("Cancelled.\n", await command.StandardError.ReadToEndAsync());
            return (await command.StandardOutput.ReadToEndAsync(), command.ExitCode);
        }
        finally
        {
            if (!command.HasExited)
                command.Kill();
        }
    }

    private string Hard() => _folder.Write("hard.txt", string.Join('\n', Triplets(80, 1000, new Random(7))));

    /// <summary>Items in threes that fill a bin just: a plain model does not close so many.</summary>
    private static IEnumerable<int> Triplets(int bins, int capacity, Random random) => Enumerable.Range(0, bins).SelectMany(_ =>
    {
        var first = random.Next(380, 490);
        var second = random.Next((capacity - first) / 2 - 60, (capacity - first) / 2);
        return new[] { first, second, capacity - first - second };
    });

    private static bool IgnoresInterrupts()
    {
        var ignored = File.ReadLines("/proc/self/status")
            .First(line => line.StartsWith("SigIgn:", StringComparison.Ordinal))["SigIgn:".Length..];
        return (ulong.Parse(ignored.Trim(), NumberStyles.HexNumber, CultureInfo.InvariantCulture) >> (Interrupt - 1) & 1) != 0;
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int process, int signal);
}

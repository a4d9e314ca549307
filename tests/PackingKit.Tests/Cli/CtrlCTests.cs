using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using Xunit;

namespace PackingKit.Tests;

public sealed partial class CtrlCTests : IDisposable
{
    private const int Interrupt = 2;
    private readonly CliFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Ctrl_c_in_the_midst_of_a_search_prints_the_best_so_far_and_ends_the_command_cleanly()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Sends a signal as Linux does.");
        Assert.SkipWhen(IgnoresInterrupts(), "This process was started with interrupts ignored, and so would be the command.");
        var easy = _folder.Write("easy.txt", "1\n2\n");
        var hard = _folder.Write("hard.txt", string.Join('\n', Triplets(80, 1000, new Random(7))));
        var start = new ProcessStartInfo(DotnetHost.Path)
        {
            ArgumentList =
            {
                Path.Combine(AppContext.BaseDirectory, "PackingKit.Cli.dll"), "pack", easy, hard, "-c", "1000", "-s", "cp-sat", "--json",
            },
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var command = Process.Start(start)!;
        try
        {
            Assert.NotNull(await command.StandardOutput.ReadLineAsync()); // the first file is packed, so the second is being searched
            await Task.Delay(TimeSpan.FromSeconds(1.5));
            Assert.Equal(0, Kill(command.Id, Interrupt));
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
            await command.WaitForExitAsync(patience.Token);
            Assert.Equal("Cancelled.\n", await command.StandardError.ReadToEndAsync());
            var best = PackingRecord.FromJson(await command.StandardOutput.ReadToEndAsync());
            Assert.Equal((hard, 240, PackingStatus.Feasible), (best.File, best.Items, best.Status));
            Assert.Empty(best.Validate(PackingProblem.Create([.. File.ReadLines(hard).Select(long.Parse)], 1000)));
            Assert.Equal(130, command.ExitCode);
        }
        finally
        {
            if (!command.HasExited)
                command.Kill();
        }
    }

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

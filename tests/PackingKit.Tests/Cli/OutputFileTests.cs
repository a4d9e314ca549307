using System.Diagnostics;
using Xunit;

namespace PackingKit.Tests;

/// <summary>What <c>-o</c> leaves in a folder: what was asked for, and nothing else changed.</summary>
public sealed class OutputFileTests : IDisposable
{
    private readonly CliFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_link_stays_and_the_file_that_it_leads_to_is_replaced()
    {
        File.CreateSymbolicLink(_folder.PathOf("first"), _folder.PathOf("second"));
        File.CreateSymbolicLink(_folder.PathOf("second"), _folder.Write("old.txt", "old"));
        File.CreateSymbolicLink(_folder.PathOf("dangling"), _folder.PathOf("new.txt"));
        await PackAsync(0, _folder.PathOf("first"));
        await PackAsync(0, _folder.PathOf("dangling"));
        Assert.All(
            new[] { "first", "second", "dangling" }, name => Assert.NotNull(new FileInfo(_folder.PathOf(name)).LinkTarget));
        Assert.All(new[] { "old.txt", "new.txt" }, name => Assert.Contains("\"bins\":", File.ReadAllText(_folder.PathOf(name))));
    }

    [Fact]
    public async Task The_mode_of_a_file_stays()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("It has no modes.");
            return; // for the analyzer of platforms
        }
        var (file, mode) = (_folder.Write("out.txt", "old"), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.OtherWrite);
        File.SetUnixFileMode(file, mode);
        await PackAsync(0, file);
        Assert.Equal(mode, File.GetUnixFileMode(file));
    }

    [Fact]
    public async Task A_pipe_is_written_to_and_stays_one()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Makes a pipe as Linux does.");
        var pipe = _folder.PathOf("pipe");
        using (var made = Process.Start("mkfifo", pipe))
            await made.WaitForExitAsync(TestContext.Current.CancellationToken);
        for (var run = 0; run < 2; run++) // the second meets what the first left
        {
            var read = Task.Run(() => File.ReadAllText(pipe), TestContext.Current.CancellationToken);
            await PackAsync(0, pipe);
            Assert.Contains("\"bins\":", await read.WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken));
        }
        Assert.Equal(["a.txt", "pipe"], Names());
    }

    [Fact]
    public async Task Files_of_others_stay_and_a_failure_leaves_nothing()
    {
        var (other, empty) = (_folder.Write("out.txt.part", "mine"), _folder.Write("empty.txt", ""));
        await PackAsync(0, _folder.PathOf("out.txt"));
        Assert.Equal("mine", await File.ReadAllTextAsync(other, TestContext.Current.CancellationToken));
        await PackAsync(2, _folder.PathOf("new.txt"), capacity: 1);
        await PackAsync(2, empty, capacity: 1);
        Assert.Empty(await File.ReadAllTextAsync(empty, TestContext.Current.CancellationToken));
        Assert.Equal(["a.txt", "empty.txt", "out.txt", "out.txt.part"], Names());
    }

    [Fact]
    public async Task What_is_read_or_written_otherwise_is_not_replaced()
    {
        var file = _folder.Write("a.txt", "1\n2\n");
        File.CreateSymbolicLink(_folder.PathOf("link"), file);
        File.CreateSymbolicLink(_folder.PathOf("folder"), Path.GetDirectoryName(file)!);
        var (same, sameByFolder) = (_folder.PathOf("./out"), _folder.PathOf("folder/out"));
        foreach (var (reason, args) in ((string, string[])[])
        [
            ("--output would replace the file that is read.", ["pack", file, "-o", file]),
            ("--output would replace the file that is read.", ["describe", file, "-o", _folder.PathOf("link")]),
            ("--output would replace the file that is read.", ["compare", _folder.PathOf("link"), "-o", _folder.PathOf("folder/a.txt")]),
            ("would replace the file that --", ["compare", file, "--html", same, "-o", sameByFolder]),
            ("The name of the file that --output asks for is empty.", ["pack", file, "-o", ""]),
        ])
        {
            var (exitCode, output, error) = await CliFolder.RunAsync([.. args, "-c", "10"]);
            Assert.Equal((2, ""), (exitCode, output));
            Assert.Contains(reason, error);
        }
        Assert.Equal("1\n2\n", await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken));
        Assert.Equal(["a.txt", "folder", "link"], Names());
    }

    private async Task PackAsync(int expected, string file, int capacity = 5) => Assert.Equal(
        expected,
        (await CliFolder.RunAsync(["pack", _folder.Write("a.txt", "1\n2\n"), "-c", $"{capacity}", "--json", "-o", file])).ExitCode);

    private string[] Names() =>
        [.. Directory.GetFileSystemEntries(_folder.PathOf("")).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)];
}

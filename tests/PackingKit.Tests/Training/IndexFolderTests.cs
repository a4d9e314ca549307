using System.Diagnostics;
using System.Text.Json;
using PackingKit.Samples.Training;
using Xunit;

namespace PackingKit.Tests.Training;

/// <summary>Whatever happens to the runs that write it, a folder has one whole index.</summary>
public sealed class IndexFolderTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("packingkit-index-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Equal_runs_at_once_all_succeed()
    {
        var codes = new int[12];
        Parallel.For(0, codes.Length, run => codes[run] = Run("--shuffle", "3"));
        Assert.All(codes, code => Assert.Equal(CommandLine.Success, code));
        AssertWhole();
    }

    [Fact]
    public void Different_runs_at_once_leave_the_index_of_one_of_them()
    {
        var codes = new int[12];
        Parallel.For(0, codes.Length, run => codes[run] = Run("--capacity", $"{1024 << run % 4}"));
        Assert.All(codes, code => Assert.Equal(CommandLine.Success, code));
        AssertWhole();
    }

    [Fact]
    public async Task A_reader_sees_a_whole_index_while_others_replace_it()
    {
        Run("--capacity", "1024");
        var writing = Task.Run(() =>
        {
            for (var run = 0; run < 12; run++)
                Assert.Equal(CommandLine.Success, Run("--capacity", run % 2 == 0 ? "65536" : "1024"));
        });
        var reads = 0;
        while (!writing.IsCompleted || reads == 0)
            reads += TryRead() is { } read ? Whole(read) : 0;
        await writing;
        AssertWhole();

        static int Whole((Metadata Metadata, long[] Offsets, long[] Spans) read)
        {
            Assert.Equal(read.Metadata.Packs + 1, read.Offsets.Length);
            Assert.Equal(read.Offsets[^1], read.Spans.Length / 2);
            return 1;
        }
    }

    [Fact]
    public void A_reader_that_has_the_arrays_open_keeps_them()
    {
        Run("--capacity", "1024");
        var old = Path.Combine(_folder, Metadata().Arrays, IndexFolder.Spans);
        using var open = File.OpenRead(old);
        var length = open.Length;
        Run("--capacity", "65536");
        Assert.Equal(length, open.Length);
        Assert.Equal((length - 128) / sizeof(int), Npy.Read(open).Values.Length); // a header of 128 bytes
        Assert.False(File.Exists(old));
    }

    [Fact]
    public void A_run_that_is_killed_while_it_writes_leaves_the_old_index()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Limits the size of files, as Linux does.");
        Run("--capacity", "2048");
        var before = File.ReadAllText(PathOf(IndexFolder.Metadata));
        // The documents of the items are cut in their midst: 64 KiB of 76 fit, which bash counts so.
        var start = new ProcessStartInfo("bash", ["-c", "ulimit -f 64; exec \"$@\"", "bash",
            DotnetHost.Path, Path.Combine(AppContext.BaseDirectory, "Training.dll"), "--capacity", "65536", "--out", _folder])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["DOTNET_EnableWriteXorExecute"] = "0" }, // its memory is a file to the limit
        };
        using (var command = Process.Start(start)!)
        {
            command.StandardOutput.ReadToEnd();
            command.WaitForExit();
            Assert.Equal(128 + 25, command.ExitCode); // SIGXFSZ
        }
        Assert.Equal(1 << 16, new FileInfo(PathOf($".writing/arrays/{IndexFolder.Indices}")).Length);
        Assert.Equal(before, File.ReadAllText(PathOf(IndexFolder.Metadata)));
        AssertWhole();
        Assert.Equal(CommandLine.Success, Run("--capacity", "65536"));
        AssertWhole();
    }

    [Fact]
    public void What_a_stopped_run_and_the_first_version_left_goes_with_the_next()
    {
        Directory.CreateDirectory(PathOf(".writing"));
        Directory.CreateDirectory(PathOf("arrays-0123456789abcdef"));
        File.WriteAllText(PathOf(".writing/item_spans.npy"), "half");
        File.WriteAllText(PathOf(IndexFolder.Offsets), "old");
        File.WriteAllText(PathOf("notes.txt"), "mine");
        Assert.Equal(CommandLine.Success, Run());
        Assert.Equal(
            [".lock", Metadata().Arrays, "metadata.json", "notes.txt"],
            Directory.GetFileSystemEntries(_folder).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_folder_that_cannot_be_written_to_is_refused()
    {
        File.WriteAllText(PathOf("file"), "");
        Assert.Throws<BadInputException>(() => IndexFolder.Write(PathOf("file"), new PackIndex([0], []), null!));
    }

    private int Run(params string[] args)
    {
        using var output = new StringWriter();
        return CommandLine.Run([.. args, "--out", _folder], output, output);
    }

    private string PathOf(string name) => Path.Combine(_folder, name);

    private Metadata Metadata() =>
        JsonSerializer.Deserialize<Metadata>(File.ReadAllText(PathOf(IndexFolder.Metadata)), IndexFolder.Json)!;

    /// <summary>The index; <see langword="null"/> where it was replaced between its metadata and its arrays.</summary>
    private (Metadata Metadata, long[] Offsets, long[] Spans)? TryRead()
    {
        var metadata = Metadata();
        try
        {
            return (metadata, Array(IndexFolder.Offsets), Array(IndexFolder.Spans));
        }
        catch (IOException) when (Metadata().Arrays != metadata.Arrays)
        {
            return null;
        }

        long[] Array(string name)
        {
            using var file = File.OpenRead(Path.Combine(_folder, metadata.Arrays, name));
            return Npy.Read(file).Values;
        }
    }

    private void AssertWhole()
    {
        var (metadata, offsets, spans) = TryRead()!.Value;
        Assert.Equal(metadata.Packs + 1, offsets.Length);
        Assert.Equal(metadata.Pieces, spans.Length / 2);
        Assert.Equal(metadata.Tokens, spans.Where((_, i) => i % 2 == 1).Sum());
        Assert.Single(Directory.GetDirectories(_folder, "arrays-*"));
    }
}

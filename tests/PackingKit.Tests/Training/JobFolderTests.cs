using System.Text.Json;
using PackingKit.Samples.Training;
using Xunit;

namespace PackingKit.Tests.Training;

/// <summary>Whatever happens to the runs that write it, a folder has one whole result or none.</summary>
[Trait("speed", "slow")]
public sealed class JobFolderTests : IDisposable
{
    private static readonly string[] Options =
        ["--to", "trl", "--capacity", "256", "--row-group", "20", "--packs-per-file", "60", "--shuffle", "1"];

    private readonly TrainingFolder _folder = new();

    public JobFolderTests() => _folder.WriteLines("a.jsonl", TrainingFolder.Documents(1000, seed: 4, maxLength: 200));

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_second_run_on_the_same_input_does_nothing_and_another_is_refused()
    {
        _folder.Pack("out", ["@a.jsonl", .. Options]);
        var before = _folder.Files("out");
        var stamp = File.GetLastWriteTimeUtc(_folder["out/part-00000.parquet"]);
        File.Copy(_folder["a.jsonl"], _folder["copy.jsonl"]);
        var (code, output, _) = _folder.Run(["pack", "@copy.jsonl", .. Options, "--out", "@out"]); // the content decides, not the name
        Assert.Equal(CommandLine.Success, code);
        Assert.Contains("was there already", output, StringComparison.Ordinal);
        Assert.Equal(stamp, File.GetLastWriteTimeUtc(_folder["out/part-00000.parquet"]));

        File.AppendAllText(_folder["copy.jsonl"], "{\"input_ids\": [1]}\n");
        var refused = _folder.Run(["pack", "@copy.jsonl", .. Options, "--out", "@out"]);
        Assert.Equal(CommandLine.BadInput, refused.Code);
        Assert.Contains("The folder has another result", refused.Error, StringComparison.Ordinal);
        AssertSame(before, _folder.Files("out"));
        File.WriteAllText(_folder["out/notes.txt"], "mine");
        Assert.Equal(CommandLine.Success, _folder.Run(["pack", "@copy.jsonl", .. Options, "--out", "@out", "--overwrite"]).Code);
        Assert.NotEqual(before["manifest.json"], _folder.Files("out")["manifest.json"]);
        Assert.Equal("mine", File.ReadAllText(_folder["out/notes.txt"]));
        File.Delete(_folder["out/notes.txt"]);
        Assert.Equal(CommandLine.Success, _folder.Run("verify", "@out").Code);
    }

    [Fact]
    public void Runs_at_once_exclude_each_other()
    {
        var codes = new int[8];
        Parallel.For(0, codes.Length, run => codes[run] = _folder.Run(["pack", "@a.jsonl", .. Options, "--out", "@same"]).Code);
        Assert.All(codes, code => Assert.Equal(CommandLine.Success, code));
        Assert.Equal(CommandLine.Success, _folder.Run("verify", "@same").Code);

        Parallel.For(0, codes.Length, run => codes[run] = _folder.Run(
            ["pack", "@a.jsonl", "--to", "trl", "--capacity", $"{200 + run}", "--out", "@other"]).Code);
        Assert.Single(codes, code => code == CommandLine.Success);
        Assert.Equal(CommandLine.Success, _folder.Run("verify", "@other").Code);
    }

    [Theory]
    [InlineData("trl")]
    [InlineData("arrow")]
    [InlineData("index")]
    public void A_run_that_is_killed_at_any_moment_goes_on_and_ends_with_the_same_bytes(string target)
    {
        string[] options = [.. Options, "--to", target];
        options = [.. options[2..]];
        var watch = System.Diagnostics.Stopwatch.StartNew();
        using (var whole = _folder.Start(["pack", "@a.jsonl", .. options, "--out", "@whole"]))
            whole.WaitForExit();
        var longest = (int)watch.ElapsedMilliseconds;
        var expected = _folder.Files("whole");
        var random = new Random(target.Length);
        var kills = int.Parse(Environment.GetEnvironmentVariable("PACKINGKIT_KILLS") ?? "3", null);
        for (var kill = 0; kill < kills; kill++)
        {
            var name = $"killed-{kill}";
            // Half of the kills come after the first files are there, where there is most to go wrong.
            using (var run = _folder.Start(["pack", "@a.jsonl", .. options, "--out", $"@{name}"]))
            {
                if (kill % 2 == 0)
                    while (!run.HasExited && !Directory.Exists(_folder[$"{name}/.writing"]))
                        Thread.Sleep(1);
                run.WaitForExit(random.Next(kill % 2 == 0 ? Math.Max(2, longest / 4) : longest));
                run.Kill();
                run.WaitForExit();
            }
            Assert.True(!File.Exists(_folder[$"{name}/manifest.json"]) || _folder.Run("verify", $"@{name}").Code == CommandLine.Success);
            string[] again = File.Exists(_folder[$"{name}/manifest.json"]) || File.Exists(_folder[$"{name}/.writing/job.json"])
                ? ["resume", $"@{name}"] : ["pack", "@a.jsonl", .. options, "--out", $"@{name}"];
            var (code, _, error) = _folder.Run(again);
            Assert.Equal((CommandLine.Success, ""), (code, error));
            AssertSame(expected, _folder.Files(name));
            Assert.False(Directory.Exists(_folder[$"{name}/.writing"]));
        }
    }

    [Fact]
    public void Work_that_was_done_is_not_done_again()
    {
        _folder.Pack("whole", ["@a.jsonl", .. Options]);
        // As a kill between two files leaves it.
        _folder.Pack("out", ["@a.jsonl", .. Options]);
        var manifest = JobFolder.Finished(_folder["out"])!;
        Directory.CreateDirectory(_folder["out/.writing"]);
        File.WriteAllBytes(_folder["out/.writing/job.json"], JsonSerializer.SerializeToUtf8Bytes(
            new JobRecord(manifest.Fingerprint, Environment.CurrentDirectory, manifest.Settings, manifest.Sources), Manifest.Json));
        foreach (var file in manifest.Files)
        {
            File.Move(_folder[$"out/{file.Name}"], _folder[$"out/.writing/{file.Name}"]);
            File.WriteAllBytes(_folder[$"out/.writing/{file.Name}.done"], JsonSerializer.SerializeToUtf8Bytes(file, Manifest.Json));
        }
        File.Delete(_folder["out/manifest.json"]);
        File.Delete(_folder["out/.writing/part-00001.parquet"]);
        File.Delete(_folder["out/.writing/part-00001.parquet.done"]);
        File.Move(_folder["out/.writing/part-00002.parquet"], _folder["out/part-00002.parquet"]); // the last step had begun
        var stamp = File.GetLastWriteTimeUtc(_folder["out/.writing/part-00000.parquet"]);
        Assert.Equal(CommandLine.BadInput, _folder.Run("stats", "@out").Code);
        Assert.Equal(CommandLine.Failed, _folder.Run("verify", "@out").Code);
        Assert.Equal(CommandLine.Success, _folder.Run("resume", "@out").Code);
        AssertSame(_folder.Files("whole"), _folder.Files("out"));
        Assert.Equal(stamp, File.GetLastWriteTimeUtc(_folder["out/part-00000.parquet"]));
    }

    [Fact]
    public void A_run_that_was_stopped_is_not_gone_on_with_where_its_input_has_changed()
    {
        Stop("out");
        File.AppendAllText(_folder["a.jsonl"], "{\"input_ids\": [1]}\n");
        var (code, _, error) = _folder.Run("resume", "@out");
        Assert.Equal(CommandLine.BadInput, code);
        Assert.Contains("the content of a.jsonl is not what it began with", error, StringComparison.Ordinal);
        Assert.True(File.Exists(_folder["out/.writing/tokens.i32"]));
    }

    [Fact]
    public void Another_run_that_was_stopped_goes_only_where_that_is_wanted()
    {
        _folder.Pack("whole", ["@a.jsonl", .. Options]);
        Stop("out");
        string[] other = ["pack", "@a.jsonl", "--to", "trl", "--capacity", "300", "--out", "@out"];
        var (code, _, error) = _folder.Run(other);
        Assert.Equal(CommandLine.BadInput, code);
        Assert.Contains("a run that was stopped, and it has other settings", error, StringComparison.Ordinal);
        Assert.Equal(CommandLine.Success, _folder.Run("resume", "@out").Code);
        AssertSame(_folder.Files("whole"), _folder.Files("out"));

        Stop("again");
        other = [.. other[..^1], "@again", "--overwrite"];
        Assert.Equal(CommandLine.Success, _folder.Run(other).Code);
        Assert.Equal(CommandLine.Success, _folder.Run("verify", "@again").Code); // nothing of the other one is left
    }

    [Theory]
    [InlineData("tokens.i32")]
    [InlineData("weights.f32")]
    [InlineData("lengths.i32")]
    [InlineData("documents.json")]
    [InlineData("part-00000.parquet")]
    [InlineData("part-00000.parquet.done")]
    public void Work_that_is_damaged_is_done_again(string name)
    {
        _folder.WriteLines("a.jsonl", TrainingFolder.Documents(300, seed: 4, maxLength: 200),
            TrainingFolder.Documents(300, seed: 4, maxLength: 200).Select(tokens => Array.ConvertAll(tokens, token => token % 2)));
        string[] options = [.. Options, "--weights", "mask"];
        _folder.Pack("whole", ["@a.jsonl", .. options]);
        Stop("out", "--weights", "mask");
        using (var file = File.OpenWrite(_folder[$"out/.writing/{name}"]))
        {
            file.Position = Math.Min(100, file.Length / 2);
            file.Write([1, 2, 3, 4]);
        }
        Assert.Equal((CommandLine.Success, ""), (_folder.Run("resume", "@out") is var (code, _, error) ? code : 0, error));
        AssertSame(_folder.Files("whole"), _folder.Files("out"));
    }

    [Theory]
    [InlineData("part-00007.parquet")]
    [InlineData("state.json")]
    public void A_folder_with_data_of_others_is_refused(string name)
    {
        Directory.CreateDirectory(_folder["out"]);
        File.WriteAllText(_folder["out/README.md"], "mine");
        File.WriteAllText(_folder[$"out/{name}"], "mine");
        var (code, _, error) = _folder.Run(["pack", "@a.jsonl", .. Options, "--out", "@out", "--overwrite"]);
        Assert.Equal(CommandLine.BadInput, code);
        Assert.Contains($"{name} does not belong to a result", error, StringComparison.Ordinal);
        Assert.Equal(["README.md", name], _folder.Files("out").Keys.Order(StringComparer.Ordinal));
        File.Delete(_folder[$"out/{name}"]);
        _folder.Pack("out", ["@a.jsonl", .. Options]);
    }

    [Fact]
    public void A_result_that_goes_goes_whole_though_the_run_is_killed_meanwhile()
    {
        _folder.Pack("out", ["@a.jsonl", .. Options]);
        Directory.CreateDirectory(_folder["out/.writing"]); // as a kill leaves it
        File.Move(_folder["out/manifest.json"], _folder["out/.writing/replaced.json"]);
        File.Delete(_folder["out/part-00001.parquet"]);
        _folder.Pack("out", "@a.jsonl", "--to", "trl", "--capacity", "300");
        Assert.Equal(CommandLine.Success, _folder.Run("verify", "@out").Code);
    }

    [Fact]
    public void Resume_needs_a_run_and_leaves_a_finished_one()
    {
        Assert.Contains("There is no run to go on with", _folder.Run("resume", "@nothing").Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_folder["nothing"]));
        _folder.Pack("out", ["@a.jsonl", .. Options]);
        Assert.Contains("was there already", _folder.Run("resume", "@out").Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("trl")]
    [InlineData("megatron-bridge")]
    [InlineData("arrow")]
    [InlineData("olmo")]
    [InlineData("index")]
    public void Verify_finds_every_planted_fault_and_its_place(string target)
    {
        _folder.Pack("out", "@a.jsonl", "--to", target, "--capacity", "256", "--packs-per-file", "100");
        Assert.Equal((CommandLine.Success, "everything is as it was written\n"), Verify());
        var random = new Random(1);
        foreach (var (name, bytes) in _folder.Files("out"))
        {
            var path = _folder[$"out/{name}"];
            for (var fault = 0; fault < 12; fault++)
            {
                var at = random.Next(bytes.Length);
                byte[] damaged = fault switch
                {
                    0 => [], // emptied
                    1 => bytes[..^1], // cut short
                    2 => [.. bytes, 0], // grown
                    _ => [.. bytes[..at], (byte)(bytes[at] ^ (1 << (fault % 8))), .. bytes[(at + 1)..]], // a bit flipped
                };
                File.WriteAllBytes(path, damaged);
                var (code, output) = Verify();
                Assert.Equal(CommandLine.Failed, code);
                Assert.Contains(name, output, StringComparison.Ordinal);
                if (fault > 2 && name != Manifest.FileName)
                    Assert.Contains("Bytes 0 to", output, StringComparison.Ordinal);
            }
            File.Delete(path);
            Assert.Equal(CommandLine.Failed, Verify().Code);
            File.WriteAllBytes(path, bytes);
        }
        var stranger = $"stranger{Path.GetExtension(_folder.Files("out").Keys.First(name => name != Manifest.FileName))}";
        File.WriteAllText(_folder[$"out/{stranger}"], "x");
        File.WriteAllText(_folder["out/extra.txt"], "x");
        Directory.CreateDirectory(_folder["out/more"]);
        File.WriteAllText(_folder["out/.lock"], "x");
        string[] strangers = [.. new[] { ".lock", "extra.txt", "more", stranger }.Order(StringComparer.Ordinal)];
        var expected = string.Concat(strangers.Select(name => $"{name}: It does not belong to the result.\n"));
        Assert.Equal((CommandLine.Failed, expected), Verify());

        (int Code, string Output) Verify()
        {
            var (code, output, _) = _folder.Run("verify", "@out");
            return (code, output.ReplaceLineEndings("\n"));
        }
    }

    [Fact]
    public void Verify_reads_rows_that_have_the_right_bytes()
    {
        _folder.Pack("out", ["@a.jsonl", .. Options]);
        var manifest = JobFolder.Finished(_folder["out"])!;
        var first = manifest.Files[0];
        var lie = manifest with { Files = [first with { Slots = first.Slots + 1 }, .. manifest.Files.Skip(1)] };
        File.WriteAllBytes(_folder["out/manifest.json"], lie.ToBytes());
        var (code, output, _) = _folder.Run("verify", "@out", "--json");
        Assert.Equal(CommandLine.Failed, code);
        var faults = JsonDocument.Parse(output).RootElement.GetProperty("faults");
        Assert.Contains("slots, not", faults[0].GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Stats_says_what_the_folder_has()
    {
        var manifest = _folder.Pack("out", ["@a.jsonl", .. Options]);
        var (code, output, _) = _folder.Run("stats", "@out", "--json");
        Assert.Equal(CommandLine.Success, code);
        Assert.Equal(manifest.Packs, JsonDocument.Parse(output).RootElement.GetProperty("packs").GetInt32());
        Assert.Equal(CommandLine.Success, _folder.Run("stats", "@out").Code);
        Assert.Equal(CommandLine.BadInput, _folder.Run("stats", "@nothing").Code);
    }

    [Fact]
    public void A_folder_that_cannot_be_written_to_is_refused()
    {
        File.WriteAllText(_folder["file"], "");
        Assert.Contains("--out ", _folder.Run(["pack", "@a.jsonl", .. Options, "--out", "@file"]).Error, StringComparison.Ordinal);
    }

    /// <summary>Leaves a folder as a kill does: the tokens are read, and with more options two files are written.</summary>
    private void Stop(string name, params string[] more)
    {
        var job = _folder.Pack(name, ["@a.jsonl", .. Options, .. more]);
        foreach (var file in job.Files)
            File.Delete(_folder[$"{name}/{file.Name}"]);
        File.Delete(_folder[$"{name}/manifest.json"]);
        using var folder = JobFolder.Open(_folder[name]);
        folder.Begin(new JobRecord(job.Fingerprint, Environment.CurrentDirectory, job.Settings, job.Sources), overwrite: false);
        using var spool = new TokenSpool(
            folder.PathOf(SpoolRecord.Tokens), more.Length > 0 ? folder.PathOf(SpoolRecord.Weights) : null, job.Settings);
        DocumentReaders.Read(_folder["a.jsonl"], job.Settings.Input, spool);
        new SpoolRecord([0], spool.Complete(folder)).Write(folder);
        if (more.Length == 0)
            return;
        _folder.Pack("other", ["@a.jsonl", .. Options, .. more]);
        foreach (var file in job.Files.Take(2))
        {
            File.Copy(_folder[$"other/{file.Name}"], folder.PathOf(file.Name));
            folder.WriteWhole(file.Name + ".done", stream => JsonSerializer.Serialize(stream, file, Manifest.Json));
        }
    }

    private static void AssertSame(Dictionary<string, byte[]> expected, Dictionary<string, byte[]> actual)
    {
        Assert.Equal(expected.Keys.Order(), actual.Keys.Order());
        Assert.All(expected, file => Assert.True(file.Value.AsSpan().SequenceEqual(actual[file.Key]), $"{file.Key} is another one."));
    }
}

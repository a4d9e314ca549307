using System.Diagnostics;
using PackingKit.Samples.Training;
using Xunit;

namespace PackingKit.Tests.Training;

/// <summary>A folder of its own for a test, and the command run in it.</summary>
internal sealed class TrainingFolder : IDisposable
{
    private readonly string _path = Directory.CreateTempSubdirectory("packingkit-data-").FullName;

    public void Dispose() => Directory.Delete(_path, recursive: true);

    public string this[string name] => Path.Combine(_path, name);

    /// <summary>Runs the command; names are those of files in the folder where they begin with "@".</summary>
    public (int Code, string Output, string Error) Run(params string[] args)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var code = TestCulture.Invariantly(() => CommandLine.Run(Paths(args), output, error));
        return (code, output.ToString(), error.ToString());
    }

    /// <summary>The same, which must succeed.</summary>
    public Manifest Pack(string output, params string[] args)
    {
        var (code, _, error) = Run(["pack", .. args, "--out", $"@{output}"]);
        Assert.Equal((CommandLine.Success, ""), (code, error));
        return JobFolder.Finished(this[output])!;
    }

    /// <summary>The command as a process of its own.</summary>
    public Process Start(params string[] args) => Process.Start(new ProcessStartInfo(
        DotnetHost.Path, [Path.Combine(AppContext.BaseDirectory, "Training.dll"), .. Paths(args)])
    {
        RedirectStandardOutput = true,
        RedirectStandardError = true,
    })!;

    /// <summary>All files of a result but the lock, by name.</summary>
    public Dictionary<string, byte[]> Files(string folder) => Directory.GetFiles(this[folder])
        .Where(file => Path.GetFileName(file) != ".lock").ToDictionary(file => Path.GetFileName(file), File.ReadAllBytes);

    /// <summary>Documents as JSON lines, with a mask where there is one.</summary>
    public void WriteLines(string name, IEnumerable<int[]> documents, IEnumerable<int[]>? masks = null) => File.WriteAllLines(
        this[name], masks is null ? documents.Select(tokens => $"{{\"input_ids\": [{string.Join(',', tokens)}]}}")
            : documents.Zip(masks, (tokens, mask) =>
                $"{{\"input_ids\": [{string.Join(',', tokens)}], \"mask\": [{string.Join(',', mask)}]}}"));

    /// <summary>Documents in which every token is another one, so that each can be told.</summary>
    public static int[][] Documents(int count, int seed, int maxLength)
    {
        var random = new Random(seed);
        var next = 1;
        return [.. Enumerable.Range(0, count).Select(_ =>
            Enumerable.Range(0, random.Next(maxLength + 1)).Select(_ => next++).ToArray())];
    }

    private string[] Paths(string[] args) => [.. args.Select(arg => arg.StartsWith('@') ? this[arg[1..]] : arg)];
}

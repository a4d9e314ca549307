using System.Text;
using PackingKit.Cli;

namespace PackingKit.Tests;

/// <summary>A folder of inputs, and the command run on them inside this process.</summary>
internal sealed class CliFolder : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("packingkit-");

    /// <summary>Writes a file and tells its path.</summary>
    public string Write(string name, string text)
    {
        var path = PathOf(name);
        File.WriteAllText(path, text);
        return path;
    }

    public string PathOf(string name) => Path.Combine(_folder.FullName, name);

    public static async Task<(int ExitCode, string Output, string Error)> RunAsync(
        string[] args, string input = "", CancellationToken cancellationToken = default)
    {
        using var output = new StringWriter { NewLine = "\n" };
        using var error = new StringWriter { NewLine = "\n" };
        var terminal = new Terminal(() => new MemoryStream(Encoding.UTF8.GetBytes(input)), output, error);
        var exitCode = await TestCulture.Invariantly(() => CommandLine.RunAsync(args, terminal, cancellationToken));
        return (exitCode, output.ToString(), error.ToString());
    }

    public void Dispose() => _folder.Delete(recursive: true);
}

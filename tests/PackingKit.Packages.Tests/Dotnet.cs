using System.Diagnostics;
using Xunit;

namespace PackingKit.Packages.Tests;

/// <summary>The command <c>dotnet</c>.</summary>
internal static class Dotnet
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    /// <summary>Runs it in a folder and gives what it wrote; anything but exit code 0 fails the test.</summary>
    public static string Run(string folder, IReadOnlyDictionary<string, string> environment, params string[] arguments)
    {
        var command = $"dotnet {string.Join(' ', arguments)}";
        var start = new ProcessStartInfo("dotnet", arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        using var process = Process.Start(start)!;
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        if (!process.WaitForExit(Patience))
        {
            process.Kill(entireProcessTree: true);
            Assert.Fail($"{command} ran for more than {Patience}.");
        }
        Assert.True(process.ExitCode == 0, $"{command} ended with {process.ExitCode}.\n{output.Result}{errors.Result}");
        return output.Result.ReplaceLineEndings("\n");
    }
}

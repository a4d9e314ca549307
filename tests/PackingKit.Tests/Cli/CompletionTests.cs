using System.Diagnostics;
using Xunit;

namespace PackingKit.Tests;

/// <summary>The scripts of <c>completions</c>, in the shells themselves.</summary>
[Trait("speed", "slow")]
public sealed class CompletionTests : IDisposable
{
    /// <summary>What makes each shell complete a line and print what it found.</summary>
    private static readonly Dictionary<string, string> Asking = new()
    {
        ["bash"] = """
            . "$SCRIPT"
            COMP_WORDS=($LINE); COMP_CWORD=$((${#COMP_WORDS[@]} - 1)); COMP_LINE=$LINE; COMP_POINT=${#LINE}
            _packingkit
            echo "${COMPREPLY[*]}"
            """,
        // Types the line and a tab into a shell of its own, and waits for what should come.
        ["zsh"] = """
            zmodload zsh/zpty
            zpty inner zsh -f -i
            zpty -w inner 'autoload -U compinit; compinit -u -D; source "$SCRIPT"; PROMPT=now""here'
            zpty -r inner seen '*nowhere*'
            zpty -w -n inner "$LINE"$'\t'
            zpty -r inner seen "*$EXPECTED*" && print -r -- "$EXPECTED"
            zpty -d inner
            """,
        ["fish"] = """
            source "$SCRIPT"
            complete -C "$LINE"
            """,
        ["pwsh"] = """
            Invoke-Expression (Get-Content -Raw $env:SCRIPT)
            (TabExpansion2 $env:LINE $env:LINE.Length).CompletionMatches.CompletionText
            """,
    };

    private readonly CliFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    public static TheoryData<string, string, string> Lines => [.. Asking.Keys.SelectMany(shell => new (string, string, string)[]
    {
        (shell, "packingkit comple", "completions"),
        (shell, "packingkit pack -s mbs-", "mbs-prime"),
        (shell, "packingkit certify wr", "write"),
        (shell, "packingkit pack --cap", "--capacity"),
    })];

    [Theory, MemberData(nameof(Lines))]
    public async Task A_shell_completes_words_options_and_ids(string shell, string line, string expected)
    {
        var (exitCode, script, _) = await CliFolder.RunAsync(["completions", shell]);
        Assert.Equal(0, exitCode);
        Assert.SkipUnless(
            OperatingSystem.IsLinux() && SearchPath.Any(folder => File.Exists(Path.Combine(folder, shell))), $"There is no {shell} here.");
        var command = _folder.Write("packingkit", $"""
            #!/bin/sh
            exec "{DotnetHost.Path}" "{Path.Combine(AppContext.BaseDirectory, "PackingKit.Cli.dll")}" "$@"
            """);
        if (!OperatingSystem.IsWindows()) // as the compiler wants it said
            File.SetUnixFileMode(command, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        Directory.CreateDirectory(_folder.PathOf("empty")); // shells complete names of files, too
        var start = new ProcessStartInfo(shell, ["-c", Asking[shell]])
        {
            RedirectStandardOutput = true,
            WorkingDirectory = _folder.PathOf("empty"),
            Environment =
            {
                ["PATH"] = string.Join(Path.PathSeparator, [_folder.PathOf(""), .. SearchPath]),
                ["HOME"] = _folder.PathOf("empty"),
                ["SCRIPT"] = _folder.Write("script", script),
                ["LINE"] = line,
                ["EXPECTED"] = expected,
            },
        };
        using var process = Process.Start(start)!;
        try
        {
            using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(1));
            Assert.Equal(expected, (await process.StandardOutput.ReadToEndAsync(patience.Token)).Trim());
        }
        finally
        {
            if (!process.HasExited)
                process.Kill(entireProcessTree: true);
        }
    }

    private static string[] SearchPath => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator);
}

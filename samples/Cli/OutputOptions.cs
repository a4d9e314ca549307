using System.CommandLine;

namespace PackingKit.Cli;

/// <summary>The options, the same for every command, that say where its output goes.</summary>
internal sealed class OutputOptions
{
    private readonly OutputFile _file = new("--output", "-o")
    {
        Description =
            "Write to this file instead of standard output. It is replaced only when all is done, or on Ctrl+C by what was found.",
        Recursive = true,
    };

    private readonly Option<bool> _quiet = new("--quiet", "-q")
    {
        Description = "Print nothing but what goes wrong; a file given by -o is still written.",
        Recursive = true,
    };

    public void AddTo(Command command)
    {
        HelpPage.Group("Output", _file, _quiet);
        command.Options.Add(_file);
        command.Options.Add(_quiet);
    }

    /// <summary>Runs what writes to the terminal, and leaves what it wrote where it was asked for.</summary>
    public async Task<int> RunAsync(ParseResult parsed, Terminal terminal, Func<Task<int>> run)
    {
        if (parsed.GetValue(_file) is not { } file)
        {
            if (parsed.GetValue(_quiet))
                terminal.WriteTo(TextWriter.Null);
            return await run();
        }
        using var replaced = new ReplacedFile(file);
        terminal.WriteTo(replaced.Writer);
        try
        {
            var exitCode = await run();
            replaced.Replace();
            return exitCode;
        }
        catch (OperationCanceledException) when (replaced.HasText)
        {
            replaced.Replace(); // what was found until then
            throw;
        }
    }
}

using System.CommandLine;
using PackingKit.Samples;

namespace PackingKit.Cli;

/// <summary>Files of one JSON object a line, written in order and read back.</summary>
internal static class JsonLines
{
    public static Option<bool> CreateOption()
    {
        var option = new Option<bool>("--json") { Description = "Print one JSON object a line instead of a table." };
        HelpPage.Group("Output", option);
        return option;
    }

    /// <summary>Writes a line for each run in the order of the inputs, as soon as it and those before it are done.</summary>
    public static async Task WriteAsync(IEnumerable<PackingRun> runs, TextWriter output, Func<Input, PackingResult, string> line)
    {
        foreach (var run in runs)
        {
            var result = await run.Result;
            await output.WriteLineAsync(line(run.Input, result));
        }
    }

    /// <summary>Reads every line that is not blank.</summary>
    /// <exception cref="InputException">The file cannot be read, has a line that does not parse, or has none at all.</exception>
    public static List<T> Read<T>(Terminal terminal, string file, Func<string, T> parse)
    {
        List<T> entries = [];
        var line = 0;
        try
        {
            using var reader = terminal.Open(file);
            while (reader.ReadLine() is { } text)
            {
                line++;
                if (!string.IsNullOrWhiteSpace(text))
                    entries.Add(parse(text));
            }
        }
        catch (FormatException bad)
        {
            throw new InputException(file, line, bad.Message);
        }
        catch (Exception bad) when (bad is IOException or UnauthorizedAccessException)
        {
            throw new InputException(file, 0, Messages.OfFile(file, bad));
        }
        return entries.Count > 0 ? entries : throw new InputException(file, 0, "There is no line.");
    }
}

using System.CommandLine;
using System.CommandLine.Parsing;

namespace PackingKit.Cli;

/// <summary>An option that names a file to be written. No two may name one file, and none what is read.</summary>
internal sealed class OutputFile : Option<string?>
{
    public OutputFile(string name, params string[] aliases)
        : base(name, aliases) => HelpName = "FILE";

    /// <summary>What is wrong with the files that a command line names, in words.</summary>
    public static IEnumerable<string> Mistakes(ParseResult parsed)
    {
        var inputs = new Lazy<HashSet<string>>(() =>
        [
            .. parsed.CommandResult.Children.OfType<ArgumentResult>().SelectMany(argument => argument.Tokens)
                .Select(token => token.Value).Where(file => file is not ("-" or "")).Select(ReplacedFile.RealPath),
        ]);
        Dictionary<string, OutputFile> outputs = [];
        foreach (var option in Options(parsed.CommandResult))
        {
            if (parsed.GetValue(option) is not { } file)
                continue;
            if (file.Length == 0)
                yield return $"The name of the file that {option.Name} asks for is empty.";
            else if (inputs.Value.Contains(ReplacedFile.RealPath(file)))
                yield return $"{option.Name} would replace the file that is read.";
            else if (!outputs.TryAdd(ReplacedFile.RealPath(file), option))
                yield return $"{option.Name} would replace the file that {outputs[ReplacedFile.RealPath(file)].Name} writes.";
        }
    }

    private static IEnumerable<OutputFile> Options(SymbolResult? command) => command is CommandResult { Command: var given }
        ? given.Options.OfType<OutputFile>().Concat(Options(command.Parent)) : [];
}

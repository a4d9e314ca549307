using System.CommandLine;
using System.CommandLine.Parsing;

namespace PackingKit.Samples;

/// <summary>Options that are not there: without this they would be taken for names of files.</summary>
internal static class UnknownOptions
{
    /// <returns>A message for each. What follows <c>--</c> is files, whatever their names.</returns>
    public static IEnumerable<string> Messages(ParseResult parsed, string[] args)
    {
        var beforeFiles = args.TakeWhile(arg => arg != "--").ToHashSet();
        string[] known = [.. Known(parsed.CommandResult)];
        return parsed.CommandResult.Children.OfType<ArgumentResult>().SelectMany(argument => argument.Tokens)
            .Select(token => token.Value).Where(value => value.StartsWith('-') && value != "-" && beforeFiles.Contains(value))
            .Select(value => value.Split('=')[0])
            .Select(name => Spelling.DidYouMean(name, known) is { Length: > 0 } near
                ? $"There is no option '{name}'{near}" : $"There is no option '{name}'.");
    }

    private static IEnumerable<string> Known(SymbolResult? command) => command is CommandResult { Command: var given }
        ? given.Options.Select(option => option.Name).Concat(Known(command.Parent)) : [];
}

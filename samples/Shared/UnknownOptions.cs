using System.CommandLine;
using System.CommandLine.Parsing;

namespace PackingKit.Samples;

/// <summary>Options that are not there: without this they would be taken for names of files.</summary>
internal static class UnknownOptions
{
    /// <summary>The most letters by which a name is taken for a slip of another.</summary>
    private const int MaxDistance = 2;

    /// <returns>A message for each. What follows <c>--</c> is files, whatever their names.</returns>
    public static IEnumerable<string> Messages(ParseResult parsed, string[] args)
    {
        var beforeFiles = args.TakeWhile(arg => arg != "--").ToHashSet();
        string[] known = [.. Known(parsed.CommandResult)];
        return parsed.CommandResult.Children.OfType<ArgumentResult>().SelectMany(argument => argument.Tokens)
            .Select(token => token.Value).Where(value => value.StartsWith('-') && value != "-" && beforeFiles.Contains(value))
            .Select(value => value.Split('=')[0])
            .Select(name => known.MinBy(option => Distance(name, option)) is { } near && Distance(name, near) <= MaxDistance
                ? $"There is no option '{name}'; did you mean {near}?" : $"There is no option '{name}'.");
    }

    private static IEnumerable<string> Known(SymbolResult? command) => command is CommandResult { Command: var given }
        ? given.Options.Select(option => option.Name).Concat(Known(command.Parent)) : [];

    /// <summary>Letters to insert, remove or replace (Levenshtein).</summary>
    private static int Distance(string from, string to)
    {
        int[] row = [.. Enumerable.Range(0, to.Length + 1)];
        for (var i = 0; i < from.Length; i++)
        {
            var diagonal = row[0]++;
            for (var j = 0; j < to.Length; j++)
                (row[j + 1], diagonal) = (Math.Min(Math.Min(row[j], row[j + 1]) + 1, diagonal + (from[i] == to[j] ? 0 : 1)), row[j + 1]);
        }
        return row[^1];
    }
}

using System.CommandLine;
using System.CommandLine.Completions;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using System.Runtime.CompilerServices;

namespace PackingKit.Cli;

/// <summary>The help of a command: what it does, examples first, options by group, wrapped whether or not somebody watches.</summary>
internal sealed class HelpPage(Terminal terminal) : SynchronousCommandLineAction
{
    /// <summary>Columns where nobody watches, and the most where somebody does: longer lines are hard to read.</summary>
    private const int MaxWidth = 100;

    /// <summary>Columns of names; a longer one gets a line of its own.</summary>
    private const int NameWidth = 28;

    private const string OtherOptions = "Other options";
    private const int MostChoicesShown = 6;

    private static readonly ConditionalWeakTable<Option, string> Groups = [];
    private static readonly ConditionalWeakTable<Command, string[]> Examples = [];

    public override bool ClearsParseErrors => true;

    /// <summary>Puts options under a heading.</summary>
    public static void Group(string heading, params ReadOnlySpan<Option> options)
    {
        foreach (var option in options)
            Groups.AddOrUpdate(option, heading);
    }

    /// <summary>Gives a command lines to copy, without the name of the program.</summary>
    public static void AddExamples(Command command, params string[] examples) => Examples.AddOrUpdate(command, examples);

    public override int Invoke(ParseResult parseResult)
    {
        var result = parseResult.CommandResult;
        var command = result.Command;
        Write("", command.Description ?? "");
        Section("Usage", [("", CommandLine.NameOf(result) + Usage(command))]);
        Section("Examples", Examples.TryGetValue(command, out var examples) ? examples.Select(line => ("", $"packingkit {line}")) : []);
        Section("Commands", command.Subcommands.Select(each => (each.Name, each.Description ?? "")));
        Section("Arguments", command.Arguments.Select(each => ($"<{each.Name}>", each.Description ?? "")));
        var options = command.Options
            .Concat(command.Parents.Concat(command.Parents.SelectMany(each => each.Parents)).OfType<Command>()
                .SelectMany(each => each.Options.Where(option => option.Recursive)))
            .Where(option => !option.Hidden).Distinct();
        foreach (var group in options.GroupBy(option => Groups.TryGetValue(option, out var heading) ? heading : OtherOptions)
            .OrderBy(group => group.Key == OtherOptions))
            Section(group.Key, group.Select(option => (Names(option), Describe(option))));
        return CommandLine.Success;
    }

    private int Width => terminal.IsInteractive ? Math.Clamp(terminal.Console.Profile.Width - 1, 2 * NameWidth, MaxWidth) : MaxWidth;

    private static string Usage(Command command) =>
        (command.Subcommands.Count > 0 ? " <command>" : "")
        + string.Concat(command.Arguments.Select(Usage))
        + " [options]";

    private static string Usage(Argument argument)
    {
        var name = $"<{argument.Name}>{(argument.Arity.MaximumNumberOfValues > 1 ? "..." : "")}";
        return argument.Arity.MinimumNumberOfValues == 0 ? $" [{name}]" : $" {name}";
    }

    private static string Names(Option option)
    {
        var names = string.Join(", ", option.Aliases.Append(option.Name).Where(name => name.StartsWith('-')).OrderBy(name => name.Length));
        if (option is HelpOption or VersionOption || option.ValueType == typeof(bool))
            return names;
        string[] choices = [.. option.GetCompletions(CompletionContext.Empty).Select(choice => choice.Label)];
        return option.HelpName is { } name ? $"{names} <{name}>"
            : choices.Length is > 0 and <= MostChoicesShown ? $"{names} <{string.Join('|', choices)}>"
            : $"{names} <{option.Name.TrimStart('-').ToUpperInvariant()}>";
    }

    private static string Describe(Option option) => option.Description
        + (option.HasDefaultValue && option.GetDefaultValue() is string value ? $" By default {value}." : "");

    private void Section(string heading, IEnumerable<(string Name, string Text)> rows)
    {
        var first = true;
        foreach (var (name, text) in rows)
        {
            if (first)
                terminal.Output.WriteLine($"\n{heading}:");
            first = false;
            Write(name, text);
        }
    }

    /// <summary>A row of a name and a text beside it, or a text alone.</summary>
    private void Write(string name, string text)
    {
        var indent = name == "" ? 2 : NameWidth;
        var line = name == "" ? "" : $"  {name}";
        if (name != "" && line.Length > NameWidth - 2)
        {
            terminal.Output.WriteLine(line);
            line = "";
        }
        line = line.PadRight(indent);
        var isEmpty = true;
        foreach (var word in text.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            if (!isEmpty && line.Length + 1 + word.Length > Width)
            {
                terminal.Output.WriteLine(line);
                line = new string(' ', indent);
                isEmpty = true;
            }
            line += isEmpty ? word : $" {word}";
            isEmpty = false;
        }
        terminal.Output.WriteLine(line.TrimEnd());
    }
}

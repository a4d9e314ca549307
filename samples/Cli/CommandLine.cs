using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Parsing;
using PackingKit.Samples;

namespace PackingKit.Cli;

/// <summary>The command with its subcommands, and what each exit code means.</summary>
internal static class CommandLine
{
    public const int Success = 0;

    /// <summary>A packing that was to be validated is wrong.</summary>
    public const int Invalid = 1;

    /// <summary>The command line or an input cannot be used.</summary>
    public const int BadInput = 2;

    /// <summary>Output cannot be written: a full disk, or a stream that is closed.</summary>
    public const int NoOutput = 3;

    /// <summary>Ctrl+C, as shells number it.</summary>
    public const int Cancelled = 130;

    /// <summary>Time that a search has after Ctrl+C to hand over the best it found.</summary>
    private static readonly TimeSpan LastWords = TimeSpan.FromSeconds(20);

    public static async Task<int> RunAsync(string[] args, Terminal terminal, CancellationToken cancellationToken = default)
    {
        var root = new RootCommand("Bin packing and sequence packing: as few bins as possible, and how far from optimal that is.")
        {
            PackCommand.Create(terminal),
            CutCommand.Create(terminal),
            BalanceCommand.Create(terminal),
            DescribeCommand.Create(terminal),
            CompareCommand.Create(terminal),
            BoundCommand.Create(terminal),
            ValidateCommand.Create(terminal),
            CertifyCommand.Create(terminal),
            GenerateCommand.Create(terminal),
            PrefixCommand.Create(terminal),
            StrategiesCommand.Create(terminal),
            CompletionsCommand.Create(terminal),
        };
        HelpPage.AddExamples(root, "compare lengths.csv -c 2048", "pack lengths.csv -c 2048 --json -o packing.jsonl");
        root.Options.OfType<HelpOption>().Single().Action = new HelpPage(terminal);
        var output = new OutputOptions();
        output.AddTo(root);
        ParseResult parsed;
        try
        {
            parsed = root.Parse(args.Length == 0 ? ["--help"] : args);
        }
        catch (InvalidOperationException twice) // a validator has asked for an option that stands there more than once
        {
            terminal.Error.Say(twice.Message);
            return BadInput;
        }
        try
        {
            string[] mistakes = [.. Mistakes(parsed, args)];
            if (mistakes.Length > 0)
            {
                foreach (var mistake in mistakes)
                    terminal.Error.Say(mistake);
                terminal.Error.Say($"'{NameOf(parsed.CommandResult)} --help' lists what there is.");
                return BadInput;
            }
            var configuration = new InvocationConfiguration
            {
                Output = terminal.Output,
                Error = terminal.Error,
                EnableDefaultExceptionHandler = false,
                ProcessTerminationTimeout = LastWords,
            };
            return await output.RunAsync(parsed, terminal, () => parsed.InvokeAsync(configuration, cancellationToken));
        }
        catch (InputException bad)
        {
            foreach (var message in bad.Messages)
                terminal.Error.Say(message);
            return BadInput;
        }
        catch (OutOfMemoryException)
        {
            terminal.Error.Say(MemoryNeed.Exhausted);
            return BadInput;
        }
        catch (Exception failed) when (Messages.IsOfStream(failed)) // those of inputs are InputExceptions
        {
            terminal.Error.Say($"Output cannot be written: {failed.Message}");
            return NoOutput;
        }
        catch (OperationCanceledException)
        {
            terminal.Error.Say("Cancelled.");
            return Cancelled;
        }
    }

    /// <summary>A command as it is typed: "packingkit certify write".</summary>
    public static string NameOf(CommandResult command) =>
        command.Parent is CommandResult parent ? $"{NameOf(parent)} {command.Command.Name}" : "packingkit";

    /// <summary>What is wrong with a command line, in words.</summary>
    private static IEnumerable<string> Mistakes(ParseResult parsed, string[] args)
    {
        var command = parsed.CommandResult.Command;
        if (parsed.Errors.Count > 0 && command.Subcommands.Count > 0 && parsed.UnmatchedTokens is [var word, ..] && !word.StartsWith('-'))
        {
            var names = command.Subcommands.Select(each => each.Name).ToArray();
            var near = Spelling.DidYouMean(word, names);
            return [$"There is no command '{word}'{(near == "" ? $"; there are {string.Join(", ", names)}." : near)}"];
        }
        var mistakes = UnknownOptions.Messages(parsed, args).Concat(parsed.Errors.Select(error => error.Message)).ToArray();
        return mistakes.Length > 0 ? mistakes : OutputFile.Mistakes(parsed);
    }
}

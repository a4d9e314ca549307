using System.CommandLine;
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

    public static async Task<int> RunAsync(string[] args, Terminal terminal, CancellationToken cancellationToken = default)
    {
        var root = new RootCommand("Bin packing and sequence packing: as few bins as possible, and how far from optimal that is.")
        {
            PackCommand.Create(terminal),
            BoundCommand.Create(terminal),
            ValidateCommand.Create(terminal),
            CertifyCommand.Create(terminal),
            PrefixCommand.Create(terminal),
            StrategiesCommand.Create(terminal),
        };
        var parsed = root.Parse(args.Length == 0 ? ["--help"] : args);
        string[] mistakes = [.. UnknownOptions.Messages(parsed, args), .. parsed.Errors.Select(error => error.Message)];
        if (mistakes.Length > 0)
        {
            foreach (var mistake in mistakes)
                terminal.Error.Say(mistake);
            terminal.Error.Say($"'{NameOf(parsed.CommandResult)} --help' lists what there is.");
            return BadInput;
        }
        try
        {
            var configuration = new InvocationConfiguration
            {
                Output = terminal.Output,
                Error = terminal.Error,
                EnableDefaultExceptionHandler = false,
            };
            return await parsed.InvokeAsync(configuration, cancellationToken);
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

    private static string NameOf(CommandResult command) =>
        command.Parent is CommandResult parent ? $"{NameOf(parent)} {command.Command.Name}" : "packingkit";
}

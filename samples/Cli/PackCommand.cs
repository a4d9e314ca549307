using System.CommandLine;

namespace PackingKit.Cli;

/// <summary>Packs files, several at a time if asked, and prints a table or one record a line.</summary>
internal static class PackCommand
{
    public static Command Create(Terminal terminal)
    {
        var inputs = new InputOptions();
        var strategy = new StrategyOptions("bfd");
        var items = new ItemsOptions();
        var json = JsonLines.CreateOption();
        var command = new Command("pack", "Pack the sizes of each file into bins.") { inputs.Files };
        inputs.AddTo(command);
        strategy.AddTo(command);
        command.Options.Add(json);
        items.AddTo(command, json, inputs.Files);
        // Off this thread, so that Ctrl+C is heard while standard input is waited for.
        command.SetAction((parsed, cancellationToken) => Task.Run(async () =>
        {
            var read = inputs.ReadAll(parsed, terminal, keepsText: items.IsAsked(parsed));
            var names = items.IsAsked(parsed) ? items.Name(parsed, read[0]) : null;
            var runs = strategy.Start(parsed, read, cancellationToken);
            if (names is not null)
                items.Write(parsed, terminal.Output, read[0], names, await runs[0].Result, inputs.CountColumn(parsed));
            else if (parsed.GetValue(json))
                await JsonLines.WriteAsync(
                    runs, terminal.Output, (input, result) => PackingRecord.Of(input.File, result).ToJson());
            else
                await PackingTable.ShowAsync(runs, terminal);
            return CommandLine.Success;
        }, cancellationToken));
        return command;
    }
}

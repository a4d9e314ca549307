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
        HelpPage.AddExamples(
            command, "pack lengths.csv --column tokens -c 2048", "pack instances/*.txt -s exact --time-limit 10 --parallel 2 --log",
            "pack lengths.npy -c 2048 --json -o packing.jsonl",
            "pack parts.csv -c 6000 --column mm --count qty --id part --items text");
        // Off this thread, so that Ctrl+C is heard while standard input is waited for.
        command.SetAction((parsed, cancellationToken) => Task.Run(async () =>
        {
            // The table tells of no item.
            var keepsOrder = items.IsAsked(parsed) || parsed.GetValue(json) || strategy.Chosen(parsed).IsOnline;
            var read = inputs.ReadAll(parsed, terminal, items.IsAsked(parsed), keepsOrder);
            var names = items.IsAsked(parsed) ? items.Name(parsed, read[0]) : null;
            var runs = strategy.Start(parsed, read, terminal, cancellationToken);
            if (names is not null)
                items.Write(parsed, terminal.Output, read[0], names, await runs[0].Result, inputs.CountColumn(parsed));
            else if (parsed.GetValue(json))
                await JsonLines.WriteAsync(
                    runs, terminal.Output, (input, result) => PackingRecord.Of(input.File, result).ToJson());
            else
                await PackingTable.ShowAsync(runs, terminal);
            cancellationToken.ThrowIfCancellationRequested(); // after what the last search had found
            return CommandLine.Success;
        }, cancellationToken));
        return command;
    }
}

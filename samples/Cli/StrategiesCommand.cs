using System.CommandLine;
using System.Text.Json;
using Spectre.Console;

namespace PackingKit.Cli;

/// <summary>Lists the catalogue of strategies.</summary>
internal static class StrategiesCommand
{
    public static Command Create(Terminal terminal)
    {
        var json = JsonLines.CreateOption();
        var command = new Command("strategies", "List the strategies that pack can use.") { json };
        command.SetAction(parsed =>
        {
            var records = PackingStrategies.All.Select(info => new StrategyRecord(info.Id, info.Words)).ToArray();
            if (parsed.GetValue(json))
                foreach (var record in records)
                    terminal.Output.WriteLine(JsonSerializer.Serialize(record, CliJson.Default.StrategyRecord));
            else
                terminal.Console.Write(Render(records, terminal));
            return CommandLine.Success;
        });
        return command;
    }

    private static Table Render(StrategyRecord[] records, Terminal terminal)
    {
        var table = terminal.CreateTable("strategy", "description");
        table.Columns[^1].LeftAligned();
        foreach (var record in records)
            table.AddRow(new Text(record.Id), new Text(record.Description));
        return table;
    }
}

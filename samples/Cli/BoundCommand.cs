using System.CommandLine;
using System.Text.Json;
using Spectre.Console;

namespace PackingKit.Cli;

/// <summary>Prints how many bins no packing can go below, without packing.</summary>
internal static class BoundCommand
{
    public static Command Create(Terminal terminal)
    {
        var options = new InputOptions();
        var json = JsonLines.CreateOption();
        var command = new Command("bound", "Bound from below the number of bins that the sizes of each file need.") { options.Files };
        options.AddTo(command);
        command.Options.Add(json);
        command.SetAction(parsed =>
        {
            var inputs = options.CountAll(parsed, terminal, keepsOrder: false);
            var records = inputs.Select(Bound).ToArray();
            if (parsed.GetValue(json))
                foreach (var record in records)
                    terminal.Output.WriteLine(JsonSerializer.Serialize(record, CliJson.Default.BoundRecord));
            else
                terminal.Console.Write(Render(inputs, records, terminal));
            return CommandLine.Success;
        });
        return command;
    }

    private static BoundRecord Bound(CountedInput input)
    {
        var (histogram, limits) = (input.Histogram, input.Limits);
        var best = LowerBounds.Strong(histogram, limits);
        return new BoundRecord(
            input.File, limits.Capacity, histogram.ItemCount,
            LowerBounds.L1(histogram, limits), LowerBounds.L2(histogram, limits), best.Bins, best.Rule);
    }

    private static Table Render(IReadOnlyList<CountedInput> inputs, BoundRecord[] records, Terminal terminal)
    {
        var table = terminal.CreateTable("file", "items", "capacity", "L1", "L2", "bound", "rule");
        foreach (var (input, record) in inputs.Zip(records))
            table.AddRow(
                new TextPath(record.File), new Text($"{record.Items}"), new Text($"{input.Sizes.FromUnits(record.Capacity)}"),
                new Text($"{record.L1}"), new Text($"{record.L2}"), new Text($"{record.LowerBound}"), new Text(record.Rule));
        return table;
    }
}

using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Spectre.Console;

namespace PackingKit.Cli;

/// <summary>Tells what is in files of sizes before anything is packed.</summary>
internal static class DescribeCommand
{
    public static Command Create(Terminal terminal)
    {
        var inputs = new InputOptions();
        var json = JsonLines.CreateOption();
        var command = new Command("describe", "Tell what is in each file: how sizes are spread, bounds on the bins, and hints.")
            { inputs.Files };
        inputs.AddTo(command);
        command.Options.Add(json);
        HelpPage.AddExamples(command, "describe lengths.csv -c 2048", "describe lengths.npy -c 8192 --json");
        command.SetAction((parsed, cancellationToken) => Task.Run(() =>
        {
            foreach (var input in inputs.CountAll(parsed, terminal, keepsOrder: false))
            {
                var description = SizeDescription.Of(input.Histogram, input.Limits, input.Sizes.Decimals);
                if (parsed.GetValue(json))
                    terminal.Output.WriteLine(
                        JsonSerializer.Serialize(DescriptionRecord.Of(input.File, description), CliJson.Default.DescriptionRecord));
                else
                    Print(terminal, input.File, description);
            }
            return CommandLine.Success;
        }, cancellationToken));
        return command;
    }

    private static void Print(Terminal terminal, string file, SizeDescription description)
    {
        var (sizes, items) = (description.Sizes, description.Sizes.Count);
        var table = terminal.CreateTable("file", file);
        table.Columns[1].LeftAligned();
        Add("items", Number(items));
        Add("distinct sizes", Number(description.Histogram.DistinctCount));
        Add("capacity", description.InUnits(description.Limits.Capacity));
        if (description.Limits.HasItemLimit)
            Add("most items in a bin", Number(description.Limits.MaxItems));
        if (items > 0)
        {
            Add("total", description.InUnits(description.Histogram.TotalSize));
            Add("mean, deviation", $"{InUnits(sizes.Mean)}, {InUnits(sizes.StandardDeviation)}");
            Add("smallest, largest", $"{description.InUnits(sizes.Min)}, {description.InUnits(sizes.Max)}");
            Add("quartiles", string.Join(
                ", ", new[] { sizes.LowerQuartile, sizes.Median, sizes.UpperQuartile }.Select(description.InUnits)));
            Add("90 %, 99 %", $"{description.InUnits(sizes.Percentile90)}, {description.InUnits(sizes.Percentile99)}");
            Add("above half", Share(description.AboveHalf));
            Add("above a third", Share(description.AboveThird));
            Add("most frequent", $"{description.InUnits(description.MostFrequent.Size)}: {Share(description.MostFrequent.Count)}");
            Add("common divisor", description.InUnits(description.GreatestCommonDivisor));
        }
        foreach (var bound in description.Bounds)
            Add($"bound {bound.Rule}", $"{Number(bound.Bins)} bins");
        terminal.Console.Write(table);
        foreach (var hint in description.Hints)
            terminal.Output.WriteLine(hint.Words);
        terminal.Output.WriteLine();

        void Add(string name, string value) => table.AddRow(new Text(name), new Text(value));
        static string Number(long value) => value.ToString("N0", CultureInfo.InvariantCulture);
        string Share(long part) => string.Create(CultureInfo.InvariantCulture, $"{part:N0}, {part / (double)items:P1}");
        string InUnits(double units) => (units / Math.Pow(10, description.Decimals)).ToString("N1", CultureInfo.InvariantCulture);
    }
}

using Spectre.Console;

namespace PackingKit.Cli;

/// <summary>A study as tables; on a terminal the strategies are there while they run.</summary>
internal sealed class ComparisonTable(Terminal terminal, BinLimits limits) : IProgress<ValueList<StrategyTrial>>
{
    private static readonly TimeSpan Refresh = TimeSpan.FromMilliseconds(200);

    /// <summary>Columns that all strategies' figures take; where there are fewer, those come that decide.</summary>
    private const int AllWidth = 130;

    private static readonly string[] Decisive = ["strategy", "bins", "above bound", "fill", "median ms", "times", "orders"];

    private volatile ValueList<StrategyTrial> _latest = [];

    public void Report(ValueList<StrategyTrial> value) => _latest = value;

    /// <summary>Waits for a study, and shows what it has meanwhile where somebody watches.</summary>
    public async Task<PackingStudy> WatchAsync(Task<PackingStudy> study)
    {
        if (terminal.IsInteractive)
            await terminal.Console.Live(Strategies(_latest)).AutoClear(true).StartAsync(async live =>
            {
                while (await Task.WhenAny(study, Task.Delay(Refresh)) != study)
                    live.UpdateTarget(Strategies(_latest));
            });
        return await study;
    }

    public void Show(string file, PackingStudy study)
    {
        terminal.Output.WriteLine($"{file}: {Items(study)}");
        terminal.Console.Write(Strategies(study.Trials));
        terminal.Output.WriteLine();
        terminal.Console.Write(Table(
            ComparisonRows.WhatIfColumns, ComparisonRows.WhatIfs(study).Select(whatIf => ComparisonRows.Of(whatIf, study.Description))));
        terminal.Output.WriteLine();
        foreach (var finding in study.Recommendation)
            terminal.Output.WriteLine(finding.Words);
        terminal.Output.WriteLine();
    }

    private static string Items(PackingStudy study) => FormattableString.Invariant(
        $"{study.Description.Sizes.Count:N0} items, bound {study.Bound.Bins:N0} ({study.Bound.Rule}), times of ")
        + (study.ByItems ? "packing" : "planning alone (items are packed where --strategies names one that takes them as they come)")
        + ComparisonRows.LeftOut(study);

    private Table Strategies(ValueList<StrategyTrial> trials)
    {
        var columns = terminal.Console.Profile.Width >= AllWidth ? ComparisonRows.StrategyColumns : Decisive;
        int[] shown = [.. columns.Select(column => Array.IndexOf(ComparisonRows.StrategyColumns, column))];
        var rows = trials.Select(trial => ComparisonRows.Of(trial, limits));
        return Table(columns, rows.Select(row => Array.ConvertAll(shown, at => row[at])));
    }

    private Table Table(string[] columns, IEnumerable<string[]> rows)
    {
        var table = terminal.CreateTable(columns[0], columns[1..]);
        foreach (var row in rows)
            table.AddRow(row.Select(cell => new Text(cell)));
        return table;
    }
}

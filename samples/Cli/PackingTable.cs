using Spectre.Console;

namespace PackingKit.Cli;

/// <summary>Runs as a table; on a terminal it shows incumbents and bounds while they come in.</summary>
internal static class PackingTable
{
    private static readonly TimeSpan Refresh = TimeSpan.FromMilliseconds(200);

    public static async Task ShowAsync(IReadOnlyList<PackingRun> runs, Terminal terminal)
    {
        var work = Task.WhenAll(runs.Select(run => run.Result));
        if (terminal.IsInteractive)
            await terminal.Console.Live(Render(runs, terminal)).AutoClear(true).StartAsync(async live =>
            {
                while (await Task.WhenAny(work, Task.Delay(Refresh)) != work)
                    live.UpdateTarget(Render(runs, terminal));
            });
        await Task.WhenAny(work); // what was stopped is shown as well
        terminal.Console.Write(Render(runs, terminal));
        await work;
    }

    private static Table Render(IReadOnlyList<PackingRun> runs, Terminal terminal)
    {
        var table = terminal.CreateTable("file", "strategy", "items", "capacity", "bins", "bound", "gap", "fill", "time");
        foreach (var run in runs)
            table.AddRow([new TextPath(run.Input.File), .. Cells(run).Select(cell => new Text(cell))]);
        return table;
    }

    private static string[] Cells(PackingRun run)
    {
        var problem = run.Input.Problem;
        string[] known = [run.Strategy, $"{problem.ItemCount}", $"{run.Input.Capacity}"];
        if (run.Result.IsCompletedSuccessfully)
        {
            var result = run.Result.Result;
            return [.. known, .. Figures(problem, result.BinCount, result.Bound.Bins), Duration(result.Elapsed)];
        }
        return run.Latest is { } latest
            ? [.. known, .. Figures(problem, latest.Bins, latest.LowerBound), Duration(run.Elapsed)]
            : [.. known, "", "", "", "", State(run)];
    }

    private static string State(PackingRun run) =>
        run.Result.IsCanceled ? "cancelled" : run.Elapsed == TimeSpan.Zero ? "waiting" : Duration(run.Elapsed);

    private static string[] Figures(PackingProblem problem, long bins, long bound) =>
        [$"{bins}", $"{bound}", $"{bins - bound}", bins == 0 ? "" : $"{problem.TotalSize / (bins * (double)problem.Capacity):P2}"];

    private static string Duration(TimeSpan time) =>
        time < TimeSpan.FromSeconds(1) ? $"{time.TotalMilliseconds:F1} ms" : $"{time.TotalSeconds:F2} s";
}

using System.CommandLine;

namespace PackingKit.Cli;

/// <summary>Packs files, several at a time if asked, and prints a table or one record a line.</summary>
internal static class PackCommand
{
    public static Command Create(Terminal terminal)
    {
        var inputs = new InputOptions();
        var search = new StrategyOptions();
        var parallel = InputOptions.Positive<int>("--parallel", "How many files to pack at a time. By default 1.");
        parallel.DefaultValueFactory = _ => 1;
        var command = new Command("pack", "Pack the sizes of each file into bins.") { inputs.Files };
        inputs.AddTo(command);
        search.AddTo(command);
        command.Options.Add(parallel);
        // Off this thread, so that Ctrl+C is heard while standard input is waited for.
        command.SetAction((parsed, cancellationToken) => Task.Run(async () =>
        {
            var strategy = search.Create(parsed);
            using var gate = new SemaphoreSlim(parsed.GetValue(parallel));
            var runs = inputs.ReadAll(parsed, terminal).Select(input => new PackingRun(input, strategy)).ToArray();
            var work = Task.WhenAll(runs.Select(run => run.StartAsync(gate, cancellationToken)));
            if (inputs.Json(parsed))
                await WriteRecordsAsync(runs, terminal.Output);
            else
                await PackingTable.ShowAsync(runs, work, terminal);
            await work;
            return CommandLine.Success;
        }, cancellationToken));
        return command;
    }

    /// <summary>Writes records in the order of the inputs, each as soon as it and those before it are there.</summary>
    private static async Task WriteRecordsAsync(IEnumerable<PackingRun> runs, TextWriter output)
    {
        foreach (var run in runs)
        {
            var result = await run.Result;
            await output.WriteLineAsync(PackingRecord.Of(run.Input.File, run.Input.Problem, result).ToJson());
        }
    }
}

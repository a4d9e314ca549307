using System.CommandLine;
using Spectre.Console;

namespace PackingKit.Samples.Training;

/// <summary>Where the command writes, and whether as JSON.</summary>
internal sealed class Streams(TextWriter output, TextWriter error)
{
    public TextWriter Output { get; } = output;

    public TextWriter Error { get; } = error;

    public Option<bool> Json { get; } = new("--json") { Description = "The result as JSON.", Recursive = true };

    /// <summary>Does work that tells how far it is; bars show it where somebody watches.</summary>
    public T WithProgress<T>(Func<Action<string, double>, T> work)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Error) });
        if (!console.Profile.Out.IsTerminal || !console.Profile.Capabilities.Interactive)
            return work((_, _) => { });
        return console.Progress().AutoClear(true).Start(bars =>
        {
            Dictionary<string, ProgressTask> tasks = [];
            return work((stage, share) =>
            {
                if (!tasks.TryGetValue(stage, out var bar))
                    tasks[stage] = bar = bars.AddTask(stage, maxValue: 1);
                bar.Value = share;
            });
        });
    }
}

using System.CommandLine;

namespace PackingKit.Samples.Training;

/// <summary>Packs documents; without a verb the same.</summary>
internal static class PackCommand
{
    public static Command Create(Streams streams)
    {
        var command = new Command("pack", "Packs documents into rows of one length, for a trainer or as an index.");
        AddTo(command, streams);
        return command;
    }

    public static void AddTo(Command command, Streams streams)
    {
        var options = new PackOptions();
        options.AddTo(command);
        command.SetAction(parsed => Run(
            options.Read(parsed), options.Output(parsed), options.Overwrites(parsed), parsed.GetValue(streams.Json), streams));
    }

    private static int Run(PackSettings settings, string? output, bool overwrite, bool json, Streams streams)
    {
        var outcome = streams.WithProgress(report =>
        {
            var job = new PackJob(settings, report);
            return output is null ? job.Try() : job.Run(output, overwrite);
        });
        Report.Write(streams.Output, outcome, output, json);
        return CommandLine.Success;
    }
}

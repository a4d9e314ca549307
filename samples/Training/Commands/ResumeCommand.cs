using System.CommandLine;

namespace PackingKit.Samples.Training;

/// <summary>Goes on with a run that was stopped.</summary>
internal static class ResumeCommand
{
    public static Command Create(Streams streams)
    {
        var folder = new Argument<string>("folder") { Description = "The folder of a result." };
        var command = new Command("resume", "Goes on with a run that was stopped; the result is the same, byte for byte.") { folder };
        command.SetAction(parsed => Run(parsed.GetValue(folder)!, parsed.GetValue(streams.Json), streams));
        return command;
    }

    private static int Run(string folder, bool json, Streams streams)
    {
        var outcome = Finished(folder) is { } finished
            ? new PackOutcome(finished, default, null)
            : streams.WithProgress(report =>
            {
                var job = JobFolder.Unfinished(folder);
                return new PackJob(job.Settings, report).Run(folder, from: job.Folder);
            });
        Report.Write(streams.Output, outcome, folder, json);
        return CommandLine.Success;
    }

    /// <summary>A finished result, of which nothing is left to tidy.</summary>
    private static Manifest? Finished(string path)
    {
        if (StatsCommand.Read(path) is not { } finished)
            return null;
        using var folder = JobFolder.Open(path);
        folder.RemoveWork(); // a run may have been killed after its last file
        return finished;
    }
}

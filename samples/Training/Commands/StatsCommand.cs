using System.CommandLine;

namespace PackingKit.Samples.Training;

/// <summary>Says what a folder holds.</summary>
internal static class StatsCommand
{
    public static Command Create(Streams streams)
    {
        var folder = new Argument<string>("folder") { Description = "The folder of a result." };
        var command = new Command("stats", "Says what a folder holds: documents, packs, bound, fill, attention that is left.") { folder };
        command.SetAction(parsed =>
        {
            var manifest = Read(parsed.GetValue(folder)!)
                ?? throw new BadInputException($"{parsed.GetValue(folder)}: There is no {Manifest.FileName}.");
            Report.Write(streams.Output, new PackOutcome(manifest, default, null), null, parsed.GetValue(streams.Json));
            return CommandLine.Success;
        });
        return command;
    }

    /// <exception cref="BadInputException">The manifest is damaged, or cannot be read.</exception>
    public static Manifest? Read(string folder)
    {
        try
        {
            return JobFolder.Finished(folder);
        }
        catch (Exception bad) when (bad is IOException or UnauthorizedAccessException or FormatException)
        {
            throw new BadInputException($"{Path.Combine(folder, Manifest.FileName)}: {bad.Message}", bad);
        }
    }
}

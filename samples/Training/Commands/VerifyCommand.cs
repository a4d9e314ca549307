using System.CommandLine;
using System.Text.Json;

namespace PackingKit.Samples.Training;

/// <summary>Finds whatever is not as it was written.</summary>
internal static class VerifyCommand
{
    public static Command Create(Streams streams)
    {
        var folder = new Argument<string>("folder") { Description = "The folder of a result." };
        var command = new Command("verify", "Exit code 1 and the place where anything is not as it was written.") { folder };
        command.SetAction(parsed =>
        {
            string[] faults = [.. streams.WithProgress(report => Faults(parsed.GetValue(folder)!, report).ToArray())];
            if (parsed.GetValue(streams.Json))
                streams.Output.WriteLine(JsonSerializer.Serialize(new { faults }, Manifest.Json));
            else if (faults.Length == 0)
                streams.Output.WriteLine("everything is as it was written");
            else
                foreach (var fault in faults)
                    streams.Output.WriteLine(fault);
            return faults.Length == 0 ? CommandLine.Success : CommandLine.Failed;
        });
        return command;
    }

    /// <summary>Every fault with its place.</summary>
    private static IEnumerable<string> Faults(string folder, Action<string, double> report)
    {
        Manifest? manifest = null;
        string? damaged = null;
        try
        {
            manifest = JobFolder.Finished(folder);
        }
        catch (Exception bad) when (bad is IOException or UnauthorizedAccessException or FormatException)
        {
            damaged = bad.Message;
        }
        if (manifest is null)
            return [$"{Manifest.FileName}: {damaged ?? "It is not there: the run was not finished."}"];
        var target = OutputTargets.Named(manifest.Settings.To);
        return manifest.Files.SelectMany((file, i) =>
        {
            report("verify", i / (double)manifest.Files.Count);
            string[] bytes = [.. FaultsOfBytes(folder, file)];
            return bytes.Length > 0 ? bytes : FaultsOfRows(folder, file, target);
        }).Concat(JobFolder.Strangers(folder, manifest.Files.Select(file => file.Name))
            .Select(name => $"{name}: It does not belong to the result."));
    }

    private static IEnumerable<string> FaultsOfBytes(string folder, PackedFile file)
    {
        var path = Path.Combine(folder, file.Name);
        if (!File.Exists(path))
            return [$"{file.Name}: It is not there."];
        if (new FileInfo(path).Length is var bytes && bytes != file.Bytes)
            return [$"{file.Name}: It has {bytes:N0} bytes, not {file.Bytes:N0}."];
        return Checksums.Blocks(path).Zip(file.Blocks).Index().Where(block => block.Item.First != block.Item.Second).Select(block =>
            $"{file.Name}: Bytes {(long)block.Index * Checksums.BlockLength:N0} to "
            + $"{Math.Min(bytes, (block.Index + 1L) * Checksums.BlockLength) - 1:N0} are not as they were written.");
    }

    /// <summary>What was written is what was meant: packs and slots by the reader of the format.</summary>
    private static IEnumerable<string> FaultsOfRows(string folder, PackedFile file, OutputTarget target) =>
        target.Recount(Path.Combine(folder, file.Name)) is var (packs, slots) && (packs, slots) != (file.Packs, file.Slots)
            ? [$"{file.Name}: It has {packs:N0} packs of {slots:N0} slots, not {file.Packs:N0} of {file.Slots:N0}."] : [];
}

using System.CommandLine;

namespace PackingKit.Samples.Training;

/// <summary>`histogram`: counts the documents of one shard.</summary>
internal static class HistogramCommand
{
    public static Command Create(Streams streams)
    {
        var lengths = new Argument<string>("lengths")
        {
            Description = "Lengths of the shard's documents: .npy, or text with one on each line.",
        };
        var file = new Option<string>("--out", "-o") { Description = "The histogram, as JSON.", Required = true };
        var command = new Command("histogram", "Count the documents of one shard by length.") { lengths, file };
        command.SetAction(parsed =>
        {
            var path = parsed.GetValue(lengths)!;
            SizeHistogram histogram;
            try
            {
                histogram = SizeHistogram.Of(ShardFiles.ReadLengths(path));
            }
            catch (ArgumentOutOfRangeException bad)
            {
                throw new BadInputException($"{path}: {Messages.WithoutParameter(bad)}", bad);
            }
            ShardFiles.WriteText(parsed.GetValue(file)!, HistogramJson.Write(histogram));
            streams.Output.WriteLine(histogram);
            return CommandLine.Success;
        });
        return command;
    }
}

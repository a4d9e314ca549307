using System.CommandLine;
using System.Globalization;

namespace PackingKit.Samples.Training;

/// <summary>`deal`: finds the pack of each document of one shard, from the plan and the shard's rank offsets alone.</summary>
internal static class DealCommand
{
    public static Command Create(Streams streams)
    {
        var lengths = new Argument<string>("lengths") { Description = "The same lengths that were counted." };
        var folder = new Option<string>("--plan", "-p") { Description = "The folder that `plan` wrote.", Required = true };
        var shard = NumberOption.Create<int>("--shard", "Number of the shard, from 0.", n => n < 0 ? "at least 0" : null);
        shard.Required = true;
        var file = new Option<string>("--out", "-o")
        {
            Description = "The pack of each document: .npy, or text with one on each line.",
            Required = true,
        };
        var command = new Command("deal", "Find the pack of each document of one shard; the others need not be there.")
        {
            lengths, folder, shard, file,
        };
        command.SetAction(parsed =>
        {
            var (path, number, plans) = (parsed.GetValue(lengths)!, parsed.GetValue(shard)!.Value, parsed.GetValue(folder)!);
            var plan = ShardFiles.ReadPlan(Path.Combine(plans, ShardFiles.Plan));
            var shards = Directory.GetFiles(plans, "before-*.json").Length - 1;
            if (number >= shards)
                throw new BadInputException($"--shard {number}: The plan in {plans} is of {shards} shards, 0 to {shards - 1}.");
            var before = ShardFiles.ReadHistogram(Path.Combine(plans, ShardFiles.Before(number)));
            var through = ShardFiles.ReadHistogram(Path.Combine(plans, ShardFiles.Before(number + 1)));
            var sizes = ShardFiles.ReadLengths(path);
            var packs = new long[sizes.Length];
            try
            {
                plan.DealShard(sizes, before, through, packs);
            }
            catch (ArgumentException other)
            {
                throw new BadInputException(
                    $"{path}: These are not the documents that were counted as shard {number}. {Messages.WithoutParameter(other)}", other);
            }
            Write(parsed.GetValue(file)!, packs);
            streams.Output.WriteLine($"{packs.Length} documents of shard {number} dealt to {plan.BinCount} packs");
            return CommandLine.Success;
        });
        return command;
    }

    private static void Write(string path, long[] packs)
    {
        if (Path.GetExtension(path) == ".npy")
            ShardFiles.Write(path, stream => Npy.Write<long>(stream, packs));
        else
            ShardFiles.WriteLines(path, packs.Select(pack => pack.ToString(CultureInfo.InvariantCulture)));
    }
}

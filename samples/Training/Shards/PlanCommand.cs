using System.CommandLine;

namespace PackingKit.Samples.Training;

/// <summary>`plan`: adds the histograms up and plans, once; gives every shard its rank offsets.</summary>
internal static class PlanCommand
{
    public static Command Create(Streams streams)
    {
        var histograms = new Argument<string[]>("histograms")
        {
            Description = "The histogram of each shard, in the order of the shards.",
            Arity = ArgumentArity.OneOrMore,
        };
        var capacity = NumberOption.Create<long>("--capacity", "Tokens of a pack.", n => n < 1 ? "at least 1" : null, "-c");
        var items = NumberOption.Create<long>("--max-items", "Most documents in a pack.", n => n < 1 ? "at least 1" : null);
        var strategy = new Option<string>("--strategy", "-s")
        {
            Description = "How to plan: a strategy that plans on the histogram.",
            DefaultValueFactory = _ => "bfd",
        };
        capacity.Required = true;
        var folder = new Option<string>("--out", "-o")
        {
            Description = $"Folder for {ShardFiles.Plan}, the offsets ({ShardFiles.Before(0)} ...), and the tables "
                + $"{ShardFiles.Offsets} and {ShardFiles.Runs} for SQL.",
            Required = true,
        };
        var command = new Command("plan", "Plan the packs of all shards, once, on the sum of their histograms.")
        {
            histograms, capacity, items, strategy, folder,
        };
        command.SetAction(parsed =>
        {
            var files = parsed.GetValue(histograms)!;
            var shards = files.Select(ShardFiles.ReadHistogram).ToArray();
            var limits = new BinLimits(parsed.GetValue(capacity)!.Value, parsed.GetValue(items) ?? BinLimits.Unlimited);
            var tooLong = Array.FindIndex(shards, shard => shard is { DistinctCount: > 0 } && shard.Sizes[0] > limits.Capacity);
            if (tooLong >= 0)
                throw new BadInputException(
                    $"{files[tooLong]}: It has documents of {shards[tooLong].Sizes[0]} tokens, above --capacity {limits.Capacity}.");
            var id = parsed.GetValue(strategy)!;
            if (PackingStrategies.All.FirstOrDefault(info => info.Id == id)?.Create() is not IPlanningStrategy planning)
                throw new BadInputException($"'{id}' is no strategy that plans on the histogram.");
            ValueList<SizeHistogram> before;
            PlanningResult planned;
            try
            {
                before = ShardDealing.RankOffsets(shards);
                planned = planning.Plan(before[^1], limits);
            }
            catch (ArgumentOutOfRangeException bad)
            {
                throw new BadInputException(Messages.WithoutParameter(bad), bad);
            }
            Write(Directory.CreateDirectory(parsed.GetValue(folder)!).FullName, shards, before, planned.Plan);
            streams.Output.WriteLine($"{planned}, {shards.Length} shards");
            return CommandLine.Success;
        });
        return command;
    }

    private static void Write(string folder, SizeHistogram[] shards, ValueList<SizeHistogram> before, PackingPlan plan)
    {
        foreach (var old in Directory.GetFiles(folder, "before-*.json").Prepend(Path.Combine(folder, ShardFiles.Plan)))
            File.Delete(old); // of a plan of more shards
        for (var shard = 0; shard < before.Count; shard++)
            ShardFiles.WriteText(Path.Combine(folder, ShardFiles.Before(shard)), HistogramJson.Write(before[shard]));
        ShardFiles.WriteLines(Path.Combine(folder, ShardFiles.Offsets), shards.SelectMany((histogram, shard) => histogram.Pairs()
            .Select(pair => FormattableString.Invariant($"{shard},{pair.Size},{before[shard].CountOf(pair.Size)}")).ToArray())
            .Prepend("shard,length,first_rank"));
        ShardFiles.WriteLines(Path.Combine(folder, ShardFiles.Runs), plan.Runs()
            .Select(run => FormattableString.Invariant($"{run.Size},{run.FirstRank},{run.EndRank},{run.FirstBin},{run.CopiesPerBin}"))
            .Prepend("length,first_rank,end_rank,first_bin,copies"));
        ShardFiles.WriteText(Path.Combine(folder, ShardFiles.Plan), PlanJson.Write(plan)); // last: with it the folder is whole
    }
}

using PackingKit;
using PackingKit.Testing;

/// <summary>
/// `-- prefix`: passes of the traces in ../shared/data/prefixes by every strategy, beside whole prompts and the bounds; then the time for a
/// million prompts, and what a least shared run costs.
/// </summary>
internal static class PrefixTable
{
    private static readonly string[] Traces = ["conversation", "synthetic"];

    public static int Run()
    {
        if (SharedData.Folder is not { } folder)
        {
            Console.Error.WriteLine("The traces are not on this machine; PACKINGKIT_SHARED names the folder that has them.");
            return 1;
        }
        var forests = Traces.ToDictionary(trace => trace, trace =>
        {
            using var reader = new StreamReader(Path.Combine(folder, "data", "prefixes", $"{trace}_trace.jsonl"));
            return PromptReader.Read(reader);
        });
        Passes(forests);
        LeastRuns(forests);
        Million();
        return 0;
    }

    private static void Passes(Dictionary<string, PromptList> traces)
    {
        Console.WriteLine($"| trace | budget | left out | ceil(U/C) | bound | no sharing | {string.Join(" | ", PrefixStrategies.Ids)} |");
        Console.WriteLine($"|---|---|---|---|---|---|{string.Concat(PrefixStrategies.Ids.Select(_ => "---|"))}");
        foreach (var (trace, prompts) in traces)
            foreach (var budget in (long[])[131_072, 262_144, 524_288])
            {
                var problem = PrefixProblem.CreateLeavingOut(prompts.ToForest(), budget);
                var whole = Enumerable.Range(0, prompts.Count).Except(problem.LeftOut).Select(problem.Forest.LengthOf).ToArray();
                var nextFit = new NextFit().Pack(PackingProblem.Create(whole, budget)).BinCount;
                var cells = PrefixStrategies.All.Select(info =>
                {
                    var result = info.Create().Pack(problem);
                    if (PrefixChecker.Check(result).Status != CertificateStatus.Verified)
                        throw new InvalidOperationException($"{info.Id} on {trace} at {budget} is not verified.");
                    return $"{result.PassCount} ({result.ComputedTokenCount / (double)problem.DistinctTokenCount:F3} U)";
                });
                Console.WriteLine(
                    $"| {trace} | {budget:N0} | {problem.LeftOut.Count} | {(problem.DistinctTokenCount + budget - 1) / budget} "
                    + $"| {PrefixBound.Tree(problem).Passes} | {nextFit} | {string.Join(" | ", cells)} |");
            }
    }

    private static void LeastRuns(Dictionary<string, PromptList> traces)
    {
        Console.WriteLine("\n| trace | least shared run | nodes | distinct tokens |\n|---|---|---|---|");
        foreach (var (trace, prompts) in traces)
            foreach (var minShared in (int[])[1, 1024, 2048, 4096, int.MaxValue])
            {
                var forest = prompts.ToForest(minShared);
                Console.WriteLine($"| {trace} | {minShared:N0} | {forest.NodeCount:N0} | {forest.DistinctTokenCount:N0} |");
            }
    }

    /// <summary>Least processor times of five rounds on a million prompts of some 40 token IDs in 20,000 groups.</summary>
    private static void Million()
    {
        var random = new Random(1);
        var beginnings = Enumerable.Range(0, 20_000).Select(_ => Tokens(random.Next(8, 64))).ToArray();
        int[][] prompts = [.. Enumerable.Range(0, 1_000_000).Select(_ =>
            (int[])[.. beginnings[random.Next(beginnings.Length)], .. Tokens(random.Next(1, 16))])];
        PrefixForest forest = null!;
        var building = Least(() => forest = PrefixForest.FromTokens(prompts));
        Console.WriteLine($"\n{forest}\n");
        Console.WriteLine($"| step | processor ms | passes at 8192 | bound |\n|---|---|---|---|\n| forest | {building:F0} | | |");
        PrefixProblem problem = null!;
        var making = Least(() => problem = PrefixProblem.Create(forest, 8192));
        Console.WriteLine($"| problem | {making:F0} | | |");
        foreach (var info in PrefixStrategies.All)
        {
            PrefixResult result = null!;
            var packing = Least(() => result = info.Create().Pack(problem), info.Id == "first-fit" ? 1 : 5);
            Console.WriteLine($"| `{info.Id}` | {packing:F0} | {result.PassCount} | {result.Bound.Passes} |");
        }

        int[] Tokens(int count) => [.. Enumerable.Range(0, count).Select(_ => random.Next(100_000))];
    }

    /// <summary>Processor time in milliseconds: other work on the machine does not count, threads of ours do.</summary>
    private static double Least(Action step, int rounds = 5)
    {
        var least = double.MaxValue;
        for (var round = 0; round < rounds; round++)
        {
            var before = Environment.CpuUsage.TotalTime;
            step();
            least = Math.Min(least, (Environment.CpuUsage.TotalTime - before).TotalMilliseconds);
        }
        return least;
    }
}

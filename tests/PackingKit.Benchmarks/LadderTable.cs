using System.Diagnostics;
using PackingKit;
using PackingKit.Benchmarks;

/// <summary>
/// `-- ladder`: the heuristics on the sample of BPPLIB, against the proved optima and against the bound that each result carries.
/// </summary>
internal static class LadderTable
{
    private static readonly string[] Ids = [.. Measured.All.Select(lane => lane.Id)];

    public static int Run()
    {
        var instances = BppSample.Read().ToList();
        if (instances.Count == 0)
        {
            Console.Error.WriteLine("The sample is not on this machine: see docs/CONTRIBUTING.md for where it is looked for.");
            return 1;
        }
        Console.WriteLine(
            "| strategy | optimum found | proved | bins above the optimum, in all | average ms | longest ms |\n|---|---|---|---|---|---|");
        foreach (var id in Ids)
        {
            var strategy = PackingStrategies.Create(id);
            int found = 0, proved = 0;
            long above = 0;
            var times = new List<double>();
            foreach (var (_, problem, optimum) in instances)
            {
                strategy.Pack(problem); // once to warm up
                var start = Stopwatch.GetTimestamp();
                var result = strategy.Pack(problem);
                times.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
                found += result.BinCount == optimum ? 1 : 0;
                proved += result.Status == PackingStatus.Optimal ? 1 : 0;
                above += result.BinCount - optimum;
            }
            Console.WriteLine($"| `{id}` | {found} | {proved} | {above} | {times.Average():F3} | {times.Max():F2} |");
        }
        var tight = instances.Count(each => Best(each.Problem) == each.Optimum);
        Console.WriteLine($"\nInstances: {instances.Count}. The best of L1, L2 and the dual feasible functions is the optimum on {tight}.");
        return 0;
    }

    private static long Best(PackingProblem problem) => Math.Max(
        LowerBounds.Best(problem.Histogram, problem.Capacity).Bins, LowerBounds.DualFeasible(problem.Histogram, problem.Capacity));
}

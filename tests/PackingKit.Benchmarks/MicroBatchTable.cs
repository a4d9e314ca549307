using System.Diagnostics;
using System.Globalization;
using PackingKit;
using PackingKit.Benchmarks;

/// <summary>
/// `-- ranks`: micro-batches under a token cap for random batches of real lengths, beside Karmarkar-Karp with one batch more until the cap
/// holds; then the front of count against work of the first batch of each set.
/// </summary>
internal static class MicroBatchTable
{
    private const int Draws = 25;

    private static readonly (string Set, int Cap, int Samples)[] Sets =
    [
        ("azure2023_conv", 8192, 64), ("azure2023_code", 8192, 64), ("azure2023_code", 16_384, 128), ("servegen_m_large", 8192, 128),
        ("mooncake_conversation", 131_072, 64),
    ];

    public static int Run()
    {
        Console.WriteLine("| lengths | cap | samples | bound | micro-batches | Karmarkar-Karp until it fits | its first try breaks the cap "
            + "| largest work above its bound: mean, most | ms: median, most |");
        Console.WriteLine("|---|---|---|---|---|---|---|---|---|");
        foreach (var (name, cap, samples) in Sets)
        {
            if (WorkloadSets.AllLengths([cap]).FirstOrDefault(set => set.Name == name) is not { } set)
            {
                Console.Error.WriteLine("The lengths are not on this machine; PACKINGKIT_SHARED names the folder that has them.");
                return 1;
            }
            var batching = new MicroBatching(new MicroBatchOptions { TokenCap = cap });
            var random = new Random(1);
            var rows = Enumerable.Range(0, Draws).Select(_ => Measure(batching, random.GetItems(set.Lengths, samples))).ToArray();
            Console.WriteLine(FormattableString.Invariant(
                $"| {name} | {cap:N0} | {samples} | {rows.Average(row => row.Bound):F2} | {rows.Average(row => row.Count):F2} ")
                + FormattableString.Invariant($"| {rows.Average(row => row.Retried):F2} | {rows.Count(row => row.Breaks)} of {Draws} ")
                + FormattableString.Invariant($"| {100 * rows.Average(row => row.Gap):F2} %, {100 * rows.Max(row => row.Gap):F2} % ")
                + FormattableString.Invariant($"| {rows.Select(row => row.Ms).Order().ElementAt(Draws / 2):F1}, ")
                + FormattableString.Invariant($"{rows.Max(row => row.Ms):F1} |"));
        }
        Front();
        return 0;
    }

    /// <summary>Fewer micro-batches or more even work: 512 of Azure's conversations, dealt to eight ranks.</summary>
    private static void Front()
    {
        var drawn = new Random(1).GetItems(WorkloadSets.AllLengths([8192]).First(set => set.Name == "azure2023_conv").Lengths, 512);
        var lengths = Array.ConvertAll(drawn, length => (long)length);
        Console.WriteLine("\n| micro-batches | largest work | its bound | sum over steps of the largest on a rank |\n|---|---|---|---|");
        foreach (var result in new MicroBatching(new MicroBatchOptions { TokenCap = 8192, Ranks = 8 }).Front(lengths))
            Console.WriteLine(FormattableString.Invariant(
                $"| {result.Count} | {result.LargestWork / 1e6:F1} | {result.WorkBound / 1e6:F1} | {result.CriticalWork / 1e6:F1} |"));
    }

    private static (long Bound, int Count, int Retried, bool Breaks, double Gap, double Ms) Measure(MicroBatching batching, int[] lengths)
    {
        batching.Balance(lengths); // warm
        var clock = Stopwatch.StartNew();
        var result = batching.Balance(lengths);
        var ms = clock.Elapsed.TotalMilliseconds;
        var cap = batching.Options.TokenCap;
        var least = (int)((lengths.Sum(length => (long)length) + cap - 1) / cap);
        var retried = least;
        while (!Fits(retried))
            retried++;
        return (result.MinCount, result.Count, retried, retried > least, (double)result.WorkGap / result.WorkBound, ms);

        bool Fits(int batches) => new LargestDifferencing()
            .Balance(Array.ConvertAll(lengths, length => batching.Options.Work.Of(length)), batches).Packing.Bins
            .All(bin => bin.Sum(sample => (long)lengths[sample]) <= cap);
    }
}

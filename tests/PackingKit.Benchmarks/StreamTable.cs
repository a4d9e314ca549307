using System.Diagnostics;
using System.Globalization;
using PackingKit;
using PackingKit.Benchmarks;

/// <summary>
/// `-- stream`: fill of a stream by the number of items that wait, beside next-fit, best-fit decreasing of 1,000 items at a time and of all
/// at once; then the time for an item.
/// </summary>
internal static class StreamTable
{
    private static readonly int[] Pools = [16, 64, 256, 1000, 4096, 16_384];

    public static int Run()
    {
        WorkloadSet[] sets =
        [
            .. WorkloadSets.Quick().Where(set => set.Lengths.Length <= 200_000 && (set.Name != "openchat" || set.Capacity == 2048)),
        ];
        Console.WriteLine($"| in bins | {string.Join(" | ", sets.Select(set => $"{set.Name} at {set.Capacity}"))} |");
        Console.WriteLine($"|---|{string.Concat(sets.Select(_ => "---|"))}");
        Row("next-fit", set => new NextFit().Pack(PackingProblem.Borrow(set.Lengths, set.Capacity)).BinCount);
        Row("1,000 at a time (`bfd`)", set => set.Lengths.Chunk(1000).Sum(part => Decreasing(part, set.Capacity)));
        foreach (var pool in Pools)
            Row($"{pool.ToString("N0", CultureInfo.InvariantCulture)} waiting", set => Streamed(set, pool).Count());
        Row("1,000 waiting, age 10,000", set => Streamed(set, 1000, 10_000).Count());
        Row("all at once (`bfd`)", set => Decreasing(set.Lengths, set.Capacity));

        Console.WriteLine("\n| waiting | ns for an item, numbers | items |\n|---|---|---|");
        var timed = WorkloadSets.LogNormal(1_000_000, 2048);
        foreach (var pool in Pools)
        {
            var numbers = Time(() => Streamed(timed, pool).Count());
            var items = Time(() => timed.Lengths.Pack(length => length, Options(timed, pool)).Count());
            Console.WriteLine($"| {pool:N0} | {numbers:F0} | {items:F0} |");
        }
        return 0;

        void Row(string name, Func<WorkloadSet, long> bins) => Console.WriteLine(
            $"| {name} | {string.Join(" | ", sets.Select(set => (100.0 * set.Lengths.Sum(length => (long)length) / set.Capacity / bins(set))
                .ToString("F2", CultureInfo.InvariantCulture)))} |");

        double Time(Func<int> stream)
        {
            var least = TimeSpan.MaxValue;
            for (var round = 0; round < 3; round++)
            {
                var clock = Stopwatch.StartNew();
                stream();
                least = clock.Elapsed < least ? clock.Elapsed : least;
            }
            return least.TotalNanoseconds / timed.Lengths.Length;
        }
    }

    private static long Decreasing(int[] lengths, int capacity) =>
        new BestFitDecreasing().Pack(PackingProblem.Borrow(lengths, capacity)).BinCount;

    private static IEnumerable<StreamedBin> Streamed(WorkloadSet set, int pool, long? age = null) =>
        new StreamingPacker(Options(set, pool, age)).Pack(set.Lengths.Select(length => (long)length));

    private static StreamingOptions Options(WorkloadSet set, int pool, long? age = null) =>
        new() { Capacity = set.Capacity, PoolSize = pool, MaxAge = age };
}

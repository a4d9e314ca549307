using System.Diagnostics;
using PackingKit;

/// <summary>
/// `-- constrained [--small]`: strategies for several resources and rules. First times and bins of 100,000 items, beside first-fit that
/// asks every bin; then, or alone, how far the heuristics are from the optimum on small problems, and how many of those are proved within
/// two seconds each.
/// </summary>
internal static class ConstrainedTable
{
    private const int Items = 100_000, Capacity = 1000;

    public static int Run(string[] options)
    {
        if (!options.Contains("--small"))
            Large();
        Small();
        return 0;
    }

    private static void Large()
    {
        Console.WriteLine("| 100,000 items, bins of 1000 | bound | `ffd`: ms | bins | `bfd`: ms | bins | every bin asked: ms | bins |");
        Console.WriteLine("|---|---|---|---|---|---|---|---|");
        var random = new Random(1);
        Row("1 resource, 1..500", Sizes(1, 500), 1);
        Row("2 resources, 1..500 each", Sizes(2, 500), 2);
        Row("2 resources, 1..200 each", Sizes(2, 200), 2);
        Row("2 resources, one large and one small", Opposed(), 2);
        Row("3 resources, 1..500 each", Sizes(3, 500), 3);
        Row("2 resources, 200,000 conflicts", Sizes(2, 500), 2,
            new() { Conflicts = [.. Enumerable.Range(0, 200_000).Select(_ => Pair())] });
        Row("2 resources, 50 classes, 3 a bin", Sizes(2, 500), 2, new() { Classes = Labels(50), MaxClasses = 3 });
        Row("2 resources, groups of 2 or so", Sizes(2, 200), 2, new() { Groups = Labels(Items / 2), SplitLargeGroups = true });

        long[] Sizes(int resources, int most) => [.. Enumerable.Range(0, Items * resources).Select(_ => (long)random.Next(1, most + 1))];

        long[] Opposed() =>
        [
            .. Enumerable.Range(0, Items).Select(_ => random.Next(2) == 0)
                .SelectMany(first => new[] { (long)random.Next(1, first ? 600 : 60), random.Next(1, first ? 60 : 600) }),
        ];

        (int, int) Pair() => (random.Next(Items / 2), (Items / 2) + random.Next(Items / 2));

        ValueList<int> Labels(int count) => [.. Enumerable.Range(0, Items).Select(_ => random.Next(count))];
    }

    private static void Row(string name, long[] sizes, int resources, PackingRules? rules = null)
    {
        var problem = ConstrainedProblem.Create(sizes, Enumerable.Repeat((long)Capacity, resources).ToArray(), rules);
        var bound = ConstrainedBounds.Best(problem);
        Console.Write($"| {name} | {bound} ");
        foreach (var strategy in (IConstrainedStrategy[])[new ConstrainedFirstFit(), new ConstrainedBestFit()])
        {
            ConstrainedResult result = null!;
            var time = Least(() => result = strategy.Pack(problem), rounds: 3);
            if (ConstrainedChecker.Check(result).Status != CertificateStatus.Verified)
                throw new InvalidOperationException($"{strategy.Id} on {name} is not verified.");
            Console.Write($"| {time:F0} | {result.BinCount} ");
        }
        var bins = 0;
        var naive = rules is null ? Least(() => bins = EveryBin(problem), rounds: 1) : double.NaN;
        Console.WriteLine(rules is null ? $"| {naive:F0} | {bins} |" : "| | |");
    }

    /// <summary>First-fit in decreasing sum of shares as one writes it first: a list of rooms, each asked in turn.</summary>
    private static int EveryBin(ConstrainedProblem problem)
    {
        List<long[]> rooms = [];
        foreach (var item in Enumerable.Range(0, problem.ItemCount).OrderByDescending(item => Sum(problem.SizesOf(item))))
        {
            var sizes = problem.SizesOf(item).ToArray();
            var room = rooms.Find(room => Fits(sizes, room));
            if (room is null)
                rooms.Add(room = problem.Capacities.ToArray());
            for (var resource = 0; resource < sizes.Length; resource++)
                room[resource] -= sizes[resource];
        }
        return rooms.Count;

        static long Sum(ReadOnlySpan<long> sizes)
        {
            long sum = 0;
            foreach (var size in sizes)
                sum += size;
            return sum;
        }

        static bool Fits(long[] sizes, long[] room)
        {
            for (var resource = 0; resource < sizes.Length; resource++)
                if (sizes[resource] > room[resource])
                    return false;
            return true;
        }
    }

    private static void Small()
    {
        const int problems = 10;
        var ids = string.Join(" | ", ConstrainedStrategies.Ids.Select(id => $"`{id}`: bins"));
        Console.WriteLine($"\n| {problems} problems each | bound not by CP-SAT | {ids} | proved | mean s |");
        Console.WriteLine($"|---|---|{string.Concat(ConstrainedStrategies.Ids.Select(_ => "---|"))}---|---|");
        foreach (var items in (int[])[20, 40, 80])
        {
            Series($"{items} items, 2 resources 100..500", items, (_, _) => null);
            Series($"{items} items, 2 resources, conflicts of one pair in ten", items, (random, count) => new()
            {
                Conflicts =
                [
                    .. Enumerable.Range(0, count).SelectMany(first => Enumerable.Range(first + 1, count - first - 1)
                        .Where(_ => random.Next(10) == 0).Select(second => (first, second))),
                ],
            });
            Series($"{items} items, 2 resources, 6 classes, 2 a bin", items, (random, count) => new()
            {
                Classes = [.. Enumerable.Range(0, count).Select(_ => random.Next(6))],
                MaxClasses = 2,
            });
            Series($"{items} items, 2 resources, bins at least 600 full of the first", items, (_, _) => new() { MinLoads = [600, 0] });
        }

        static void Series(string name, int items, Func<Random, int, PackingRules?> rules)
        {
            var random = new Random(items);
            var (bins, none) = (new long[ConstrainedStrategies.Ids.Count], new int[ConstrainedStrategies.Ids.Count]);
            var (met, proved, time) = (0, 0, 0.0);
            for (var problem = 0; problem < problems; problem++)
            {
                var drawn = ConstrainedProblem.Create(
                    [.. Enumerable.Range(0, 2 * items).Select(_ => (long)random.Next(100, 501))], [Capacity, Capacity],
                    rules(random, items));
                foreach (var (info, index) in ConstrainedStrategies.All.Select((info, index) => (info, index)))
                {
                    var clock = Stopwatch.StartNew();
                    var result = info.Create(new SearchOptions { TimeLimit = TimeSpan.FromSeconds(2) }).Pack(drawn);
                    bins[index] += result.BinCount;
                    none[index] += result.HasPacking ? 0 : 1;
                    if (info.Id != "exact")
                        continue;
                    time += clock.Elapsed.TotalSeconds;
                    met += result.Bound.Rule == "cp-sat" ? 0 : 1;
                    proved += result.Status is ConstrainedStatus.Optimal or ConstrainedStatus.Infeasible ? 1 : 0;
                }
            }
            var cells = string.Join(
                " | ", bins.Zip(none, (count, missing) => missing == 0 ? $"{count}" : $"{count} ({missing} not packed)"));
            Console.WriteLine($"| {name} | {met} | {cells} | {proved} | {time / problems:F2} |");
        }
    }

    private static double Least(Action step, int rounds)
    {
        var least = double.MaxValue;
        for (var round = 0; round < rounds; round++)
        {
            var clock = Stopwatch.StartNew();
            step();
            least = Math.Min(least, clock.Elapsed.TotalMilliseconds);
        }
        return least;
    }
}

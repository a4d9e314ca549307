using PackingKit;
using PackingKit.Testing;

/// <summary>
/// `-- generated --seconds 10 --count 100 [--only KIND] [--from 0] [--processor 60] [--each] [--trace]`: the exact strategy on fresh
/// instances of the published kinds, with how many certificates of the closed ones are verified, how many of them have a tree, and what
/// the checks take; what stays open is named. Closed is what took no more than so much processor time, where that is given. Each instance
/// has its seed.
/// </summary>
internal static class GeneratedTable
{
    private static readonly (string Kind, Func<Random, (long[] Sizes, long Capacity)> Draw)[] Kinds =
    [
        ("Falkenauer U", random => (Uniform(random, random.Next(120, 501), 20, 100), 150)),
        ("Falkenauer T", Triplets),
        ("Scholl 1", random =>
            (Uniform(random, Pick(random, 50, 100, 200, 500), Pick(random, 1, 20, 30), 100), Pick(random, 100, 120, 150))),
        ("Scholl 2", random =>
        {
            var mean = 1000.0 / Pick(random, 3, 5, 7, 9);
            var spread = Pick(random, 20, 50, 90) / 100.0;
            return (Uniform(random, Pick(random, 50, 100, 200, 500), (int)(mean * (1 - spread)), (int)(mean * (1 + spread))), 1000);
        }),
        ("Scholl 3", random => (Uniform(random, 200, 20_000, 35_000), 100_000)),
        ("No waste", FullBins),
        ("like Hard28", Hard),
        ("One bin short", OneBinShort),
        ("AI-202", random => HardInstances.AugmentedIrup(random, 62, 2)),
        ("AI-403", random => HardInstances.AugmentedIrup(random, 129, 4)),
        ("AI-601", random => HardInstances.AugmentedIrup(random, 195, 5)),
        ("AI-802", random => HardInstances.AugmentedIrup(random, 262, 6)),
        ("AI-1003", random => HardInstances.AugmentedIrup(random, 329, 7)),
        ("ANI-201", random => HardInstances.AugmentedNonIrup(random, 62, 2)),
        ("ANI-402", random => HardInstances.AugmentedNonIrup(random, 129, 4)),
        ("ANI-600", random => HardInstances.AugmentedNonIrup(random, 195, 5)),
        ("ANI-801", random => HardInstances.AugmentedNonIrup(random, 262, 6)),
        ("ANI-1002", random => HardInstances.AugmentedNonIrup(random, 329, 7)),
        ("GI-AA125", random => HardInstances.ManyOfEach(random, 125, 66_667, 500_000)),
        ("GI-AA250", random => HardInstances.ManyOfEach(random, 250, 66_667, 500_000)),
        ("GI-AA500", random => HardInstances.ManyOfEach(random, 500, 66_667, 500_000)),
        ("GI-AB125", random => HardInstances.ManyOfEach(random, 125, 1, 500_000)),
        ("GI-AB250", random => HardInstances.ManyOfEach(random, 250, 1, 500_000)),
        ("GI-AB500", random => HardInstances.ManyOfEach(random, 500, 1, 500_000)),
        ("Triplets-216", random => HardInstances.PlantedTriplets(random, 72, 10_000)),
        ("Triplets-405", random => HardInstances.PlantedTriplets(random, 135, 15_000)),
        ("Triplets-648", random => HardInstances.PlantedTriplets(random, 216, 20_000)),
        ("Left by tight", LeftByTight),
    ];

    /// <summary>Capacities and items whose sizes add up to so many full bins, where one more is needed; found by trial.</summary>
    private static readonly (int Capacity, int[] Sizes)[] Cores =
    [
        (27, [15, 14, 11, 10, 10, 9, 9, 9, 6, 6, 4, 4, 1]),
        (88, [55, 46, 43, 41, 27, 22, 21, 20, 19, 15, 12, 10, 7, 7, 7]),
        (89, [58, 55, 44, 32, 32, 31, 25, 25, 21, 21, 19, 18, 15, 15, 15, 11, 8]),
        (105, [67, 48, 44, 42, 39, 35, 32, 26, 25, 21, 21, 21, 19, 18, 18, 17, 16, 16]),
    ];

    public static int Run(string[] args)
    {
        var options = new SearchOptions { TimeLimit = TimeSpan.FromSeconds(double.Parse(Arguments.Option(args, "--seconds") ?? "10")) };
        var count = int.Parse(Arguments.Option(args, "--count") ?? "100");
        var most = double.Parse(Arguments.Option(args, "--processor") ?? "1e9");
        var first = int.Parse(Arguments.Option(args, "--from") ?? "0");
        List<string> open = [];
        Console.WriteLine("| kind | instances | closed | average processor s | max processor s "
            + "| verified | with a tree | max KB | average check s | max check s |\n|---|---|---|---|---|---|---|---|---|---|");
        foreach (var (kind, draw) in Kinds.Where(kind => kind.Kind.Contains(Arguments.Option(args, "--only") ?? "")))
        {
            var (closed, total, max) = (0, 0.0, 0.0);
            var (verified, trees, size, checks, maxCheck) = (0, 0, 0, 0.0, 0.0);
            for (var i = first; i < first + count; i++)
            {
                var (sizes, capacity) = draw(new Random(2026 + i));
                var before = Environment.CpuUsage.TotalTime;
                var problem = PackingProblem.Create(sizes, capacity);
                var result = new ExactPacking(options).Pack(problem, args.Contains("--trace") ? new Trace() : null);
                var busy = (Environment.CpuUsage.TotalTime - before).TotalSeconds;
                closed += result.Gap == 0 && busy <= most ? 1 : 0;
                if (result.Gap > 0)
                    open.Add($"{kind} {i}: {result.BinCount} bins, bound {result.Bound.Bins} ({result.Bound.Rule}), {result.StopReason}");
                (total, max) = (total + busy, Math.Max(max, busy));
                var json = CertificateJson.Write(PackingCertificate.Of(result));
                before = Environment.CpuUsage.TotalTime;
                var verdict = CertificateChecker.Check(problem, CertificateJson.Read(json));
                var check = (Environment.CpuUsage.TotalTime - before).TotalSeconds;
                var isVerified = verdict.Status == CertificateStatus.Verified;
                verified += result.Gap == 0 && isVerified ? 1 : 0;
                trees += result.Bound.Refutation is null ? 0 : 1;
                (size, checks, maxCheck) = (Math.Max(size, json.Length), checks + check, Math.Max(maxCheck, check));
                if (result.Gap == 0 && !isVerified)
                    open.Add($"{kind} {i}: {verdict.Status}. {verdict.Reason}");
                if (args.Contains("--each"))
                    Console.Error.WriteLine(
                        $"{kind} {i}: {result.BinCount} {result.Bound.Bins} {result.Bound.Rule} {busy:F2} s {verdict.Status} {check:F2} s");
            }
            Console.WriteLine($"| {kind} | {count} | {closed} | {total / count:F3} | {max:F2} "
                + $"| {verified} | {trees} | {size / 1e3:F1} | {checks / count:F3} | {maxCheck:F2} |");
        }
        open.ForEach(Console.WriteLine);
        return 0;
    }

    private static long[] Uniform(Random random, int count, int min, int max)
    {
        var sizes = new long[count];
        foreach (ref var size in sizes.AsSpan())
            size = random.Next(Math.Max(1, min), max + 1);
        return sizes;
    }

    private static (long[] Sizes, long Capacity) Triplets(Random random)
    {
        List<long> sizes = [];
        for (var bins = random.Next(20, 168); bins > 0; bins--)
        {
            var first = random.Next(380, 491);
            var second = random.Next(250, (1000 - first) / 2);
            sizes.AddRange([first, second, 1000 - first - second]);
        }
        return ([.. sizes], 1000);
    }

    private static (long[] Sizes, long Capacity) FullBins(Random random)
    {
        List<long> sizes = [];
        var items = random.Next(60, 501);
        while (sizes.Count < items)
        {
            // A full bin cut at two to four random places.
            var cuts = Enumerable.Range(0, random.Next(2, 5)).Select(_ => (long)random.Next(1, 1000)).Distinct().Append(0).Append(1000)
                .Order().ToArray();
            sizes.AddRange(cuts.Zip(cuts.Skip(1), (from, to) => to - from));
        }
        return ([.. sizes], 1000);
    }

    /// <summary>
    /// Like ANI: few items that fill bins by their sum and need one bin more, in a finer unit, and 10 to 60 full bins of three items each.
    /// </summary>
    private static (long[] Sizes, long Capacity) OneBinShort(Random random)
    {
        var (unit, core) = Cores[random.Next(Cores.Length)];
        var factor = 2000 / unit;
        long capacity = unit * factor;
        List<long> sizes = [.. core.Select(size => (long)size * factor)];
        for (var bins = random.Next(10, 61); bins > 0; bins--)
        {
            var first = random.NextInt64(capacity / 3, capacity / 2);
            var second = random.NextInt64((capacity - first) / 3, (capacity - first) / 2);
            sizes.AddRange([first, second, capacity - first - second]);
        }
        return ([.. sizes], capacity);
    }

    /// <summary>Like Hard28, and the dives of `tight` do not meet the relaxation's bound: mostly one bin more is needed.</summary>
    private static (long[] Sizes, long Capacity) LeftByTight(Random random)
    {
        while (true)
        {
            var (sizes, capacity) = Hard(random);
            if (new TightPacking().Plan(SizeHistogram.Of(sizes), capacity).Gap > 0)
                return (sizes, capacity);
        }
    }

    /// <summary>160 to 200 items up to 0.8 bins with little slack, where the heuristics miss the bound.</summary>
    private static (long[] Sizes, long Capacity) Hard(Random random)
    {
        while (true)
        {
            var sizes = Uniform(random, random.Next(160, 201), 1, 800);
            var histogram = SizeHistogram.Of(sizes);
            var bound = LowerBounds.Best(histogram, 1000).Bins;
            if ((bound * 1000) - histogram.TotalSize < 100 && new BestFitDecreasing().Plan(histogram, 1000).Plan.BinCount > bound)
                return (sizes, 1000);
        }
    }

    private static int Pick(Random random, params ReadOnlySpan<int> values) => values[random.Next(values.Length)];
}

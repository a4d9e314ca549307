using System.Diagnostics;
using PackingKit;

/// <summary>
/// `-- many [--count 10000] [--alone]`: the exact strategy on many small instances of which each needs the linear solver, on all cores or
/// one after the other; what the process holds after each tenth. Without `--alone` every answer is compared with that of a search alone.
/// </summary>
internal static class ManyTable
{
    /// <summary>Different instances; after them the same come again.</summary>
    private const int Instances = 1000;

    public static int Run(string[] args)
    {
        var count = int.Parse(Arguments.Option(args, "--count") ?? "10000");
        var threads = args.Contains("--alone") ? 1 : Environment.ProcessorCount;
        var problems = Enumerable.Range(0, Instances).Select(Draw).ToArray();
        var alone = threads == 1 ? null : Array.ConvertAll(problems, Solve);
        var (differing, clock) = (0, Stopwatch.StartNew());
        Console.WriteLine($"{threads} threads\n\n| searches | s | process MB | of it managed MB | threads |\n|---|---|---|---|---|");
        for (var tenth = 0; tenth < 10; tenth++)
        {
            Parallel.For(
                tenth * count / 10, (tenth + 1) * count / 10, new ParallelOptions { MaxDegreeOfParallelism = threads },
                i =>
                {
                    var answer = Solve(problems[i % Instances]);
                    if (alone is not null && answer != alone[i % Instances])
                        Interlocked.Increment(ref differing);
                });
            GC.Collect();
            using var process = Process.GetCurrentProcess();
            Console.WriteLine(
                $"| {(tenth + 1) * count / 10} | {clock.Elapsed.TotalSeconds:F1} | {process.WorkingSet64 / 1e6:F1} "
                + $"| {GC.GetGCMemoryInfo().TotalCommittedBytes / 1e6:F1} | {process.Threads.Count} |");
        }
        if (alone is not null)
            Console.WriteLine($"\n{differing} of {count} answers differ from those alone.");
        return differing == 0 ? 0 : 1;
    }

    /// <summary>Bins, proof and all but the time.</summary>
    private static string Solve(PackingProblem problem)
    {
        var result = new ExactPacking().Pack(problem);
        return $"{string.Join(' ', result.Packing.BinOfItem.ToArray())} {CertificateJson.Write(PackingCertificate.Of(result))}";
    }

    /// <summary>Triplets without waste, which need column generation; every second time with what only a tree proves.</summary>
    private static PackingProblem Draw(int seed)
    {
        const int capacity = 1080;
        var random = new Random(seed);
        List<long> sizes = seed % 2 == 0 ? [] : [600, 560, 440, 400, 400, 360, 360, 360, 240, 240, 160, 160, 40]; // 5 bins, by sum 4
        for (var bins = random.Next(4, 16); bins > 0; bins--)
        {
            var first = random.Next(410, 530);
            var second = random.Next(270, (capacity - first) / 2);
            sizes.AddRange([first, second, capacity - first - second]);
        }
        return PackingProblem.Create(sizes.ToArray(), capacity);
    }
}

using System.Diagnostics;
using PackingKit;
using PackingKit.Testing;

/// <summary>
/// `-- tight --seconds 5 [--only NAME]`: certified packing of length histograms, real and generated, beside best-fit decreasing.
/// </summary>
internal static class TightTable
{
    public static int Run(string[] args)
    {
        var options = new SearchOptions { TimeLimit = TimeSpan.FromSeconds(double.Parse(Arguments.Option(args, "--seconds") ?? "5")) };
        var only = Arguments.Option(args, "--only") ?? "";
        new TightPacking().Pack(PackingProblem.Create([44, 6, 24, 6, 24, 8, 22, 8, 17, 21], 60)); // loads the native solvers
        Console.WriteLine("| lengths | capacity | sizes | bfd | tight | bound | gap | s | rule |\n|---|---|---|---|---|---|---|---|---|");
        foreach (var (name, capacity, histogram) in Sets())
        {
            if (!name.Contains(only))
                continue;
            var progress = args.Contains("--trace") ? new Trace() : null;
            var bestFit = new BestFitDecreasing().Plan(histogram, capacity).Plan.BinCount;
            var clock = Stopwatch.StartNew();
            var result = new TightPacking(options).Plan(histogram, capacity, progress);
            var seconds = clock.Elapsed.TotalSeconds;
            PackingPlan.FromPlacements(histogram, capacity, result.Plan.Placements.ToArray()); // checks in full
            Console.WriteLine(
                $"| {name} | {capacity} | {histogram.DistinctCount} | {bestFit} | {result.Plan.BinCount} | {result.Bound.Bins} "
                + $"| {result.Gap} | {seconds:F2} | {result.Bound.Rule} |");
        }
        return 0;
    }

    private static IEnumerable<(string Name, long Capacity, SizeHistogram Histogram)> Sets()
    {
        var folder = Path.Combine(SharedData.Folder!, "data", "lengths");
        yield return ("wikipedia", 512, SizeHistogram.FromCounts(
            File.ReadLines(Path.Combine(folder, "wikipedia_bert_histogram.csv")).Where(line => char.IsAsciiDigit(line[0]))
                .Select(line => new SizeCount(long.Parse(line.Split(',')[0]), long.Parse(line.Split(',')[1])))));
        foreach (var (file, capacity) in ((string, long)[])
            [("openchat_v1", 2048), ("openchat_v1", 4096), ("azure2023_conv", 8192), ("azure2023_conv", 16384), ("azure2023_code", 8192),
                ("azure2023_code", 16384), ("arxiv_summarization_llama2", 8192)])
        {
            var lengths = File.ReadLines(Path.Combine(folder, file + ".csv")).Where(line => line.Length > 0 && char.IsAsciiDigit(line[0]))
                .Select(long.Parse);
            yield return (file, capacity, SizeHistogram.Of(lengths.Select(length => Math.Min(length, capacity)).ToArray()));
        }
        yield return ("uni_2048_1e5", 2048, SizeHistogram.Of(Uniform(100_000)));
        yield return ("half_c8192_1e5", 8192,
            SizeHistogram.Of(Generate(100_000, 44, z => Math.Clamp((long)Math.Floor(4096 + (512 * z)), 100, 8192))));
        yield return ("ln400_c2048_1e6", 2048,
            SizeHistogram.Of(Generate(1_000_000, 42, z => Math.Clamp((long)Math.Floor(Math.Exp(Math.Log(400) - 0.5 + z)), 1, 2048))));
    }

    private static long[] Uniform(int count)
    {
        var lengths = new long[count];
        for (var i = 0; i < count; i++)
            lengths[i] = 1 + (long)(((SplitMix(7, i + 1) >> 32) * 2048) >> 32);
        return lengths;
    }

    private static long[] Generate(int count, ulong seed, Func<double, long> length)
    {
        var lengths = new long[count];
        for (var i = 0; i < count; i++)
        {
            var (u1, u2) = (Unit(SplitMix(seed, (2 * i) + 1)), Unit(SplitMix(seed, (2 * i) + 2)));
            lengths[i] = length(Math.Sqrt(-2 * Math.Log(u1)) * Math.Cos(2 * Math.PI * u2));
        }
        return lengths;

        static double Unit(ulong x) => ((x >> 11) + 0.5) * Math.Pow(2, -53);
    }

    private static ulong SplitMix(ulong seed, int i)
    {
        var z = unchecked(seed + ((ulong)i * 0x9E3779B97F4A7C15));
        z = unchecked((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9);
        z = unchecked((z ^ (z >> 27)) * 0x94D049BB133111EB);
        return z ^ (z >> 31);
    }

    private sealed class Trace : IProgress<PackingProgress>
    {
        public void Report(PackingProgress value) =>
            Console.WriteLine($"  {value.Elapsed.TotalSeconds:F3} {value.Phase} {value.Bins} {value.LowerBound}");
    }
}

using System.Diagnostics;
using PackingKit;
using PackingKit.Testing;

/// <summary>
/// `-- exact --seconds 10 [--only NAME] [--seed N] [--plain]`: the exact strategy (or the plain CP-SAT model) on every instance of the
/// sample, one after the other, then by class; each with its certificate: what it takes as JSON, and what the check of it takes and says.
/// </summary>
internal static class ExactTable
{
    public static int Run(string[] args)
    {
        var seconds = double.Parse(Arguments.Option(args, "--seconds") ?? "10");
        var seed = int.Parse(Arguments.Option(args, "--seed") ?? "0");
        var only = Arguments.Option(args, "--only") ?? "";
        var folder = Path.Combine(SharedData.Folder!, "data", "bpplib");
        new ExactPacking().Pack(PackingProblem.Create([44, 6, 24, 6, 24, 8, 22, 8, 17, 21], 60)); // loads the native solvers
        var rows = new List<(string Class, bool Closed, double Seconds, bool Verified, double Kilobytes, double CheckSeconds)>();
        Console.WriteLine(
            "| instance | class | bins | bound | optimum | s | processor s | rule | certificate KB | check processor s | verdict |\n"
            + "|---|---|---|---|---|---|---|---|---|---|---|");
        foreach (var line in File.ReadLines(Path.Combine(folder, "optima.csv")).Skip(1))
        {
            var fields = line.Split(',');
            if (!(fields[0] + fields[1]).Contains(only))
                continue;
            var numbers = Array.ConvertAll(
                File.ReadAllText(Path.Combine(folder, "instances", fields[0] + ".txt"))
                    .Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries), long.Parse);
            var problem = PackingProblem.Create(numbers.AsSpan(2), numbers[1]);
            var progress = args.Contains("--trace") ? new Trace() : null;
            var clock = Stopwatch.StartNew();
            var processor = Environment.CpuUsage.TotalTime;
            var options = new SearchOptions { TimeLimit = TimeSpan.FromSeconds(seconds), Seed = seed };
            IPackingStrategy strategy = args.Contains("--plain") ? new CpSat(options) : new ExactPacking(options);
            var result = strategy.Pack(problem, progress);
            var elapsed = clock.Elapsed.TotalSeconds;
            var busy = (Environment.CpuUsage.TotalTime - processor).TotalSeconds;
            var optimum = long.Parse(fields[6]);
            var valid = PackingValidator.Validate(problem, result.Packing).Count == 0 && result.Bound.Bins <= optimum
                && optimum <= result.BinCount;
            var certificate = CertificateJson.Write(PackingCertificate.Of(result));
            processor = Environment.CpuUsage.TotalTime;
            var verdict = CertificateChecker.Check(problem, CertificateJson.Read(certificate));
            var checking = (Environment.CpuUsage.TotalTime - processor).TotalSeconds;
            Console.WriteLine(
                $"| {fields[0]} | {fields[1]} | {result.BinCount} | {result.Bound.Bins} | {optimum} | {elapsed:F3} | {busy:F3} "
                + $"| {result.Bound.Rule}{(valid ? "" : " FALSE")}{(result.Gap > 0 ? " OPEN" : "")} "
                + $"| {certificate.Length / 1e3:F1} | {checking:F3} | {verdict.Status} |");
            rows.Add((
                fields[1], result.Gap == 0, elapsed, verdict.IsOptimal && verdict.Status == CertificateStatus.Verified,
                certificate.Length / 1e3, checking));
        }
        Console.WriteLine(
            "\n| class | closed | of | average s | max s | verified | max certificate KB | max check processor s |\n"
            + "|---|---|---|---|---|---|---|---|");
        foreach (var group in rows.GroupBy(row => row.Class).Append(rows.GroupBy(_ => "all").Single()))
            Console.WriteLine(
                $"| {group.Key} | {group.Count(row => row.Closed)} | {group.Count()} "
                + $"| {group.Average(row => row.Seconds):F3} | {group.Max(row => row.Seconds):F3} "
                + $"| {group.Count(row => row.Verified)} | {group.Max(row => row.Kilobytes):F1} "
                + $"| {group.Max(row => row.CheckSeconds):F3} |");
        Console.WriteLine($"\nClosed within 1 s: {rows.Count(row => row.Closed && row.Seconds <= 1)}");
        return 0;
    }
}

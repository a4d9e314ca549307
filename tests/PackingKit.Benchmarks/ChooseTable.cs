using System.Diagnostics;
using System.Globalization;
using PackingKit;
using PackingKit.Benchmarks;

/// <summary>
/// `-- choose`: whether what a study recommends is beaten, by fewer bins at the same cost or less, on the real lengths and on the sample of
/// BPPLIB. Every strategy is measured again, apart from the study; searches get as much time as the recommended one took.
/// </summary>
internal static class ChooseTable
{
    private static readonly int[] Capacities = [2048, 4096, 8192];

    /// <summary>A search is not asked for less: it would not start.</summary>
    private static readonly TimeSpan LeastLimit = TimeSpan.FromMicroseconds(1);

    private const int Repeats = 5;

    public static int Run()
    {
        var subjects = Subjects().ToArray();
        if (subjects.Length == 0)
        {
            Console.Error.WriteLine("The data is not on this machine: see docs/CONTRIBUTING.md for where it is looked for.");
            return 1;
        }
        Console.WriteLine(
            "| set | items | capacity | taken | bins | above bound | ms | fewest of all that do not search | beaten by |\n"
            + "|---|---|---|---|---|---|---|---|---|");
        var beaten = 0;
        foreach (var subject in subjects)
        {
            var options = new StudyOptions { Repeats = Repeats, Orders = 0 };
            var study = subject.Problem is { } items ? PackingStudy.Run(items, options)
                : PackingStudy.Run(subject.Histogram, subject.Capacity, options);
            var taken = study.Recommended;
            var strategy = taken.Strategy.Create();
            var cost = Measure(strategy, subject).Milliseconds;
            var rivals = PackingStrategies.All
                .Where(info => info != taken.Strategy && (subject.Problem is not null || !info.IsOnline))
                .Select(info => (Info: info, Measured: Measure(info.Create(Limited(cost)), subject))).ToArray();
            // Measured once more where it matters: times move, and what counts is that one is cheaper again and again.
            var better = rivals.Where(rival => rival.Measured.Bins < taken.Bins && rival.Measured.Milliseconds <= cost
                && Measure(rival.Info.Create(Limited(cost)), subject) is var again && again.Bins < taken.Bins
                && again.Milliseconds <= Measure(strategy, subject).Milliseconds).Select(rival => rival.Info.Id).ToArray();
            beaten += better.Length > 0 ? 1 : 0;
            var fewest = rivals.Where(rival => !rival.Info.IsSearch).Min(rival => rival.Measured.Bins);
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"| {subject.Name} | {subject.Histogram.ItemCount} | {subject.Capacity} | `{taken.Strategy.Id}` | {taken.Bins} | {taken.Gap} | {cost:G3} "
                + $"| {Math.Min(fewest, taken.Bins)} | {string.Join(", ", better)} |"));
        }
        Console.WriteLine($"\nSets: {subjects.Length}; the strategy taken was beaten on {beaten}.");
        return beaten == 0 ? 0 : 1;
    }

    private static SearchOptions Limited(double milliseconds) =>
        new() { TimeLimit = TimeSpan.FromMilliseconds(milliseconds) is var limit && limit > LeastLimit ? limit : LeastLimit };

    /// <summary>Bins, and the least time of some runs after one to warm up.</summary>
    private static (long Bins, double Milliseconds) Measure(IPackingStrategy strategy, Subject subject)
    {
        var bins = Bins();
        var least = double.MaxValue;
        for (var repeat = 0; repeat < Repeats; repeat++)
        {
            var start = Stopwatch.GetTimestamp();
            bins = Bins();
            least = Math.Min(least, Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        }
        return (bins, least);

        long Bins() => subject.Problem is { } problem ? strategy.Pack(problem).BinCount
            : ((IPlanningStrategy)strategy).Plan(subject.Histogram, subject.Capacity).BinCount;
    }

    private static IEnumerable<Subject> Subjects()
    {
        foreach (var set in WorkloadSets.AllLengths(Capacities))
            yield return Subject.Of(set.Name, PackingProblem.Create(set.Lengths, set.Capacity));
        foreach (var capacity in Capacities)
            if (WorkloadSets.Wikipedia() is { } histogram)
                yield return new Subject("wikipedia_bert (planned)", histogram, capacity, Problem: null);
        foreach (var (name, problem, _) in BppSample.Read())
            yield return Subject.Of(name, problem);
    }

    /// <summary>Counted sizes, and the items where each is packed.</summary>
    private sealed record Subject(string Name, SizeHistogram Histogram, long Capacity, PackingProblem? Problem)
    {
        public static Subject Of(string name, PackingProblem problem) => new(name, problem.Histogram, problem.Capacity, problem);
    }
}

using System.Diagnostics;
using System.Text.Json;

namespace PackingKit.Benchmarks;

/// <summary>
/// The table that anyone can make in a minute: one JSON object a row, medians of rounds in which all strategies take turns.
/// </summary>
internal static class QuickTable
{
    private static readonly TimeSpan TimePerSet = TimeSpan.FromSeconds(2.5);
    private const int MinRounds = 3, MaxRounds = 25, WarmUpSets = 3;

    /// <summary>A strategy that takes longer than this for a packing runs in the first round only.</summary>
    private const double SlowMs = 50, SlowMsPerItem = 20e-6;

    public static void Print(TextWriter output)
    {
        // Code is compiled in tiers, the last of them in the background: some sets are thrown away, with time to compile after each.
        for (var set = 0; set < WarmUpSets; set++)
        {
            Measure(WorkloadSets.LogNormal(20_000, 2048), Measured.All);
            Thread.Sleep(TimeSpan.FromMilliseconds(250));
        }
        foreach (var set in WorkloadSets.Quick())
            Print(output, Measure(set, Measured.All));
        PrintPasses(output, WorkloadSets.Large());
    }

    /// <summary>First-fit and best-fit decreasing alone, for sets that take long.</summary>
    public static void PrintPasses(TextWriter output, IEnumerable<WorkloadSet> sets)
    {
        foreach (var set in sets)
            Print(output, Measure(set, [.. Measured.All.Take(2)]));
    }

    private static void Print(TextWriter output, IEnumerable<Row> rows)
    {
        foreach (var row in rows)
            output.WriteLine(JsonSerializer.Serialize(row, JsonSerializerOptions.Web));
    }

    private static List<Row> Measure(WorkloadSet set, IReadOnlyList<StrategyInfo> lanes)
    {
        var (sizes, capacity) = (set.Lengths, set.Capacity);
        var (copy, binOfItem) = (new int[sizes.Length], new int[sizes.Length]);
        var (offsets, items) = (new int[sizes.Length + 1], new int[sizes.Length]);
        var strategies = lanes.Select(lane => lane.Create()).ToArray();
        var histogram = SizeHistogram.Of(sizes);
        var times = lanes.Select(_ => new Samples()).ToArray();
        var bins = new int[lanes.Count];
        var clock = Stopwatch.StartNew();
        for (var round = 0; round < MaxRounds && (round < MinRounds || clock.Elapsed < TimePerSet); round++)
        {
            for (var i = 0; i < lanes.Count; i++)
            {
                var (lane, time) = (lanes[i], times[i]);
                if (round > 0 && time.Fresh[0] > SlowMs + (SlowMsPerItem * sizes.Length))
                    continue;
                time.Copy.Add(Time(() => sizes.CopyTo(copy, 0)));
                if (lane.Spans is { } spans)
                {
                    time.Assign.Add(Time(() => spans.Assign<int>(sizes, capacity, binOfItem)));
                    time.Rows.Add(Time(() => spans.AssignRows<int>(sizes, capacity, offsets, items)));
                }
                if (strategies[i] is IPlanningStrategy planning)
                {
                    time.Count.Add(Time(() => SizeHistogram.Of(sizes)));
                    time.Plan.Add(Time(() => planning.Plan(histogram, capacity)));
                }
                var before = GC.GetAllocatedBytesForCurrentThread();
                time.Fresh.Add(Time(() => bins[i] = strategies[i].Pack(PackingProblem.Borrow(sizes, capacity)).BinCount));
                time.Allocated.Add(GC.GetAllocatedBytesForCurrentThread() - before);
            }
        }
        return
        [
            .. lanes.Select((lane, i) => new Row(
                set.Name, sizes.Length, capacity, lane.Id, bins[i], Median(times[i].Copy)!.Value, Median(times[i].Count),
                Median(times[i].Plan),
                Median(times[i].Assign), Median(times[i].Rows), Median(times[i].Fresh)!.Value, (long)times[i].Allocated.Min())),
        ];
    }

    private static double Time(Action action)
    {
        var start = Stopwatch.GetTimestamp();
        action();
        return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    }

    private static double? Median(List<double> values)
    {
        values.Sort();
        return values.Count == 0 ? null : Math.Round(values[values.Count / 2], 4);
    }

    private sealed class Samples
    {
        public List<double> Copy { get; } = [];
        public List<double> Count { get; } = [];
        public List<double> Plan { get; } = [];
        public List<double> Assign { get; } = [];
        public List<double> Rows { get; } = [];
        public List<double> Fresh { get; } = [];
        public List<double> Allocated { get; } = [];
    }

    /// <summary>
    /// Milliseconds: a copy of the input, counting, planning from the histogram, assignment and rows into arrays that are reused, and a
    /// whole packing with its result newly allocated.
    /// </summary>
    private sealed record Row(
        string Set, int N, int Capacity, string Strategy, int Bins, double CopyMs, double? CountMs, double? PlanMs, double? AssignMs,
        double? RowsMs, double RowsFreshMs, long AllocatedBytes);
}

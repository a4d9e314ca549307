using PackingKit.Testing;
using Xunit;

namespace PackingKit.Tests;

/// <summary>
/// With one worker and no limit that cuts in, a search does the same work every time, on a busy machine too: work is counted, not timed.
/// </summary>
[Trait("speed", "slow")]
public class RepeatabilityTests
{
    [Theory]
    [InlineData("Hard28_BPP14")]
    [InlineData("Hard28_BPP175")]
    [InlineData("201_2500_DI_10")] // no waste: dives on pairs, judged by an interior point
    [InlineData("201_2500_NR_44")]
    public void Three_runs_beside_a_busy_thread_are_one(string name)
    {
        var problem = BppLib.Read(name).ToProblem();
        using var busy = new BusyThread();
        AssertSame([.. Enumerable.Range(0, 3).Select(_ => Run(problem, LinearPrograms.Create))]);
    }

    [Fact]
    public void So_they_are_with_HiGHS()
    {
        var problem = BppLib.Read("Hard28_BPP119").ToProblem();
        using var busy = new BusyThread();
        AssertSame([.. Enumerable.Range(0, 3).Select(_ => Run(problem, rows => new HighsProgram(rows)))]);
    }

    private static void AssertSame(Trace[] runs)
    {
        foreach (var run in runs)
        {
            Assert.Equal(runs[0].Reports, run.Reports); // phases with numbers of nodes, bins and bounds
            Assert.Equal(runs[0].Placements, run.Placements);
        }
        Assert.Contains(runs[0].Reports, report => report.Phase.StartsWith("tree", StringComparison.Ordinal));
    }

    private static Trace Run(PackingProblem problem, Func<int, ILinearProgram> createProgram)
    {
        // Far above what a run takes: it must not cut in, but the test must end.
        var options = new SearchOptions { TimeLimit = TimeSpan.FromMinutes(3), Seed = 3 };
        var trace = new Trace();
        var result = SearchPlanner.Plan(
            "exact", problem.Histogram, problem.Limits, new SearchContext(options, trace, createProgram, CancellationToken.None),
            search => search.Run(SearchTuning.ExactDives, prove: true));
        Assert.Equal(StopReason.BoundReached, result.StopReason);
        trace.Placements = result.Plan.Placements.ToArray();
        return trace;
    }

    private sealed class Trace : IProgress<PackingProgress>
    {
        public List<(string Phase, long Bins, long LowerBound)> Reports { get; } = [];

        public Placement[] Placements { get; set; } = [];

        public void Report(PackingProgress value) => Reports.Add((value.Phase, value.Bins, value.LowerBound));
    }

    /// <summary>Takes processor time away, now more and now less.</summary>
    private sealed class BusyThread : IDisposable
    {
        private readonly CancellationTokenSource _done = new();
        private readonly Thread _thread;

        public BusyThread()
        {
            _thread = new Thread(() =>
            {
                var random = new Random(1);
                while (!_done.IsCancellationRequested)
                {
                    Thread.SpinWait(random.Next(1_000_000));
                    Thread.Sleep(random.Next(3));
                }
            });
            _thread.Start();
        }

        public void Dispose()
        {
            _done.Cancel();
            _thread.Join();
            _done.Dispose();
        }
    }
}

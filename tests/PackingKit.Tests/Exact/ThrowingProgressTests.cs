using System.Diagnostics;
using Xunit;

namespace PackingKit.Tests;

/// <summary>What a caller's progress throws ends the search at once, whichever report it is.</summary>
[Trait("speed", "slow")]
public class ThrowingProgressTests
{
    public static readonly TheoryData<string, int> Reports = new MatrixTheoryData<string, int>(
        PackingStrategies.All.Where(info => info.IsSearch).Select(info => info.Id), Enumerable.Range(1, 2));

    /// <summary>With 30 bins for 29 the strategies report twice at least: what they begin with, and what they find.</summary>
    [Theory, MemberData(nameof(Reports))]
    public void It_is_passed_on_from_any_report(string id, int report)
    {
        var problem = ProblemGenerators.QuarterToHalfTriplets(14, 10_000, seed: 2).Problem;
        var strategy = PackingStrategies.Create(id, new SearchOptions { TimeLimit = TimeSpan.FromSeconds(60), Workers = 2 });
        AssertThrows(report, progress => strategy.Pack(problem, progress, TestContext.Current.CancellationToken));
    }

    /// <summary>From a poor start CP-SAT reports packing after packing, and would search on after each.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void The_solver_ends_with_the_report_that_threw(int report)
    {
        var problem = ProblemGenerators.QuarterToHalfTriplets(20, 10_000, seed: 2).Problem;
        var start = new NextFitDecreasing().Plan(problem.Histogram, problem.Limits);
        var model = AssignmentModel.TryBuild(start, CancellationToken.None)!;
        var options = new SearchOptions { TimeLimit = TimeSpan.FromSeconds(60), Workers = 2 };
        AssertThrows(report, progress => model.Solve(
            "cp-sat", options, Stopwatch.StartNew(), progress, TestContext.Current.CancellationToken));
    }

    private static void AssertThrows(int report, Action<IProgress<PackingProgress>> search)
    {
        var progress = new ThrowingProgress(report);
        var thrown = Assert.Throws<InvalidOperationException>(() => search(progress));
        Assert.Same(progress.Thrown, thrown);
        Assert.InRange(progress.SinceThrown.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(5));
    }

    private sealed class ThrowingProgress(int report) : IProgress<PackingProgress>
    {
        private int _reports;

        public InvalidOperationException? Thrown { get; private set; }

        public Stopwatch SinceThrown { get; } = new();

        public void Report(PackingProgress value)
        {
            if (Interlocked.Increment(ref _reports) != report)
                return;
            Thrown = new InvalidOperationException($"at report {report}");
            SinceThrown.Start();
            throw Thrown;
        }
    }
}

using Xunit;

namespace PackingKit.Tests;

public class StrategyComparisonTests
{
    private sealed class Fixed(string name, PackingResult[] results) : IPackingStrategy
    {
        private int _next;

        public string Id => name;

        public PackingResult Pack(
            PackingProblem problem, IProgress<PackingProgress>? progress = null, CancellationToken cancellationToken = default) =>
            results[_next++];
    }

    [Fact]
    public void Figures_are_sums_means_and_quantiles_against_the_best_bound_of_all()
    {
        var problem = PackingProblem.Create([6, 5, 4], 10);
        PackingResult Result(int[] binOfItem, long bound, double milliseconds) => new()
        {
            Problem = problem,
            Packing = Packing.FromAssignment(binOfItem, binOfItem.Max() + 1),
            Bound = new(bound, "L2"),
            Strategy = "fixed",
            Elapsed = TimeSpan.FromMilliseconds(milliseconds),
        };
        var comparison = StrategyComparison.Run(
            [
                new Fixed("weak", [Result([0, 1, 2], 1, 1), Result([0, 1, 0], 1, 3), Result([0, 1, 0], 1, 2)]),
                new Fixed("strong", [Result([0, 1, 0], 2, 8), Result([0, 1, 0], 2, 8), Result([0, 1, 0], 1, 8)]),
            ],
            [problem, problem, problem]);
        Assert.Equal(["weak", "strong"], comparison.Rows.Select(row => row.Strategy));
        // Gaps of the weak one: 3 - 2, 2 - 2, and 2 - 1 where nobody proved more.
        Assert.Equal(
            (3, 7L, 2L, 1), (comparison.Rows[0].Problems, comparison.Rows[0].Bins, comparison.Rows[0].Gap, comparison.Rows[0].Optimal));
        Assert.Equal((6L, 1L, 2), (comparison.Rows[1].Bins, comparison.Rows[1].Gap, comparison.Rows[1].Optimal));
        Assert.Equal((0.5 + 0.75 + 0.75) / 3, comparison.Rows[0].MeanFill, 12);
        Assert.Equal((2.0, 3.0), (comparison.Rows[0].MedianMilliseconds, comparison.Rows[0].MaxMilliseconds));
        Assert.Contains("| weak | 3 | 7 | 2 | 1 | 66.667 % | 2 |", comparison.ToMarkdown(), StringComparison.Ordinal);
    }

    [Fact]
    public void The_decreasing_heuristics_beat_the_others_on_document_lengths()
    {
        var problems = Enumerable.Range(
            0, 10).Select(seed => PackingProblem.Create(RandomSizes.LogNormal(1000, 400, 1, 1, 2048, seed), 2048));
        var rows = StrategyComparison.Run([new NextFit(), new FirstFit(), new BestFitDecreasing()], problems).Rows;
        Assert.True(rows[0].Bins > rows[1].Bins && rows[1].Bins > rows[2].Bins);
        Assert.All(rows, row =>
            Assert.True(row is { Problems: 10, MeanFill: > 0.7 and <= 1 } && row.MedianMilliseconds <= row.MaxMilliseconds));
    }

    [Fact]
    public void A_comparison_of_nothing_or_with_something_that_does_not_pack_is_refused()
    {
        var problem = PackingProblem.Create([6, 5], 10);
        Assert.Throws<ArgumentException>(() => StrategyComparison.Run([], [problem]));
        Assert.Throws<ArgumentException>(() => StrategyComparison.Run([new NextFit()], []));
        var overfull = new PackingResult
        {
            Problem = problem,
            Packing = Packing.FromAssignment([0, 0], 1),
            Bound = new(1, "L1"),
            Strategy = "overfull",
        };
        Assert.Throws<InvalidPackingException>(() => StrategyComparison.Run([new Fixed("overfull", [overfull])], [problem]));
    }
}

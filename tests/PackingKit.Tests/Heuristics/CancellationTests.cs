using Xunit;

namespace PackingKit.Tests;

/// <summary>A stop request reaches the loops themselves: counted in what was done, not by the clock.</summary>
public class CancellationTests
{
    private static readonly Dictionary<string, OfflineHeuristic.BySize> Algorithms = new()
    {
        ["ffd"] = FirstFitBySize.Plan,
        ["bfd"] = BestFitBySize.Plan,
        ["nfd"] = NextFitBySize.Plan,
        ["wfd"] = WorstFitBySize.Plan,
        ["mffd"] = ModifiedFirstFitBySize.Plan,
        ["b2f"] = BestTwoFitBySize.Plan,
        ["fill2"] = FillTwoBySize.Plan,
        ["mbs"] = MinimumBinSlackBySize.Plan,
        ["mbs-prime"] = MinimumBinSlackBySize.PlanPrime,
    };

    public static TheoryData<string> Ids => [.. Algorithms.Keys];

    [Theory]
    [MemberData(nameof(Ids))]
    public void Little_is_planned_once_the_token_is_cancelled(string id)
    {
        // Distinct sizes far apart: no choice repeats, no pair is found at once.
        var sizes = Enumerable.Range(1, 10_000).Select(i => 1_000_000_000L - (37_003L * i)).ToArray();
        var counts = Array.ConvertAll(sizes, _ => 1L);
        var steps = new PooledList<Placement>(64);
        try
        {
            Algorithms[id](sizes, counts, 2_000_000_000, ref steps, new CancellationToken(canceled: true));
            Assert.Fail("It went on to the end.");
        }
        catch (OperationCanceledException)
        {
            Assert.InRange(steps.Count, 0, 2 * CountedSteps.Interval);
        }
        steps.Dispose();
    }

    [Fact]
    public void Every_planner_of_the_catalogue_that_is_no_search_is_among_them()
    {
        var planners = PackingStrategies.All
            .Where(info => info is { IsSearch: false } && info.Create() is IPlanningStrategy and not Automatic).Select(info => info.Id);
        Assert.Equal(planners.Order(), Algorithms.Keys.Order());
    }

    [Fact]
    public void A_search_for_a_pair_that_is_not_there_hears_the_token()
    {
        // One bin is enough: beside the largest it looks for two even sizes with an odd sum.
        var sizes = Enumerable.Range(0, 20_000).Select(i => 40_000L - (2 * i)).ToArray();
        var steps = new PooledList<Placement>(64);
        var heard = false;
        try
        {
            FillTwoBySize.Plan(sizes, Array.ConvertAll(sizes, _ => 1L), 80_001, ref steps, new CancellationToken(canceled: true));
        }
        catch (OperationCanceledException)
        {
            heard = true;
        }
        Assert.Equal((true, 0), (heard, steps.Count));
        steps.Dispose();
    }
}

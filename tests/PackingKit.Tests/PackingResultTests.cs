using Xunit;

namespace PackingKit.Tests;

public class PackingResultTests
{
    [Theory]
    [InlineData(2, 0, PackingStatus.Optimal), InlineData(1, 1, PackingStatus.Feasible), InlineData(3, -1, PackingStatus.Feasible)]
    public void A_result_is_optimal_exactly_where_it_meets_its_bound(long bound, long gap, PackingStatus status)
    {
        var histogram = SizeHistogram.Of([6, 6]);
        var plan = PackingPlan.FromPlacements(histogram, 10, [new(6, 0, 2, 1)]);
        var planned = new PlanningResult { Plan = plan, Bound = new(bound, "a rule"), Strategy = "a strategy" };
        var problem = PackingProblem.Create([6, 6], 10);
        var packed = new PackingResult
        {
            Problem = problem,
            Packing = plan.Deal(problem),
            Plan = plan,
            Bound = planned.Bound,
            Strategy = "a strategy",
        };
        Assert.Equal((gap, status), (planned.Gap, planned.Status));
        Assert.Equal((2, gap, status), (packed.BinCount, packed.Gap, packed.Status));
    }
}

using Xunit;

namespace PackingKit.Tests;

public class PackingResultTests
{
    [Theory]
    [InlineData(2, 0, PackingStatus.Optimal), InlineData(1, 1, PackingStatus.Feasible)]
    public void A_result_is_optimal_exactly_where_it_meets_its_bound(long bound, long gap, PackingStatus status)
    {
        var histogram = SizeHistogram.Of([6, 6]);
        var plan = PackingPlan.FromPlacements(histogram, 10, [new(6, 0, 2, 1)]);
        var planned = new PlanningResult(plan, bound, "a rule", "a strategy", StopReason.Completed, TimeSpan.Zero);
        var packing = plan.Deal(PackingProblem.Create([6, 6], 10));
        var packed = new PackingResult(packing, plan, bound, "a rule", "a strategy", StopReason.Completed, TimeSpan.Zero);
        Assert.Equal((gap, status), (planned.Gap, planned.Status));
        Assert.Equal((2, gap, status), (packed.BinCount, packed.Gap, packed.Status));
    }
}

using FsCheck.Xunit;
using PackingKit.Testing;
using Xunit;

namespace PackingKit.Tests;

[Properties(Arbitrary = [typeof(Arbitraries)], MaxTest = 200)]
public class MinimumBinSlackTests
{
    [Property]
    public void The_first_bin_of_minimum_bin_slack_is_as_full_as_any_can_be(SmallCase input)
    {
        var sizes = input.Case.Sizes;
        if (sizes.Length == 0 || input.Case.MaxItemsPerBin is not null)
            return;
        var problem = input.Case.ToProblem();
        var largest = sizes.Max();
        var fullest = Subsets(sizes).Where(load => load <= input.Case.Capacity).Max();
        Assert.Equal(fullest, new MinimumBinSlack().Pack(problem).Load(0));
        var others = sizes.ToList();
        others.Remove(largest);
        var beside = Subsets([.. others]).Where(load => load <= input.Case.Capacity - largest).Max();
        Assert.Equal(largest + beside, new MinimumBinSlackPrime().Pack(problem).Load(0));
    }

    private static IEnumerable<long> Subsets(long[] sizes) =>
        Enumerable.Range(
            0, 1 << sizes.Length).Select(set => sizes.Where((_, item) => (set >> item & 1) == 1).Aggregate(
                0L, (sum, size) => sum <= long.MaxValue - size ? sum + size : long.MaxValue));
}

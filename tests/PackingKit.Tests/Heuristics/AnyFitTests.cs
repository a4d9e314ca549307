using System.Text.RegularExpressions;
using FsCheck.Xunit;
using PackingKit.Testing;
using Xunit;

namespace PackingKit.Tests;

/// <summary>What an any-fit rule is: a new bin is opened only where no open one takes the item.</summary>
[Properties(Arbitrary = [typeof(Arbitraries)], MaxTest = 500)]
public class AnyFitTests
{
    private static readonly StrategyInfo[] AnyFit = [.. PackingStrategies.All.Where(info => info.IsAnyFit)];

    /// <summary>Those whose pages say so, and the ladder, which is made of such.</summary>
    private static readonly StrategyInfo[] NoTwoCouldBeOne =
    [
        .. PackingStrategies.All.Where(info =>
            Regex.IsMatch(StrategyPage.Section(info.Id, "Guarantee"), "any two( bins| others)? hold more")),
        PackingStrategies.Find("auto"),
    ];

    public static readonly TheoryData<string> Ids = [.. AnyFit.Select(info => info.Id)];

    [Theory, MemberData(nameof(Ids))]
    public void Items_of_size_zero_share_one_bin_unless_a_limit_parts_them(string id)
    {
        Assert.Equal(1, PackingStrategies.Create(id).Pack(PackingProblem.Create([0, 0, 0, 0, 0], 1)).BinCount);
        Assert.Equal(3, PackingStrategies.Create(id).Pack(PackingProblem.Create([0, 0, 0, 0, 0], new BinLimits(1, 2))).BinCount);
    }

    [Theory, MemberData(nameof(Ids))]
    public void Equal_items_fill_bins_to_the_brim(string id)
    {
        var result = PackingStrategies.Create(id).Pack(PackingProblem.Create([3, 3, 3, 3, 3, 3, 3], 10));
        Assert.Equal((3, PackingStatus.Optimal), (result.BinCount, result.Status));
        Assert.Equal([0, 0, 0, 1, 1, 1, 2], result.Packing.BinOfItem.ToArray());
    }

    [Theory, MemberData(nameof(Ids))]
    public void What_is_left_of_the_largest_bin_is_used(string id) =>
        Assert.Equal(1, PackingStrategies.Create(id).Pack(PackingProblem.Create([long.MaxValue - 1, 1], long.MaxValue)).BinCount);

    [Property]
    public void A_bin_is_opened_only_where_no_open_bin_takes_the_item(PackingCase input)
    {
        foreach (var info in AnyFit)
        {
            var packing = info.Create().Pack(input.ToProblem()).Packing;
            List<(long Room, int Items)> open = [];
            var items = Enumerable.Range(0, input.Sizes.Length);
            foreach (var item in info.IsOnline ? items : items.OrderByDescending(item => input.Sizes[item]))
            {
                var (bin, size) = (packing.BinOf(item), input.Sizes[item]);
                if (bin == open.Count)
                {
                    Assert.DoesNotContain(open, other => other.Room >= size && other.Items < input.ItemLimit);
                    open.Add((input.Capacity, 0));
                }
                open[bin] = (open[bin].Room - size, open[bin].Items + 1);
            }
        }
    }

    [Property]
    public void No_two_bins_could_be_one_where_there_is_no_item_limit(PackingCase input)
    {
        Assert.True(NoTwoCouldBeOne.Length > 5);
        var problem = (input with { MaxItemsPerBin = null }).ToProblem();
        foreach (var info in AnyFit.Union(NoTwoCouldBeOne))
            if (Loads(info.Create().Pack(problem).Packing, problem).Order().Take(2).ToArray() is [var least, var next])
                Assert.True((Int128)least + next > input.Capacity, $"{info.Id}: bins of {least} and {next} fit together: {input}");
    }

    [Property]
    public void Two_neighbouring_bins_of_next_fit_hold_more_than_one_capacity(PackingCase input)
    {
        var problem = (input with { MaxItemsPerBin = null }).ToProblem();
        foreach (var strategy in (IPackingStrategy[])[new NextFit(), new NextFitDecreasing()])
        {
            var loads = Loads(strategy.Pack(problem).Packing, problem);
            for (var bin = 1; bin < loads.Count; bin++)
                Assert.True((Int128)loads[bin - 1] + loads[bin] > input.Capacity,
                    $"{strategy.Id}: bins {bin - 1} and {bin} fit together: {input}");
        }
    }

    [Property]
    public void Next_fit_keeps_the_order_of_the_items(PackingCase input)
    {
        var packing = new NextFit().Pack(input.ToProblem()).Packing;
        Assert.Equal(Enumerable.Range(0, input.Sizes.Length), packing.ItemIndices.ToArray());
    }

    private static List<long> Loads(Packing packing, PackingProblem problem)
    {
        List<long> loads = [];
        foreach (var bin in packing.Bins)
            loads.Add(bin.Sum(item => problem[item]));
        return loads;
    }
}

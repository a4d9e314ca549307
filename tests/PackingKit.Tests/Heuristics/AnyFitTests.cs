using FsCheck.Xunit;
using PackingKit.Testing;
using Xunit;

namespace PackingKit.Tests;

/// <summary>What an any-fit rule is: a new bin is opened only where no open one takes the item.</summary>
[Properties(Arbitrary = [typeof(Arbitraries)], MaxTest = 500)]
public class AnyFitTests
{
    private static readonly string[] AnyFit = ["ff", "bf", "wf", "ffd", "bfd", "wfd"];

    [Property]
    public void A_bin_is_opened_only_where_no_open_bin_takes_the_item(PackingCase input)
    {
        foreach (var id in AnyFit)
        {
            var packing = PackingStrategies.Create(id).Pack(input.ToProblem()).Packing;
            List<(long Room, int Items)> open = [];
            foreach (var item in NaiveHeuristics.Order(id, input))
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
        var problem = (input with { MaxItemsPerBin = null }).ToProblem();
        foreach (var id in AnyFit)
            if (Loads(PackingStrategies.Create(id).Pack(problem).Packing, problem).Order().Take(2).ToArray() is [var least, var next])
                Assert.True((Int128)least + next > input.Capacity, $"{id}: bins of {least} and {next} fit together: {input}");
    }

    [Property]
    public void Two_neighbouring_bins_of_next_fit_hold_more_than_one_capacity(PackingCase input)
    {
        var problem = (input with { MaxItemsPerBin = null }).ToProblem();
        foreach (var id in new[] { "nf", "nfd" })
        {
            var loads = Loads(PackingStrategies.Create(id).Pack(problem).Packing, problem);
            for (var bin = 1; bin < loads.Count; bin++)
                Assert.True((Int128)loads[bin - 1] + loads[bin] > input.Capacity, $"{id}: bins {bin - 1} and {bin} fit together: {input}");
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

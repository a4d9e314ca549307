using FsCheck.Xunit;
using PackingKit.Testing;
using Xunit;

namespace PackingKit.Tests;

[Properties(Arbitrary = [typeof(Arbitraries)], MaxTest = 300)]
public class ConstrainedPackingTests
{
    public static readonly TheoryData<string> Ids = [.. ConstrainedStrategies.Ids];

    [Theory, MemberData(nameof(Ids))]
    public void Two_resources_are_packed_together(string id)
    {
        var result = Pack(id, ConstrainedProblem.Create([4, 6, 4, 6, 4, 1, 4, 1], [8, 8]));
        Assert.Equal((2, ConstrainedStatus.Optimal), (result.BinCount, result.Status));
        Assert.Equal((8L, 7L), (result.Load(0), result.Load(0, resource: 1)));
    }

    [Theory, MemberData(nameof(Ids))]
    public void Items_in_conflict_are_kept_apart(string id)
    {
        var result = Pack(id, ConstrainedProblem.Create([5, 5], [10], new() { Conflicts = [(0, 1)] }));
        Assert.Equal("2 bins, bound 2 (clique): Optimal", result.ToString());
    }

    [Theory, MemberData(nameof(Ids))]
    public void Bins_have_their_least_load(string id)
    {
        var result = Pack(id, ConstrainedProblem.Create([8, 2, 3], [10], new() { MinLoads = [5] }));
        Assert.Equal((2, ConstrainedStatus.Optimal), (result.BinCount, result.Status));
        Assert.Equal(result.BinOfItem[1], result.BinOfItem[2]);
    }

    /// <summary>Seven in bins of five needs two, and two have four each at least.</summary>
    [Theory, MemberData(nameof(Ids))]
    public void That_no_packing_has_its_least_loads_is_said(string id)
    {
        var result = Pack(id, ConstrainedProblem.Create([3, 4], [5], new() { MinLoads = [4] }));
        Assert.Equal("no packing: Infeasible", result.ToString());
        Assert.Equal(CertificateStatus.Verified, ConstrainedChecker.Check(result).Status);
        Assert.Throws<InvalidOperationException>(result.ToPacking);
    }

    /// <summary>The bound allows it: 4 + 4 and 4 + 4 would do, 8 alone would too, but here is no way to share 7, 7 and 2 out.</summary>
    [Fact]
    public void A_search_proves_what_the_bound_does_not()
    {
        var problem = ConstrainedProblem.Create([7, 7, 2], [10], new() { MinLoads = [8] });
        Assert.Equal(ConstrainedStatus.Unknown, Pack("ffd", problem).Status);
        Assert.Equal(ConstrainedStatus.Infeasible, Pack("exact", problem).Status);
    }

    [Theory, MemberData(nameof(Ids))]
    public void Groups_stay_together(string id)
    {
        var result = Pack(id, ConstrainedProblem.Create([6, 4, 6, 4], [10], new() { Groups = [0, -1, -1, 0] }));
        Assert.Equal((2, ConstrainedStatus.Optimal), (result.BinCount, result.Status));
        Assert.Equal(result.BinOfItem[0], result.BinOfItem[3]);
    }

    [Fact]
    public void A_group_that_no_bin_takes_is_refused_or_split()
    {
        long[] sizes = [6, 4, 4, 5];
        Refused.Wrong("rules", () => ConstrainedProblem.Create(sizes, [10], new() { Groups = [7, 7, 7, -1] }),
            "Group 7 cannot share a bin: it takes 14 of resource 0, above the capacity 10.");
        Refused.Wrong("rules", () => ConstrainedProblem.Create(sizes, [20], new() { Groups = [7, 7, 7, -1], Conflicts = [(2, 0)] }),
            "its items 2 and 0 are in conflict");
        Refused.Wrong("rules", () => ConstrainedProblem.Create(sizes, [20], new() { Groups = [7, 7, 7, -1], MaxItems = 2 }),
            "it has 3 items, and a bin at most 2");
        Refused.Wrong("rules", () => ConstrainedProblem.Create(
            sizes, [20], new() { Groups = [7, 7, 7, -1], Classes = [0, 1, 2, 0], MaxClasses = 2 }),
            "it has 3 classes, and a bin at most 2");

        var split = Pack("exact", ConstrainedProblem.Create(sizes, [10], new() { Groups = [7, 7, 7, -1], SplitLargeGroups = true }));
        Assert.Equal([0, 0], [split.BinOfItem[0], split.BinOfItem[1]]); // 6 + 4 by first-fit decreasing
        Assert.Equal(2, split.BinCount);
    }

    [Theory, MemberData(nameof(Ids))]
    public void A_bin_holds_few_classes(string id)
    {
        var result = Pack(id, ConstrainedProblem.Create([1, 1, 1, 1, 1], [10], new() { Classes = [0, 1, 2, 3, -1], MaxClasses = 2 }));
        Assert.Equal("2 bins, bound 2 (classes): Optimal", result.ToString());
    }

    [Theory, MemberData(nameof(Ids))]
    public void Items_that_fit_no_bin_are_set_aside_by_name(string id)
    {
        var problem = ConstrainedProblem.CreateLeavingOut([4, 9, 5, 1, 12, 3], [8, 8], new() { Groups = [0, 0, 0], Conflicts = [(0, 1)] });
        Assert.Equal([0, 2], problem.LeftOut);
        Assert.Equal("3 items into bins of (8, 8), 2 left out", problem.ToString());
        var result = Pack(id, problem);
        Assert.Equal([-1, 0, -1], result.BinOfItem);
        Assert.Throws<InvalidOperationException>(result.ToPacking);
    }

    [Fact]
    public void Bad_arguments_are_named()
    {
        Refused.Wrong("capacities", () => ConstrainedProblem.Create([], []), "There is no capacity.");
        Refused.OutOfRange("capacities", () => ConstrainedProblem.Create([], [5, 0]), "Capacity 1 is 0, below 1.");
        Refused.Wrong("sizes", () => ConstrainedProblem.Create([1, 2, 3], [5, 5]), "3 sizes are no whole number of items");
        Refused.OutOfRange("sizes", () => ConstrainedProblem.Create([1, 2, 3, 6], [5, 5]), "Item 1 takes 6 of resource 1, outside 0..5.");
        Refused.OutOfRange("sizes", () => ConstrainedProblem.CreateLeavingOut([1, 2, 3, -6], [5, 5]), "Item 1 takes -6 of resource 1");
        Refused.OutOfRange("sizes", () => ConstrainedProblem.Create([long.MaxValue, 1], [long.MaxValue]), "The total of resource 0");
        Refused.Wrong("rules", () => With(new() { Conflicts = [(0, 1), (1, 2)] }),
            "Conflict 1 is of items 1 and 2, which are not two of 0..1.");
        Refused.Wrong("rules", () => With(new() { Conflicts = [(1, 1)] }), "Conflict 0 is of items 1 and 1");
        Refused.Wrong("rules", () => With(new() { Groups = [0] }), "There are 1 groups for 2 items.");
        Refused.Wrong("rules", () => With(new() { Classes = [0, -2] }), "Item 1 has -2 among the classes, below -1.");
        Refused.Wrong("rules", () => With(new() { MaxClasses = 2 }), "no item has a class");
        Refused.Wrong("rules", () => With(new() { MinLoads = [1, 1] }), "There are 2 least loads for 1 resources.");
        Refused.Wrong("rules", () => With(new() { MinLoads = [6] }), "The least load of resource 0 is 6, outside 0..5.");
        Refused.OutOfRange("MaxItems", () => new PackingRules { MaxItems = 0 });
        Refused.OutOfRange("MaxClasses", () => new PackingRules { MaxClasses = 0 });
        Refused.OutOfRange("item", () => With(new()).SizesOf(2).Length, "There is no item 2, only 0..1.");
        Refused.OutOfRange("bin", () => Pack("ffd", With(new())).ItemsOf(1).Length);
        Refused.OutOfRange("resource", () => Pack("ffd", With(new())).Load(0, 1));
        Assert.Throws<ArgumentNullException>(() => ConstrainedProblem.Of(null!));
        Refused.Wrong("id", () => ConstrainedStrategies.Create("best"), "ffd, bfd, dot-product, exact");

        static ConstrainedProblem With(PackingRules rules) => ConstrainedProblem.Create([1, 2], [5], rules);
    }

    [Fact]
    public void What_is_no_packing_is_no_result()
    {
        var problem = ConstrainedProblem.Create([1, 2, 3], [5]);
        Assert.Contains("3 items need one bin each, not 2", Message([0, 0]), StringComparison.Ordinal);
        Assert.Contains("Item 1 is in bin 3", Message([0, 3, 0]), StringComparison.Ordinal);
        Assert.Contains("Item 1 is in no bin", Message([0, -1, 0]), StringComparison.Ordinal);
        Assert.Contains("Bin 1 is empty", Message([0, 2, 0]), StringComparison.Ordinal);

        string Message(int[] bins) =>
            Assert.Throws<ArgumentException>(() => new ConstrainedResult(problem, "mine", bins, new(1, "mine"))).Message;
    }

    [Fact]
    public void The_checker_refuses_what_is_false()
    {
        var rules = new PackingRules { Conflicts = [(0, 1)], Classes = [0, 1, 1, -1], MaxClasses = 1, MinLoads = [2], MaxItems = 2 };
        Assert.Equal("The packing holds, and 2 (items) bins are needed.", Reason(rules, [0, 1, 1, 0]));
        Assert.Contains("share bin 0", Reason(rules with { MaxClasses = null }, [0, 0, 1, 1]), StringComparison.Ordinal);
        Assert.Contains("2 classes, above 1", Reason(rules with { Conflicts = [] }, [0, 0, 1, 1]), StringComparison.Ordinal);
        Assert.Contains("3 items, above 2", Reason(rules, [0, 0, 1, 0]), StringComparison.Ordinal);
        Assert.Contains("below the least load 2",
            Reason(rules with { Classes = [], MaxClasses = null }, [0, 1, 1, 2]), StringComparison.Ordinal);
        Assert.Contains("belong together", Reason(new() { Groups = [0, 0, -1, -1] }, [0, 1, 0, 1]), StringComparison.Ordinal);
        Assert.Contains("above the capacity 6", Reason(new(), [0, 0, 0, 0]), StringComparison.Ordinal);
        Assert.Contains("above the 2 bins", Reason(new(), [0, 0, 1, 1], bound: 3), StringComparison.Ordinal);
        Assert.Equal("The packing holds; a search is behind the bound.", Reason(new(), [0, 1, 2, 3], bound: 4));

        static string Reason(PackingRules rules, int[] bins, long bound = 1) => ConstrainedChecker.Check(
            new ConstrainedResult(ConstrainedProblem.Create([2, 3, 3, 1], [6], rules), "mine", bins, new(bound, "mine"))).Reason;
    }

    /// <summary>Bounds of one rule each, by their definitions.</summary>
    [Property]
    public void Bounds_are_no_lower_than_the_plain_ones(ConstrainedCase of)
    {
        var problem = of.ToProblem();
        var best = ConstrainedBounds.Best(problem);
        for (var resource = 0; resource < problem.ResourceCount; resource++)
        {
            long total = 0;
            foreach (var item in Enumerable.Range(0, of.ItemCount).Except(problem.LeftOut))
                total += of.SizesOf(item)[resource];
            Assert.True(ConstrainedBounds.Resource(problem, resource).Bins >= Integers.CeilingDivide(total, of.Capacities[resource]));
            Assert.True(best.Bins >= ConstrainedBounds.Resource(problem, resource).Bins);
        }
        Assert.True(best.Bins >= Integers.CeilingDivide(of.ItemCount - problem.LeftOut.Count, of.Rules.MaxItems));
        var classes = Enumerable.Range(0, of.Rules.Classes.Count).Except(problem.LeftOut)
            .Select(item => of.Rules.Classes[item]).Where(each => each != PackingRules.None).Distinct().Count();
        Assert.True(of.Rules.MaxClasses is not { } most || best.Bins >= Integers.CeilingDivide(classes, most));
    }

    [Property]
    public void A_clique_is_of_parts_that_cannot_share_a_bin(ConstrainedCase of)
    {
        of = of.Small(items: 40);
        var problem = of.ToProblem();
        var parts = NaiveConstrained.Parts(of);
        var clique = ConstrainedBounds.FindClique(problem.Units).Select(unit => Array.IndexOf(problem.Units.UnitOfItem, unit))
            .Select(first => parts.Single(part => part[0] == first)).ToArray();
        Assert.Equal(clique.Length, ConstrainedBounds.Clique(problem).Bins);
        foreach (var (first, second) in clique.SelectMany((first, index) => clique[(index + 1)..].Select(second => (first, second))))
            Assert.False(NaiveConstrained.MayShare(of, [.. first, .. second]));
    }

    /// <summary>Where nothing is stopped, more time cannot hurt: the best that a stopped search has is still a packing.</summary>
    [Fact]
    public void A_time_limit_leaves_the_best_packing_so_far()
    {
        var random = new Random(7);
        var problem = ConstrainedProblem.Create(
            [.. Enumerable.Range(0, 240).Select(_ => (long)random.Next(100, 450))], [1000, 1000],
            new() { Conflicts = [.. Enumerable.Range(0, 200).Select(_ => (random.Next(60), 60 + random.Next(60)))] });
        foreach (var options in (SearchOptions[])
            [new() { TimeLimit = TimeSpan.FromMilliseconds(1) }, new() { TimeLimit = TimeSpan.FromMilliseconds(300) },
                new() { Stop = new CancellationToken(canceled: true) }])
        {
            var result = new ConstrainedExact(options).Pack(problem);
            Assert.True(result.HasPacking && result.BinCount <= new ConstrainedFirstFit().Pack(problem).BinCount);
            Assert.NotEqual(CertificateStatus.Refused, ConstrainedChecker.Check(result).Status);
        }
    }

    [Fact]
    public void Numbers_beyond_the_solver_are_left_to_the_heuristics()
    {
        const long third = long.MaxValue / 3;
        var result = Pack("exact", ConstrainedProblem.Create(
            [third, 1, third, 2, third - 9, 1], [third + 5, 3], new() { MinLoads = [1, 1] }));
        Assert.Equal((3, ConstrainedStatus.Optimal), (result.BinCount, result.Status));
    }

    private static ConstrainedResult Pack(string id, ConstrainedProblem problem) => ConstrainedStrategies.Create(id).Pack(problem);
}

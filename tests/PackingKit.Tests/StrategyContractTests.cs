using FsCheck;
using FsCheck.Fluent;
using PackingKit.Testing;
using Xunit;

namespace PackingKit.Tests;

/// <summary>
/// Every row of the catalogue keeps the contract and its guarantees, and agrees with its oracle where there is one.
/// </summary>
public class StrategyContractTests
{
    public static readonly MatrixTheoryData<string, string> RulesAndIds = new(StrategyContract.Rules, PackingStrategies.Ids);

    public static readonly TheoryData<string> Ids = [.. PackingStrategies.Ids];

    public static readonly TheoryData<string> SpanIds = [.. SpanOverload.Ids];

    /// <summary>The plain model may take minutes on six triplets without waste: one such case in a thousand does.</summary>
    private static int MaxItems(string id) => id == "cp-sat" ? 12 : 20;

    [Theory, MemberData(nameof(RulesAndIds))]
    public void A_strategy_keeps_the_rule(string rule, string id)
    {
        var info = PackingStrategies.Find(id);
        if (info.IsSearch)
            StrategyContract.Check(rule, info.Create(), cases: 20, maxItems: MaxItems(id));
        else
            StrategyContract.Check(rule, info.Create());
    }

    [Theory, MemberData(nameof(Ids))]
    public void What_the_catalogue_says_is_proved_holds(string id)
    {
        var info = PackingStrategies.Find(id);
        ForAll(info.IsSearch ? 20 : 500, input =>
        {
            var unlimited = input with { Limits = input.Capacity };
            if (unlimited.Sizes.Length == 0)
                return;
            var (bins, optimum) = (info.Create().Pack(unlimited.ToProblem()).BinCount, BruteForce.Optimum(unlimited));
            foreach (var ratio in info.Guarantees)
                Assert.True(ratio.Holds(bins, optimum),
                    $"{id} needs {bins} bins where {ratio} is proved and OPT is {optimum}: {unlimited}");
        });
    }

    [Theory, MemberData(nameof(SpanIds))]
    public void A_strategy_fills_bins_as_its_definition_reads(string id) => ForAll(200, input =>
    {
        var problem = input.ToProblem();
        var bins = PackingStrategies.Create(id).Pack(problem).Packing.Bins
            .Select(bin => bin.Select(item => problem[item]).OrderDescending().ToArray());
        Assert.Equal(NaiveStrategies.Bins(id, input), bins);
    });

    private static void ForAll(int cases, Action<PackingCase> holds) => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(cases).WithQuietOnSuccess(true),
        Prop.ForAll(Arbitraries.SmallCases(), small => holds(small.Case)));
}

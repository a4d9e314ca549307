using FsCheck;
using FsCheck.Fluent;
using PackingKit.Testing;
using Xunit;

namespace PackingKit.Tests;

/// <summary>
/// Every row of the catalogue keeps the contract, its guarantees and, where it has them, agrees with its oracle and span overloads.
/// </summary>
public class StrategyContractTests
{
    public static readonly MatrixTheoryData<string, string> RulesAndIds = new(StrategyContract.Rules, PackingStrategies.Ids);

    public static readonly TheoryData<string> Ids = [.. PackingStrategies.Ids];

    public static readonly TheoryData<string> SpanIds = [.. SpanOverload.Ids];

    [Theory, MemberData(nameof(RulesAndIds))]
    public void A_strategy_keeps_the_rule(string rule, string id)
    {
        var info = PackingStrategies.Find(id);
        StrategyContract.Check(rule, info.Create(), cases: info.IsSearch ? 20 : StrategyContract.DefaultCases);
    }

    [Theory, MemberData(nameof(Ids))]
    public void What_the_catalogue_says_is_proved_holds(string id)
    {
        var info = PackingStrategies.Find(id);
        ForAll(info.IsSearch ? 20 : 500, input =>
        {
            var unlimited = input with { MaxItemsPerBin = null };
            if (unlimited.Sizes.Length == 0)
                return;
            var (bins, optimum) = (info.Create().Pack(unlimited.ToProblem()).BinCount, BruteForce.Optimum(unlimited));
            foreach (var ratio in info.Guarantees)
                Assert.True(ratio.Holds(bins, optimum),
                    $"{id} needs {bins} bins where {ratio} is proved and OPT is {optimum}: {unlimited}");
        });
    }

    [Theory, MemberData(nameof(SpanIds))]
    public void The_span_overloads_give_the_packing(string id) => ForAll(200, input =>
    {
        var expected = PackingStrategies.Create(id).Pack(input.ToProblem()).Packing;
        var (binOfItem, offsets, items) = (new int[input.Sizes.Length], new int[input.Sizes.Length + 1], new int[input.Sizes.Length]);
        var bins = SpanOverload.Assign<long>(id, input.Sizes, input.Limits, binOfItem);
        Assert.Equal((expected.BinCount, expected.BinCount),
            (bins, SpanOverload.Rows<long>(id, input.Sizes, input.Limits, offsets, items)));
        Assert.Equal(expected.BinOfItem, binOfItem);
        Assert.Equal(expected.BinOffsets, offsets.AsSpan(0, bins + 1));
        Assert.Equal(expected.ItemIndices, items);
    });

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

using FsCheck.Xunit;
using PackingKit.Testing;
using Xunit;

namespace PackingKit.Tests;

/// <summary>Every row of the catalogue keeps both contracts, and agrees with its oracle where there is one.</summary>
[Properties(Arbitrary = [typeof(Arbitraries)], MaxTest = 300)]
public class ConstrainedContractTests
{
    public static readonly MatrixTheoryData<string, string> RulesAndIds = new(ConstrainedContract.Rules, ConstrainedStrategies.Ids);

    public static readonly MatrixTheoryData<string, string> PlainRulesAndIds = new(StrategyContract.Rules, ConstrainedStrategies.Ids);

    [Theory, MemberData(nameof(RulesAndIds))]
    public void A_strategy_keeps_the_rule(string rule, string id)
    {
        if (id == "exact")
            ConstrainedContract.Check(rule, ConstrainedStrategies.Create(id), cases: 60, maxItems: 12);
        else
            ConstrainedContract.Check(rule, ConstrainedStrategies.Create(id));
    }

    /// <summary>One resource and no rule but an item limit is a plain problem, and the contract of plain strategies holds.</summary>
    [Theory, MemberData(nameof(PlainRulesAndIds))]
    public void On_plain_problems_a_strategy_keeps_the_contract_of_plain_ones(string rule, string id)
    {
        var plain = new Plain(ConstrainedStrategies.Create(id));
        if (id == "exact")
            StrategyContract.Check(rule, plain, cases: 20, maxItems: 20);
        else
            StrategyContract.Check(rule, plain);
    }

    [Property]
    public void One_resource_without_rules_gives_the_bins_of_first_and_best_fit_decreasing(PackingCase of)
    {
        var problem = of.ToProblem();
        var (firstFit, bestFit) = (new FirstFitDecreasing().Pack(problem).Packing, new BestFitDecreasing().Pack(problem).Packing);
        Assert.Equal(firstFit.BinOfItem, Bins(new ConstrainedFirstFit()));
        Assert.Equal(firstFit.BinOfItem, Bins(new DotProductGreedy()));
        Assert.Equal(bestFit.BinOfItem, Bins(new ConstrainedBestFit()));

        ReadOnlySpan<int> Bins(IConstrainedStrategy strategy) => strategy.Pack(ConstrainedProblem.Of(problem)).BinOfItem;
    }

    [Property]
    public void Heuristics_fill_bins_as_their_definitions_read(ConstrainedCase of)
    {
        of = of.Small(items: 40);
        var problem = (of with { Rules = of.Rules with { MinLoads = [] } }).ToProblem();
        Assert.Equal(NaiveConstrained.FirstFit(of), new ConstrainedFirstFit().Pack(problem).BinOfItem);
        Assert.Equal(NaiveConstrained.BestFit(of), new ConstrainedBestFit().Pack(problem).BinOfItem);
        Assert.Equal(NaiveConstrained.DotProduct(of), new DotProductGreedy().Pack(problem).BinOfItem);
    }

    /// <summary>Run to its end, the search knows the optimum or that there is none.</summary>
    [Property(MaxTest = 150)]
    public void The_search_finds_what_trying_every_packing_finds(ConstrainedCase of)
    {
        var small = of.Small();
        var result = new ConstrainedExact().Pack(small.ToProblem());
        if (NaiveConstrained.Optimum(small) is { } optimum)
            Assert.Equal((optimum, (long)optimum, ConstrainedStatus.Optimal), (result.BinCount, result.Bound.Bins, result.Status));
        else
            Assert.Equal(ConstrainedStatus.Infeasible, result.Status);
    }

    [Property(MaxTest = 100)]
    public void Each_model_of_the_search_knows_the_optimum(ConstrainedCase of)
    {
        var small = of.Small(items: 7);
        var (problem, optimum) = (small.ToProblem(), NaiveConstrained.Optimum(small));
        if (problem.Units.Count == 0)
            return;
        IConstrainedModel?[] models =
        [
            PatternCoverModel.TryBuild(problem.Units, problem.Units.Count, bound: 1, default),
            ConstrainedModel.TryBuild(problem.Units, problem.Units.Count, bound: 1, default),
        ];
        foreach (var model in models)
        {
            var (binOfUnit, bound, isComplete) = model!.Solve(SearchOptions.Default, TimeSpan.Zero, default);
            Assert.Equal((optimum, true), (ConstrainedRun.Count(binOfUnit), isComplete));
            Assert.Equal(optimum ?? problem.Units.Count + 1, bound);
        }
    }

    /// <summary>A strategy for constrained problems as one for plain problems.</summary>
    private sealed class Plain(IConstrainedStrategy strategy) : IPackingStrategy
    {
        public string Id => strategy.Id;

        public PackingResult Pack(
            PackingProblem problem, IProgress<PackingProgress>? progress = null, CancellationToken cancellationToken = default)
        {
            ArgumentNullException.ThrowIfNull(problem);
            var result = strategy.Pack(ConstrainedProblem.Of(problem), cancellationToken);
            return new PackingResult { Problem = problem, Packing = result.ToPacking(), Bound = result.Bound, Strategy = Id };
        }
    }
}

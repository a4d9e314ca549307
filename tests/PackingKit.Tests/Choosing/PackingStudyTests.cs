using FsCheck.Xunit;
using PackingKit.Testing;
using Xunit;

namespace PackingKit.Tests;

[Properties(Arbitrary = [typeof(Arbitraries)], MaxTest = 20)]
public class PackingStudyTests
{
    /// <summary>As little timing as there can be: these tests are of bins.</summary>
    private static readonly StudyOptions Once = new() { Repeats = 1, Orders = 1 };

    [Property]
    public void Each_strategy_is_told_as_it_packs_alone_and_the_one_with_the_fewest_bins_is_taken(SmallCase input)
    {
        var problem = input.Case.ToProblem();
        var study = PackingStudy.Run(problem, Once);
        Assert.Equal(PackingStrategies.All.Where(info => !info.IsSearch), study.Trials.Select(trial => trial.Strategy));
        foreach (var trial in study.Trials)
        {
            var result = trial.Strategy.Create().Pack(problem);
            Assert.Equal((long)result.BinCount, trial.Bins);
            Assert.Equal(trial.Bins - study.Bound.Bins, trial.Gap);
            Assert.True(trial.Gap >= 0 && trial.RelativeTime >= 1);
            Assert.Equal(result.Fill, trial.Fill, 9);
            Assert.Equal((long)result.BinCount, trial.Loads.Count);
            Assert.Equal(result.Packing.Bins.Select(bin => result.Load(bin.Index)).DefaultIfEmpty().Min(), trial.Loads.Min);
            if (trial.Order is { } order)
                Assert.True(trial.Strategy.IsOnline && order.Orders == 4 && order.Fewest <= trial.Bins && trial.Bins <= order.Most);
            else
                Assert.False(trial.Strategy.IsOnline);
        }
        Assert.Equal(study.Trials.Min(trial => trial.Bins), study.Recommended.Bins);
        Assert.True(study.Recommended.Bins >= BruteForce.Optimum(input.Case) && study.Bound.Bins <= BruteForce.Optimum(input.Case));
    }

    [Property]
    public void Without_items_the_same_is_planned(SmallCase input)
    {
        var planned = PackingStudy.Run(input.Case.ToHistogram(), input.Case.Limits, Once);
        var packed = PackingStudy.Run(input.Case.ToProblem(), Once);
        Assert.False(planned.ByItems);
        Assert.Equal(
            packed.Trials.Where(trial => !trial.Strategy.IsOnline).Select(trial => (trial.Strategy.Id, trial.Bins, trial.Loads)),
            planned.Trials.Select(trial => (trial.Strategy.Id, trial.Bins, trial.Loads)));
    }

    [Property]
    public void Other_limits_are_planned_as_if_they_were_the_only_ones(SmallCase input)
    {
        var problem = input.Case.ToProblem();
        long[] capacities = [input.Case.Capacity, .. input.Case.Capacity > long.MaxValue / 2 ? [] : (long[])[2 * input.Case.Capacity]];
        var study = PackingStudy.Run(problem, Once with { Strategies = ["bfd"], Capacities = [.. capacities], ItemLimits = [2] });
        Assert.Equal(capacities, study.Capacities.Select(each => each.Limits.Capacity));
        foreach (var tried in study.Capacities.Concat(study.ItemLimits))
        {
            var result = new BestFitDecreasing().Pack(PackingProblem.Create(input.Case.Sizes, tried.Limits));
            Assert.Equal((long)result.BinCount, tried.Bins);
            Assert.Equal(1 - result.Fill, tried.Padding, 9); // bfd alone was tried
            Assert.True(tried.Bound.Bins >= result.Bound.Bins && tried.Bound.Bins <= tried.Bins);
        }
    }

    [Fact]
    public void What_is_recommended_has_its_rules_and_numbers()
    {
        // Bins of 10 hold 6 + 4 or 7 + 3; of 13, 7 + 6 and 4 + 3.
        var study = PackingStudy.Run(PackingProblem.Create([3, 4, 6, 7], 10), Once with { Capacities = [20] });
        Finding Of(string rule) => Assert.Single(study.Recommendation, finding => finding.Rule == rule);
        Assert.Equal((2.0, 20.0), (Of("take").Number, Of("no-bins").Number));
        Assert.Contains("2 bins, and no packing has fewer", Of("take").Words);
        Assert.DoesNotContain(study.Recommendation, finding => finding.Rule is "exact" or "capacity");

        var wasteful = PackingStudy.Run(PackingProblem.Create([6, 6, 6, 6], 10), Once with { Capacities = [12, 13] });
        var capacity = Assert.Single(wasteful.Recommendation, finding => finding.Rule == "capacity");
        Assert.Equal((0.0, "A capacity of 12 instead of 10 would cut padding from 40.0 % to 0.0 %."), (capacity.Number, capacity.Words));
    }

    [Fact]
    public void What_an_exact_strategy_could_save_is_said_and_where_it_ran_what_it_saved()
    {
        // Ten bins of three; heuristics need more.
        var problem = ProblemGenerators.FalkenauerTriplets(bins: 10, seed: 1).Problem;
        var quick = PackingStudy.Run(problem, Once with { Strategies = ["ffd"] });
        var open = Assert.Single(quick.Recommendation, finding => finding.Rule == "exact");
        Assert.Equal(quick.Recommended.Bins - 10.0, open.Number);
        Assert.True(open.Number > 0);

        var searched = PackingStudy.Run(
            problem, Once with { Strategies = ["ffd", "exact"], Search = new() { TimeLimit = TimeSpan.FromSeconds(20) } });
        Assert.Equal("ffd", searched.Recommended.Strategy.Id);
        Assert.Contains("the fewest that were found", quick.Recommendation[0].Words);
        Assert.Contains("the fewest without a search", searched.Recommendation[0].Words);
        var saved = Assert.Single(searched.Recommendation, finding => finding.Rule == "exact");
        Assert.Equal((open.Number, 1), (saved.Number, searched.Trials[1].Time.Runs));
        Assert.NotEmpty(searched.Trials[1].Progress);
    }

    [Fact]
    public void Other_limits_are_held_against_the_best_packing_that_a_search_found()
    {
        var problem = ProblemGenerators.FalkenauerTriplets(bins: 10, seed: 1).Problem; // ten full bins
        foreach (var strategies in (string[][])[["exact"], ["ffd", "exact"]])
        {
            var study = PackingStudy.Run(
                problem, Once with
                {
                    Strategies = [.. strategies],
                    Capacities = [3 * problem.Capacity],
                    Search = new() { TimeLimit = TimeSpan.FromSeconds(20) },
                });
            var here = Assert.Single(study.Capacities, each => each.Limits == problem.Limits);
            Assert.Equal((10L, 10L, 0.0), (here.Bins, here.Bound.Bins, here.Padding));
            Assert.DoesNotContain(study.Recommendation, finding => finding.Rule == "capacity");
        }
    }

    [Fact]
    public void Of_equal_strategies_the_same_is_taken_every_time()
    {
        StrategyTrial Trial(string id, long bins, double milliseconds) => new()
        {
            Strategy = PackingStrategies.Find(id),
            Bins = bins,
            Time = new(milliseconds, milliseconds, milliseconds, 5),
            Bound = default,
            StopReason = StopReason.Completed,
            Loads = Distribution.Of(SizeHistogram.Empty),
            Fill = 1,
        };
        string Best(params StrategyTrial[] trials) => PackingStudy.Best(trials).Strategy.Id;
        Assert.Equal("bfd", Best(Trial("auto", 5, 0.1), Trial("ffd", 5, 0.2), Trial("bfd", 5, 0.9)));
        Assert.Equal("ffd", Best(Trial("auto", 5, 0.1), Trial("ffd", 5, 0.2), Trial("bfd", 6, 0.1)));
        Assert.Equal("bfd", Best(Trial("ffd", 5, 100), Trial("bfd", 5, 199)));
        Assert.Equal("ffd", Best(Trial("ffd", 5, 100), Trial("bfd", 5, 201)));
    }

    [Theory]
    [InlineData("0 bins")]
    [InlineData("1 bin", 4)]
    [InlineData("1 bin", 0, 0)]
    [InlineData("1 bin", 4, 5)]
    public void Where_every_strategy_takes_one_bin_there_is_nothing_to_choose(string bins, params int[] sizes)
    {
        var finding = Assert.Single(PackingStudy.Run(PackingProblem.Create(sizes, 10), Once).Recommendation);
        Assert.Equal(("take", $"There is nothing to choose: every strategy takes {bins}."), (finding.Rule, finding.Words));
    }

    [Fact]
    public void What_is_slow_for_so_many_sizes_is_tried_only_by_name()
    {
        var sizes = SizeHistogram.Of([.. Enumerable.Range(1, 10_001)]);
        var study = PackingStudy.Run(sizes, 20_000, Once);
        Assert.Equal(["mbs", "mbs-prime"], study.LeftOut);
        Assert.DoesNotContain(study.Trials, trial => trial.Strategy.Id.StartsWith("mbs", StringComparison.Ordinal));
        Assert.Single(PackingStudy.Run(sizes, 20_000, Once with { Strategies = ["mbs-prime"], Capacities = [] }).Trials);
        Assert.Empty(PackingStudy.Run(SizeHistogram.Of([1, 2]), 10, Once).LeftOut);
    }

    [Fact]
    public void Order_matters_to_those_that_take_items_as_they_come()
    {
        // As given next-fit needs a bin for each pair of neighbours that fill it; sorted it does not.
        var study = PackingStudy.Run(
            PackingProblem.Create([.. Enumerable.Repeat((int[])[6, 5], 20).SelectMany(pair => pair)], 11),
            Once with { Strategies = ["nf"] });
        var order = study.Trials[0].Order!.Value;
        Assert.Equal((20L, 4), (order.Fewest, order.Orders));
        Assert.Equal(30L, order.Most); // twenty sixes alone, twenty fives in pairs
    }

    [Fact]
    public void Time_is_taken_of_parts_and_trials_are_reported_as_they_come()
    {
        var reports = new List<ValueList<StrategyTrial>>();
        var study = PackingStudy.Run(
            PackingProblem.Create(RandomSizes.Uniform(2000, 1, 100, seed: 1), 100), Once with { Strategies = ["bfd", "nf"] },
            new Recording(reports));
        Assert.Equal([1, 2, 2, 2], reports.Select(trials => trials.Count));
        foreach (var trial in study.Trials)
        {
            Assert.Equal([250L, 500, 1000, 2000], trial.Growth.Select(point => point.Items));
            Assert.NotNull(trial.GrowthExponent);
            Assert.True(trial.Time.LowerQuartile <= trial.Time.Median && trial.Time.Median <= trial.Time.UpperQuartile);
        }
    }

    [Fact]
    public void What_cannot_be_studied_is_refused()
    {
        var problem = PackingProblem.Create([1, 2], 10);
        Refused.Null("problem", () => PackingStudy.Run(null!));
        Assert.Contains("'bdf'", Assert.Throws<ArgumentException>(() => PackingStudy.Run(problem, new() { Strategies = ["bdf"] })).Message);
        Assert.Throws<ArgumentException>(() => PackingStudy.Run(problem, new() { Strategies = [] }));
        Assert.Contains("'nf'", Assert.Throws<ArgumentException>(
            () => PackingStudy.Run(problem.Histogram, 10, new() { Strategies = ["nf"] })).Message);
        Refused.OutOfRange("Repeats", () => new StudyOptions { Repeats = 0 });
        Assert.Throws<OperationCanceledException>(() => PackingStudy.Run(problem, cancellationToken: new(canceled: true)));
    }

    private sealed class Recording(List<ValueList<StrategyTrial>> reports) : IProgress<ValueList<StrategyTrial>>
    {
        public void Report(ValueList<StrategyTrial> value) => reports.Add(value);
    }
}

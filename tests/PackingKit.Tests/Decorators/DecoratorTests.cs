using System.Diagnostics;
using FsCheck.Xunit;
using PackingKit.Testing;
using Xunit;

namespace PackingKit.Tests;

[Properties(Arbitrary = [typeof(Arbitraries)], MaxTest = 150)]
public class DecoratorTests
{
    private static readonly PackingProblem Three = PackingProblem.Create([6, 5, 4], 10);

    private sealed class Stub(
        string name, Func<PackingProblem, IProgress<PackingProgress>?, CancellationToken, PackingResult> pack) : IPackingStrategy
    {
        public string Id => name;

        public int Runs { get; private set; }

        public PackingResult Pack(
            PackingProblem problem, IProgress<PackingProgress>? progress = null, CancellationToken cancellationToken = default)
        {
            Runs++;
            return pack(problem, progress, cancellationToken);
        }
    }

    private sealed class Recorder : List<PackingProgress>, IProgress<PackingProgress>
    {
        public void Report(PackingProgress value) => Add(value);
    }

    [Property]
    public void The_best_of_several_has_the_fewest_bins_and_the_highest_bound(PackingCase of)
    {
        var problem = of.ToProblem();
        IPackingStrategy[] strategies = [new NextFit(), new FirstFit(), new WorstFitDecreasing(), new BestFitDecreasing()];
        var alone = strategies.Select(strategy => strategy.Pack(problem)).ToArray();
        var together = new BestOf(strategies).Pack(problem);
        Assert.Equal(alone.Min(result => result.BinCount), together.BinCount);
        Assert.Equal(alone.Max(result => result.Bound.Bins), together.Bound.Bins);
        Assert.Empty(PackingValidator.Validate(problem, together.Packing));
        Assert.Equal("best-of(nf,ff,wfd,bfd)", together.Strategy);
    }

    [Fact]
    public void The_best_of_several_takes_packing_and_bound_from_different_strategies_and_then_stops()
    {
        var good = Result(Three, [0, 1, 0], bins: 2) with { Bound = new(1, "weak") };
        var sure = Result(Three, [0, 1, 2], bins: 3) with { Bound = new(2, "strong", new([6, 5], [1, 1], 1, 2)) };
        var third = new Stub("third", (_, _, _) => throw new InvalidOperationException());
        var result = new BestOf(new Stub("good", (_, _, _) => good), new Stub("sure", (_, _, _) => sure), third).Pack(Three);
        Assert.Equal((2, 2L, "strong", StopReason.BoundReached),
            (result.BinCount, result.Bound.Bins, result.Bound.Rule, result.StopReason));
        Assert.NotNull(result.Bound.Prices);
        Assert.Equal(0, third.Runs);
    }

    [Fact]
    public void Progress_of_the_best_of_several_never_goes_back()
    {
        Stub Telling(string name, long bins, long bound) => new(name, (problem, progress, _) =>
        {
            progress!.Report(new PackingProgress(name, bins, bound, TimeSpan.Zero));
            return Result(problem, [0, 1, 2], bins: 3) with { Bound = new(bound, "told") };
        });
        var recorder = new Recorder();
        new BestOf(Telling("a", 3, 2), Telling("b", 9, 1)).Pack(Three, recorder);
        Assert.Equal([(3L, 2L), (3L, 2L)], recorder.Select(report => (report.Bins, report.LowerBound)));
    }

    [Fact]
    public void A_portfolio_without_strategies_is_refused()
    {
        Assert.Throws<ArgumentException>(() => new BestOf());
        Assert.Contains(
            "Strategy 1", Assert.Throws<ArgumentException>(() => new BestOf(new NextFit(), null!)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_fallback_packs_where_the_first_strategy_throws()
    {
        var broken = new Stub("broken", (_, _, _) => throw new InvalidOperationException());
        var fallback = new Fallback(broken, new BestFitDecreasing());
        Assert.Equal("fallback(broken,bfd)", fallback.Id);
        Assert.Equal(("bfd", 2), (fallback.Pack(Three).Strategy, fallback.Pack(Three).BinCount));
        Assert.Equal("nf", new Fallback(new NextFit(), broken).Pack(Three).Strategy);
    }

    [Fact]
    public void A_fallback_packs_where_the_first_strategy_takes_too_long()
    {
        var slow = new Stub("slow", (problem, _, token) =>
        {
            token.WaitHandle.WaitOne();
            token.ThrowIfCancellationRequested();
            return Result(problem, [0, 1, 2], bins: 3);
        });
        var clock = Stopwatch.StartNew();
        Assert.Equal("bfd", new Fallback(slow, new BestFitDecreasing(), TimeSpan.FromMilliseconds(50)).Pack(Three).Strategy);
        Assert.InRange(clock.Elapsed.TotalSeconds, 0.03, 5);
    }

    [Fact]
    public void A_fallback_lets_the_callers_cancellation_through()
    {
        using var source = new CancellationTokenSource();
        var cancelled = new Stub("cancelled", (_, _, token) =>
        {
            source.Cancel();
            token.ThrowIfCancellationRequested();
            throw new InvalidOperationException();
        });
        var second = new Stub("second", (problem, _, _) => Result(problem, [0, 1, 2], bins: 3));
        Assert.ThrowsAny<OperationCanceledException>(() => new Fallback(cancelled, second).Pack(Three, progress: null, source.Token));
        Assert.Equal(0, second.Runs);
    }

    [Property]
    public void Validation_passes_what_holds(PackingCase of)
    {
        var problem = of.ToProblem();
        var result = new Validated(new BestFit()).Pack(problem);
        Assert.True(new BestFit().Pack(problem).Packing.BinOfItem.SequenceEqual(result.Packing.BinOfItem));
    }

    [Fact]
    public void Validation_refuses_an_overfull_bin_and_a_bound_above_the_bins()
    {
        var overfull = new Stub("overfull", (problem, _, _) => Result(problem, [0, 0, 1], bins: 2));
        var thrown = Assert.Throws<InvalidPackingException>(() => new Validated(overfull).Pack(Three));
        Assert.Equal([new PackingViolation.OverCapacity(0, 11, 10)], thrown.Violations);
        Assert.Contains("overfull", thrown.Message, StringComparison.Ordinal);

        var boastful = new Stub("boastful", (problem, _, _) => Result(problem, [0, 1, 0], bins: 2) with { Bound = new(3, "boast") });
        Assert.IsType<PackingViolation.WrongFigure>(
            Assert.Single(Assert.Throws<InvalidPackingException>(() => new Validated(boastful).Pack(Three)).Violations));
    }

    private static PackingResult Result(PackingProblem problem, int[] binOfItem, int bins) => new()
    {
        Problem = problem,
        Packing = Packing.FromAssignment(binOfItem, bins),
        Bound = LowerBounds.Best(problem.Histogram, problem.Limits),
        Strategy = "stub",
    };

    [Fact]
    public void A_fallback_waits_longer_than_a_timer_can()
    {
        var fallback = new Fallback(new BestFitDecreasing(), new NextFit(), TimeSpan.FromDays(60));
        Assert.Equal("bfd", fallback.Pack(PackingProblem.Create([1, 2], 3)).Strategy);
    }

    [Fact]
    public void A_fallback_answers_soon_after_its_limit()
    {
        // So many distinct sizes that `fill2` alone takes many seconds.
        int[] sizes = [.. RandomSizes.Uniform(60_000, 200_000_000, 500_000_000, seed: 1)];
        var clock = Stopwatch.StartNew();
        var result = new Fallback(new FillTwo(), new BestFitDecreasing(), TimeSpan.FromSeconds(0.3))
            .Pack(PackingProblem.Create(sizes, 1_000_000_000));
        Assert.Equal("bfd", result.Strategy);
        Assert.InRange(clock.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(3));
    }
}

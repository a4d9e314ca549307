using System.Diagnostics;
using PackingKit.Testing;
using Xunit;

namespace PackingKit.Tests;

/// <summary>Arguments at the ends of their ranges, and parts that are missing, are refused by name and before any work.</summary>
public class HostileArgumentTests
{
    [Theory]
    [InlineData("ss")]
    [InlineData("ff")]
    [InlineData("bf")]
    [InlineData("wf")]
    public void Online_strategies_hear_a_token_that_is_cancelled_in_their_midst(string id)
    {
        // All different and two to a bin: the longest that `ss` can take.
        var problem = PackingProblem.Create(RandomSizes.Uniform(id == "ss" ? 400_000 : 6_000_000, 1, 999_999, seed: 1), 1_000_000);
        using var cancel = new CancellationTokenSource(TimeSpan.FromMilliseconds(100));
        var clock = Stopwatch.StartNew();
        Assert.ThrowsAny<OperationCanceledException>(
            () => PackingStrategies.Create(id).Pack(problem, progress: null, cancel.Token));
        Assert.InRange(clock.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(3));
    }

    [Fact]
    public void Items_outside_a_problem_are_named()
    {
        var problem = PackingProblem.Create([1, 2], 3);
        Refused.OutOfRange("item", () => problem[-1], "There is no item -1, only 0..1.");
        Refused.OutOfRange("item", () => problem[2]);
    }

    [Fact]
    public void Missing_parts_are_named()
    {
        var problem = PackingProblem.Create([1, 2], 3);
        var certificate = PackingCertificate.Of(new BestFit().Pack(problem));
        foreach (var patterns in (ValueList<PackingPattern>[])[[null!], [new PackingPattern(null!)]])
        {
            var verdict = CertificateChecker.Check(problem, certificate with { Patterns = patterns });
            Assert.Equal((CertificateStatus.Refused, "Pattern 0 is missing."), (verdict.Status, verdict.Reason));
        }
        var options = new StreamingPacker(new StreamingOptions { Capacity = 5 }).Options;
        Refused.Wrong("state", () => StreamingPacker.Resume(new StreamingState(options, 0, null!, null!)));
        Refused.Wrong("stock", () => CuttingStock.Solve(SizeHistogram.Of([1]), [null!]), "Bin 0 is null.");
        Refused.Wrong("strategies", () => StrategyComparison.Run([null!], [problem]), "Strategy 0 is null.");
        Refused.Wrong("problems", () => StrategyComparison.Run([new BestFit()], [null!]), "Problem 0 is null.");
    }

    [Fact]
    public void Numbers_beyond_what_memory_can_hold_are_refused_at_once()
    {
        foreach (var strategy in (IBalancingStrategy[])[new LongestProcessingTime(), new LargestDifferencing(), new BalancedDifferencing()])
            Refused.OutOfRange("bins", () => strategy.Balance([1], int.MaxValue));
        Refused.OutOfRange("lengths", () => SequenceLengths.Cut([int.MaxValue], 1), "With document 0 there are 2147483647 pieces");
        Refused.OutOfRange("histogram", () => SequenceLengths.Shuffled(SizeHistogram.FromCounts([new(1, 1L << 40)]), 1));
        Refused.OutOfRange("histogram", () => SequenceLengths.Shuffled(SizeHistogram.FromCounts([new(1L << 40, 1)]), 1));
        Refused.OutOfRange("bins", () => ProblemGenerators.FalkenauerTriplets(int.MaxValue, 1));
        Assert.Equal(3, ProblemGenerators.QuarterToHalfTriplets(1, int.MaxValue, 1).Problem.ItemCount);
    }

    [Fact]
    public void Figures_of_values_that_anybody_can_make_do_not_wrap()
    {
        Assert.Throws<OverflowException>(() => new PackingPattern([new(long.MaxValue, long.MaxValue)]).Load);
        Assert.Throws<OverflowException>(() => new NpyHeader(8, true, false, [65536, 65536]).Count);
        Assert.Throws<OverflowException>(() => new NpyHeader(8, true, false, [-1, -5]).Count);
        Assert.Equal(0, default(NpyHeader).Count);
    }

    [Fact]
    public void A_layout_that_does_not_exist_is_refused()
    {
        using var reader = new StringReader("1");
        Refused.OutOfRange("format", () => SizeReader.Read(reader, (SizeFormat)99));
    }

    [Fact]
    public void Json_of_something_else_is_refused_without_names_of_types()
    {
        var refused = Assert.Throws<FormatException>(() => PackingRecord.FromJson("[1]"));
        Assert.DoesNotContain("PackingKit.", refused.Message, StringComparison.Ordinal);
        Assert.Contains("line 1", refused.Message, StringComparison.Ordinal);
    }
}

using FsCheck.Xunit;
using PackingKit.Testing;
using Xunit;

namespace PackingKit.Tests;

[Properties(Arbitrary = [typeof(Arbitraries)], MaxTest = 150)]
public class CpSatTests
{
    /// <summary>Issue 15 of the Python package prtpy, whose bin completion answered 4 bins.</summary>
    private static readonly long[] Prtpy15 = [44, 6, 24, 6, 24, 8, 22, 8, 17, 21];

    private sealed class Recorder : IProgress<PackingProgress>
    {
        public List<PackingProgress> Reports { get; } = [];

        public void Report(PackingProgress value)
        {
            lock (Reports)
                Reports.Add(value);
        }
    }

    [Property]
    public void Equals_brute_force_and_proves_it(SmallCase small)
    {
        var problem = small.Case.ToProblem();
        var result = new CpSat().Pack(problem);
        Assert.Empty(PackingValidator.Validate(problem, result.Packing));
        var optimum = BruteForce.Optimum(small.Case);
        if (result.StopReason == StopReason.WorkLimit)
        {
            Assert.True(small.Case.Capacity > int.MaxValue, "Only huge numbers are left to best-fit decreasing.");
            Assert.InRange(optimum, result.LowerBound, result.BinCount);
            return;
        }
        Assert.Equal((optimum, PackingStatus.Optimal), (result.BinCount, result.Status));
    }

    [Fact]
    public void Proves_three_bins_where_best_fit_decreasing_needs_more()
    {
        var problem = PackingProblem.Create(Prtpy15, 60);
        var result = new CpSat().Pack(problem);
        Assert.Equal((3, PackingStatus.Optimal), (result.BinCount, result.Status));
    }

    [Fact]
    public void Proves_a_bound_that_no_cheap_rule_gives()
    {
        // Ten items of 4 in bins of 11: two a bin, so 5 bins, where total size over capacity says 4.
        var problem = PackingProblem.Create([4, 4, 4, 4, 4, 4, 4, 4, 4, 4], 11);
        Assert.Equal(4, LowerBounds.L2(problem.Histogram, 11));
        var result = new CpSat().Pack(problem);
        Assert.Equal((5, PackingStatus.Optimal), (result.BinCount, result.Status));
    }

    [Fact]
    public void Progress_is_monotone_and_ends_at_the_result()
    {
        var problem = PackingProblem.Create(Triplets(6, seed: 3), 1000);
        var recorder = new Recorder();
        var result = new CpSat(new SearchOptions { TimeLimit = TimeSpan.FromSeconds(10) }).Pack(problem, recorder);
        Assert.NotEmpty(recorder.Reports);
        foreach (var (before, after) in recorder.Reports.Zip(recorder.Reports.Skip(1)))
        {
            Assert.True(after.Bins <= before.Bins);
            Assert.True(after.LowerBound >= before.LowerBound);
        }
        Assert.Equal(result.BinCount, recorder.Reports[^1].Bins);
    }

    [Fact]
    public void A_seed_repeats_the_packing()
    {
        var problem = PackingProblem.Create(Triplets(5, seed: 9), 1000);
        var options = new SearchOptions { Seed = 4 };
        var first = new CpSat(options).Pack(problem);
        var second = new CpSat(options).Pack(problem);
        Assert.True(first.Packing.BinOfItem.SequenceEqual(second.Packing.BinOfItem));
    }

    [Fact]
    public void A_time_limit_leaves_a_valid_packing_with_a_bound()
    {
        var problem = PackingProblem.Create(Triplets(40, seed: 1), 1000);
        var result = new CpSat(new SearchOptions { TimeLimit = TimeSpan.FromSeconds(0.5) }).Pack(problem);
        Assert.Empty(PackingValidator.Validate(problem, result.Packing));
        Assert.True(result.LowerBound is >= 40 && result.LowerBound <= result.BinCount);
        Assert.True(result.BinCount <= new BestFitDecreasing().Pack(problem).BinCount);
        Assert.True(result.Status == PackingStatus.Optimal || result.StopReason == StopReason.TimeLimit);
    }

    [Fact]
    public void A_cancelled_search_throws()
    {
        var problem = PackingProblem.Create(Triplets(60, seed: 2), 1000);
        using var source = new CancellationTokenSource(TimeSpan.FromSeconds(0.3));
        Assert.ThrowsAny<OperationCanceledException>(() => new CpSat().Pack(problem, progress: null, source.Token));
    }

    [Fact]
    public void Numbers_beyond_the_solver_are_answered_by_best_fit_decreasing()
    {
        const long capacity = long.MaxValue / 4;
        long[] sizes = [(capacity / 2) - 1, (capacity / 3) + 1, (capacity / 3) + 3, (capacity / 2) - 5, (capacity / 3) - 7];
        var result = new CpSat().Pack(PackingProblem.Create(sizes, capacity));
        Assert.True(result.Status == PackingStatus.Optimal || result.StopReason == StopReason.WorkLimit);
        Assert.Equal(new BestFitDecreasing().Pack(PackingProblem.Create(sizes, capacity)).BinCount, result.BinCount);
    }

    /// <summary>Triples that fill a bin of 1000 exactly, shuffled: the optimum is known, and best-fit decreasing misses it.</summary>
    private static long[] Triplets(int bins, int seed)
    {
        var random = new Random(seed);
        List<long> sizes = [];
        for (var bin = 0; bin < bins; bin++)
        {
            var largest = random.Next(380, 490);
            var middle = random.Next(250, (1000 - largest) / 2 + 1);
            sizes.AddRange([largest, middle, 1000 - largest - middle]);
        }
        var shuffled = sizes.ToArray();
        random.Shuffle(shuffled);
        return shuffled;
    }
}

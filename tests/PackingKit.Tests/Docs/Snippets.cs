using System.Diagnostics;
using Xunit;

namespace PackingKit.Tests;

/// <summary>
/// The code that README.md and docs/ show: each region stands there as it stands here, and what it claims is asserted after it.
/// </summary>
public class Snippets
{
    [Fact]
    public void Lengths_into_bins()
    {
        #region concepts: problem and result
        int[] lengths = [1200, 700, 600, 400, 90];
        PackingResult result = new BestFitDecreasing().Pack(PackingProblem.Create(lengths, new BinLimits(2048, maxItems: 4)));

        foreach (var bin in result.Packing.Bins)
            Console.WriteLine($"bin {bin.Index}: items {string.Join(", ", bin)}");
        Console.WriteLine($"{result}: {result.Status}"); // 2 bins, bound 2 (L1), fill 73.00 %: Optimal
        #endregion
        Assert.Equal((2, PackingStatus.Optimal), (result.BinCount, result.Status));
    }

    [Fact]
    public void Things_of_your_own()
    {
        #region concepts: things
        string[] words = ["cherry", "apple", "pear", "fig", "ox"];
        var packed = words.Pack(word => word.Length, 10);
        var firstBin = packed[0]; // cherry, pear
        #endregion
        Assert.Equal(["cherry", "pear"], firstBin);
    }

    [Fact]
    public void Real_sizes()
    {
        #region concepts: real sizes
        var metres = PackingProblem.FromReal([1.25, 0.8, 2.1], 3.0);
        var millimetres = PackingProblem.Create([1250, 800, 2100], 3000);
        #endregion
        Assert.Equal(2, new BestFitDecreasing().Pack(metres).BinCount);
        Assert.Equal(2, new BestFitDecreasing().Pack(millimetres).BinCount);
    }

    [Fact]
    public void Shards()
    {
        #region concepts: shards
        int[] first = [5, 3, 5, 2], second = [3, 5, 5];
        SizeHistogram ofFirst = SizeHistogram.Of(first), all = ofFirst + SizeHistogram.Of(second);
        PackingPlan plan = new BestFitDecreasing().Plan(all, 10).Plan;
        foreach (var pattern in plan.Patterns)
            Console.WriteLine(pattern); // 2 bins of 2 x 5, ...

        long[] binsOfFirst = new long[4], binsOfSecond = new long[3];
        plan.DealShard(first, before: SizeHistogram.Empty, binsOfFirst); // 0, 2, 0, 2
        plan.DealShard(second, before: ofFirst, binsOfSecond);           // 2, 1, 1
        #endregion
        Assert.Equal([2, 1], plan.Patterns.Select(pattern => pattern.Multiplicity));
        Assert.Equal([0, 2, 0, 2], binsOfFirst);
        Assert.Equal([2, 1, 1], binsOfSecond);
    }

    [Fact]
    public void Bounds()
    {
        #region concepts: bounds
        SizeHistogram histogram = SizeHistogram.Of([6, 6, 6, 1]);
        long l1 = LowerBounds.L1(histogram, 10); // 2: the total is 19
        long l2 = LowerBounds.L2(histogram, 10); // 3: no two sixes share a bin
        #endregion
        Assert.Equal((2, 3), (l1, l2));
    }

    [Fact]
    public void Many_problems()
    {
        #region concepts: many problems
        PackingProblem[] problems =
        [
            .. Enumerable.Range(0, 200).Select(seed => PackingProblem.Create(RandomSizes.Uniform(40, 20, 100, seed), 150)),
        ];
        var strategy = new ExactPacking(new SearchOptions { TimeLimit = TimeSpan.FromSeconds(10) });
        var results = new PackingResult[problems.Length];
        var cores = new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount };
        Parallel.For(0, problems.Length, cores, i => results[i] = strategy.Pack(problems[i]));
        #endregion
        Assert.All(results, result => Assert.Equal(PackingStatus.Optimal, result.Status));
    }

    [Fact]
    public void The_span_overload()
    {
        #region concepts: span overload
        ReadOnlySpan<int> sizes = [6, 5, 4, 3, 2];
        Span<int> binOfItem = stackalloc int[5];
        int bins = FirstFitDecreasing.Assign(sizes, 10, binOfItem);
        #endregion
        Assert.Equal(2, bins);
        Assert.Equal([0, 1, 0, 1, 1], binOfItem.ToArray());
    }

    [Fact]
    public void Validation()
    {
        #region concepts: validation
        var problem = PackingProblem.Create([6, 5, 4], 10);
        var violations = PackingValidator.Validate(problem, binOffsets: [0, 2, 3], itemIndices: [0, 1, 2]);
        Console.WriteLine(violations[0]); // OverCapacity { Bin = 0, Load = 11, Capacity = 10 }
        #endregion
        Assert.Equal("OverCapacity { Bin = 0, Load = 11, Capacity = 10 }", violations[0].ToString());
    }

    /// <summary>The example of every heuristic's page: <see cref="CodeBlockTests"/> puts in the strategy and its number of bins.</summary>
    [Fact]
    public void The_example_of_the_heuristics()
    {
        #region strategies: example
        var problem = PackingProblem.Create([2, 4, 7, 5, 6, 8, 4, 1], 10);
        var result = new BestFitDecreasing().Pack(problem); // 4 bins
        #endregion
        Assert.Equal(4, result.BinCount);
    }

    [Fact]
    public void Cp_sat()
    {
        #region cp-sat
        var problem = PackingProblem.Create([44, 6, 24, 6, 24, 8, 22, 8, 17, 21], 60);
        var result = new CpSat(new SearchOptions { TimeLimit = TimeSpan.FromSeconds(30) }).Pack(problem); // 3 bins, proved
        #endregion
        Assert.Equal((3, PackingStatus.Optimal), (result.BinCount, result.Status));
        Assert.Equal(4, new BestFitDecreasing().Pack(problem).BinCount);
    }

    [Fact]
    public void Exact()
    {
        #region exact
        var problem = PackingProblem.Create([41, 34, 25, 40, 33, 27, 39, 32, 29], 100);
        var result = new ExactPacking(new SearchOptions { TimeLimit = TimeSpan.FromSeconds(10) }).Pack(problem); // 3 bins, proved
        #endregion
        Assert.Equal((3, PackingStatus.Optimal), (result.BinCount, result.Status));
        Assert.Equal(4, new BestFitDecreasing().Pack(problem).BinCount);
    }

    [Fact]
    public void Tight()
    {
        #region tight
        var histogram = SizeHistogram.FromCounts([new(41, 1_000_000), new(34, 1_000_000), new(25, 1_000_000), new(7, 3_000_000)]);
        var result = new TightPacking().Plan(histogram, 100); // 1,214,286 bins, proved, for six million items
        #endregion
        Assert.Equal((1_214_286L, PackingStatus.Optimal), (result.Plan.BinCount, result.Status));
        Assert.True(result.Plan.Patterns.Count < 100);
    }

    [Fact]
    public void Certificates()
    {
        var path = Path.GetTempFileName();
        var problem = PackingProblem.Create([44, 6, 24, 6, 24, 8, 22, 8, 17, 21], 60);
        var result = new ExactPacking().Pack(problem);
        #region certificates
        var certificate = PackingCertificate.Of(result);
        File.WriteAllText(path, CertificateJson.Write(certificate));
        // elsewhere, with the same sizes
        var verdict = CertificateChecker.Check(problem, CertificateJson.Read(File.ReadAllText(path)));
        Console.WriteLine($"{verdict.Status}: {verdict.Reason}");
        #endregion
        File.Delete(path);
        Assert.Equal((CertificateStatus.Verified, 3L), (verdict.Status, verdict.LowerBound));
    }

    [Fact]
    public void Decorators()
    {
        var problem = PackingProblem.Create([44, 6, 24, 6, 24, 8, 22, 8, 17, 21], 60);
        IProgress<PackingProgress>? progress = null;
        #region decorators
        var options = new SearchOptions { TimeLimit = TimeSpan.FromSeconds(2) };
        var strategy = new BestOf(
            new BestFitDecreasing(),
            new FirstFitDecreasing(),
            new Fallback(new Validated(new WorstFit()), new CpSat(options), TimeSpan.FromSeconds(1)));
        var result = strategy.Pack(problem, progress);
        #endregion
        Assert.Empty(PackingValidator.Validate(problem, result.Packing));
    }

    [Fact]
    public void Observed_strategies()
    {
        var problem = PackingProblem.Create([44, 6, 24, 6, 24, 8, 22, 8, 17, 21], 60);
        #region observed
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == Observed.SourceName,
            Sample = (ref _) => ActivitySamplingResult.AllData,
            ActivityStopped = activity => Console.WriteLine(
                $"{activity.GetTagItem("packingkit.strategy")}: {activity.GetTagItem("packingkit.bins")} bins"
                + $" of at least {activity.GetTagItem("packingkit.bound")} in {activity.Duration.TotalMilliseconds} ms"),
        };
        ActivitySource.AddActivityListener(listener);
        var result = new Observed(new BestFitDecreasing()).Pack(problem);
        #endregion
        Assert.Equal(4, result.BinCount);
    }

    [Fact]
    public void Cutting_stock()
    {
        #region cutting stock
        var demands = SizeHistogram.FromCounts([new(1380, 22), new(1520, 25), new(1560, 12)]);
        StockBin[] stock = [new(Capacity: 5600, Cost: 10), new(3000, 6, Supply: 4)];
        var result = CuttingStock.Solve(demands, stock, new CuttingRules { Kerf = 3, TrimEnd = 10 });
        foreach (var cut in result.Plan?.Patterns ?? [])
            Console.WriteLine($"kind {cut.Bin}: {cut.Pattern}, {cut.Remnant} left"); // kind 0: 8 bins of 3 x 1520, 1021 left
        #endregion
        Assert.Equal(59, result.Plan!.Patterns.Sum(cut => cut.Pattern.Multiplicity * cut.Pattern.ItemCount));
        Assert.Equal(CuttingStockStatus.Optimal, result.Status);
    }
}

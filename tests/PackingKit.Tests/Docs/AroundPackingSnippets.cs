using Xunit;

namespace PackingKit.Tests;

/// <summary>The code of the pages on streaming, balance and workloads.</summary>
public class AroundPackingSnippets
{
    [Fact]
    public async Task Streams_of_documents()
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        List<int> written = [];
        var documents = Documents();
        #region async streaming
        var options = new StreamingOptions { Capacity = 2048, PoolSize = 1000 };
        await foreach (StreamedBin<int[]> bin in documents.PackAsync(tokens => tokens.Length, options, cancellationToken))
            await WriteAsync(bin.Items, cancellationToken); // the documents themselves, at most 2048 tokens of them
        #endregion
        Assert.Equal(Enumerable.Range(1, 100), written.Order());

        static async IAsyncEnumerable<int[]> Documents()
        {
            for (var length = 1; length <= 100; length++)
            {
                await Task.Yield();
                yield return new int[length];
            }
        }

        Task WriteAsync(IEnumerable<int[]> pack, CancellationToken token)
        {
            written.AddRange(pack.Select(tokens => tokens.Length));
            return Task.CompletedTask;
        }
    }

    [Fact]
    public void Streaming()
    {
        List<IReadOnlyList<long>> rows = [];
        var lengths = RandomSizes.LogNormal(2000, 400, 1, 1, 2048, seed: 1);
        #region streaming
        var options = new StreamingOptions { Capacity = 2048, PoolSize = 256, MaxAge = 10_000 };
        var packer = new StreamingPacker(options);
        foreach (var length in lengths)
            if (packer.Add(length) is { } bin)
                rows.Add(bin.Items); // numbers in order of arrival
        var saved = StreamingStateJson.Write(packer.Save());

        // later, elsewhere
        packer = StreamingPacker.Resume(StreamingStateJson.Read(saved));
        foreach (var bin in packer.Flush())
            rows.Add(bin.Items);
        #endregion
        Assert.Equal(Enumerable.Range(0, 2000).Select(item => (long)item), rows.SelectMany(row => row).Order());
    }

    [Fact]
    public void Balance()
    {
        var lengths = RandomSizes.LogNormal(300, 400, 1, 1, 8192, seed: 1);
        #region balance
        var work = Array.ConvertAll(lengths, length => (long)length * length);
        var problem = PackingProblem.Create(lengths, 16384); // the token limit
        var packing = new BestFitDecreasing().Pack(problem).Packing;
        var even = LoadBalancer.Improve(problem, packing, work, bins: packing.BinCount + 1);
        #endregion
        Assert.Empty(PackingValidator.Validate(problem, even.Packing));
        Assert.InRange(even.LargestLoad, even.LowerBound, 1.1 * even.LowerBound);
    }

    [Fact]
    public void Micro_batches()
    {
        var lengths = RandomSizes.LogNormal(512, 1000, 1, 1, 8192, seed: 1);
        #region micro-batches
        var options = new MicroBatchOptions
        {
            TokenCap = 8192,
            Ranks = 8, // every rank runs as many micro-batches
            Work = WorkModel.Transformer(hiddenSize: 4096), // 24576·L + L²
            AboveCap = AboveCapRule.Alone,
        };
        MicroBatchResult batches = new MicroBatching(options).Balance(lengths);
        bool fewest = batches.IsFewest; // proved
        double uneven = (double)batches.LargestWork / batches.WorkBound; // 1: no way to be more even with as many
        IReadOnlyList<int> firstOfRank3 = batches[rank: 3, step: 0];
        #endregion
        Assert.True(fewest);
        Assert.InRange(uneven, 1, 1.02);
        Assert.NotEmpty(firstOfRank3);
    }

    [Fact]
    public void Shards()
    {
        int[][] parts = [[5, 3, 5, 2], [3, 5, 5]];
        var lengthsOfShard = parts[0];
        List<string> histograms = [];
        foreach (var part in parts)
        {
            lengthsOfShard = part;
            histograms.Add(Histogram());
        }
        List<long> all = [];
        for (var shard = 0; shard < parts.Length; shard++)
        {
            lengthsOfShard = parts[shard];
            all.AddRange(Deal(shard));
        }
        Assert.Equal(BestFitDecreasing.Assign<int>([5, 3, 5, 2, 3, 5, 5], 2048, new int[7]), all.Distinct().Count());

        string Histogram() => HistogramJson.Write(SizeHistogram.Of(lengthsOfShard));

        long[] Deal(int shard)
        {
            #region shards
            // on every machine
            string histogram = HistogramJson.Write(SizeHistogram.Of(lengthsOfShard));

            // in one place, once
            ValueList<SizeHistogram> before = ShardDealing.RankOffsets(histograms.Select(HistogramJson.Read)); // the last is the sum
            PackingPlan plan = new BestFitDecreasing().Plan(before[^1], 2048).Plan;
            string planned = PlanJson.Write(plan);
            string offsets = HistogramJson.Write(before[shard]), through = HistogramJson.Write(before[shard + 1]);

            // on every machine
            var packs = new long[lengthsOfShard.Length];
            PlanJson.Read(planned).DealShard(lengthsOfShard, HistogramJson.Read(offsets), HistogramJson.Read(through), packs);
            #endregion
            Assert.Contains(histogram, histograms);
            return packs;
        }
    }

    [Fact]
    public void Planted_problems()
    {
        #region planted
        var planted = ProblemGenerators.FalkenauerTriplets(bins: 40, seed: 7);
        var result = new BestFitDecreasing().Pack(planted.Problem);
        var excess = result.BinCount - planted.Optimum;
        #endregion
        Assert.InRange(excess, 1, 10);
    }

    [Fact]
    public void Choosing()
    {
        #region choosing
        PackingProblem lengths = PackingProblem.Create(RandomSizes.LogNormal(2000, 400, 1, 1, 2048, seed: 1), 2048);
        PackingStudy study = PackingStudy.Run(lengths, new StudyOptions { Strategies = ["bfd", "auto"], Capacities = [2560] });
        foreach (Finding finding in study.Recommendation)
            Console.WriteLine($"{finding.Rule}: {finding.Words}");
        long bins = study.Recommended.Bins, ifLarger = study.Capacities[1].Bins;
        #endregion
        Assert.Equal(new Automatic().Pack(lengths).BinCount, bins);
        Assert.InRange(ifLarger, 0.75 * bins, 0.85 * bins);
    }

    [Fact]
    public void Comparison()
    {
        #region comparison
        var problems = Enumerable.Range(0, 10).Select(seed => ProblemGenerators.FalkenauerUniform(120, seed));
        var comparison = StrategyComparison.Run([new NextFit(), new FirstFit(), new BestFitDecreasing()], problems);
        var table = comparison.ToMarkdown();
        #endregion
        Assert.Contains("| bfd | 10 |", table, StringComparison.Ordinal);
    }
}

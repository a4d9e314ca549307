using FsCheck.Xunit;
using PackingKit.Testing;
using Xunit;

namespace PackingKit.Tests;

[Properties(Arbitrary = [typeof(Arbitraries)], MaxTest = 300)]
public class MicroBatchTests
{
    [Property]
    public void Every_result_is_verified(PackingCase of, byte ranks, bool equal, byte work, byte above)
    {
        var (lengths, options) = Drawn(of, ranks, equal, work, above);
        var result = new MicroBatching(options).Balance(lengths);
        var verdict = MicroBatchChecker.Check(result);
        Assert.True(verdict.Status == CertificateStatus.Verified, verdict.Reason);
        Assert.True(result.WorkGap >= 0 && result.Count >= result.MinCount);
        Assert.Equal(result.IsFewest, verdict.IsOptimal);
        Assert.Equal(result.Batches.Count == 0 ? 0 : result.Batches.Max(result.WorkOf), result.LargestWork);
    }

    [Property]
    public void Both_bounds_hold_against_brute_force(SmallCase small, byte ranks, bool equal, byte work)
    {
        var (lengths, options) = Drawn(small.Case, ranks, equal, work, above: 0);
        (lengths, options) = (lengths[..Math.Min(7, lengths.Length)], options with { Ranks = 1 + (ranks % 2) });
        var result = new MicroBatching(options).Balance(lengths);
        var fewest = 0;
        while (Optimum(lengths, options, fewest) is null)
            fewest += options.Ranks;
        Assert.InRange(fewest, result.MinCount, result.Count);
        Assert.InRange(Optimum(lengths, options, result.Count)!.Value, result.WorkBound, result.LargestWork);
    }

    [Property]
    public void The_count_is_the_packers_and_the_work_no_more_than_its(PackingCase of, byte ranks, byte work)
    {
        var (lengths, options) = Drawn(of, ranks, equal: false, work, above: 0);
        var packing = new Automatic().Pack(PackingProblem.Create(lengths, of.Limits.HasItemLimit
            ? new BinLimits(options.TokenCap, of.Limits.MaxItems) : options.TokenCap)).Packing;
        var result = new MicroBatching(options).Balance(lengths);
        Assert.Equal((packing.BinCount + options.Ranks - 1) / options.Ranks * options.Ranks, result.Count);
        Assert.InRange(
            result.LargestWork, 0,
            packing.Bins.Select(bin => bin.Items.ToArray().Sum(sample => options.Work.Of(lengths[sample]))).DefaultIfEmpty().Max());
    }

    [Property(MaxTest = 100)]
    public void The_front_falls_in_work_and_rises_in_count(PackingCase of, byte ranks, bool equal, byte work, byte above)
    {
        var (lengths, options) = Drawn(of, ranks, equal, work, above);
        var front = new MicroBatching(options).Front(lengths).ToArray();
        Assert.Equal(new MicroBatching(options).Balance(lengths).Count, front[0].Count);
        foreach (var (before, after) in front.Zip(front.Skip(1)))
        {
            Assert.True(after.Count > before.Count && after.LargestWork < before.LargestWork);
            Assert.Equal(CertificateStatus.Verified, MicroBatchChecker.Check(after).Status);
        }
        var ofOne = front[^1].Batches.SelectMany(batch => batch).Select(sample => options.Work.Of(lengths[sample]));
        if (front[^1].Count < lengths.Length)
            Assert.Equal(front[^1].LargestWork, ofOne.DefaultIfEmpty().Max());
    }

    [Property]
    public void Every_step_runs_neighbours_in_work(PackingCase of, byte ranks, byte work)
    {
        var (lengths, options) = Drawn(of, ranks, equal: false, work, above: 0);
        var result = new MicroBatching(options).Balance(lengths);
        var works = result.Batches.Select(result.WorkOf).OrderDescending().ToArray();
        Assert.Equal(result.CriticalWork, works.Where((_, place) => place % options.Ranks == 0).Sum());
    }

    [Fact]
    public void The_cap_holds_where_even_work_alone_breaks_it()
    {
        // Squares of 12 and of eight times 4 are even with 12 tokens in one batch and 32 in the other.
        var options = new MicroBatchOptions { TokenCap = 24, Work = new WorkModel(0, 1) };
        var result = new MicroBatching(options).Balance([12, 4, 4, 4, 4, 4, 4, 4, 4]);
        Assert.Equal((2, 2, 144 + (2 * 16)), (result.Count, result.MinCount, result.LargestWork));
        Assert.Equal(CertificateStatus.Verified, MicroBatchChecker.Check(result).Status);
    }

    [Fact]
    public void A_sample_above_the_cap_is_a_choice()
    {
        var options = new MicroBatchOptions { TokenCap = 10, Ranks = 2 };
        int[] lengths = [4, 25, 6, 3];
        var refused = Assert.Throws<ArgumentOutOfRangeException>(() => new MicroBatching(options).Balance(lengths));
        Assert.Contains("Sample 1 has 25 tokens, above the cap 10", refused.Message, StringComparison.Ordinal);

        var alone = new MicroBatching(options with { AboveCap = AboveCapRule.Alone }).Balance(lengths);
        Assert.Equal([1], alone.Batches[alone.BatchOfSample[1]]);
        Assert.Equal((4, 0), (alone.Count, alone.LeftOut.Count()));

        var without = new MicroBatching(options with { AboveCap = AboveCapRule.LeaveOut }).Balance(lengths);
        Assert.Equal((2, MicroBatchResult.NoBatch), (without.Count, without.BatchOfSample[1]));
        Assert.Equal([1], without.LeftOut);
    }

    [Fact]
    public void Bad_input_is_named()
    {
        var batching = new MicroBatching(new MicroBatchOptions { TokenCap = long.MaxValue, Ranks = 4 });
        Assert.Contains(
            "Sample 2 has 0 tokens", Assert.Throws<ArgumentOutOfRangeException>(() => batching.Balance([1, 2, 0])).Message,
            StringComparison.Ordinal);
        Assert.Contains(
            "at sample 1", Assert.Throws<ArgumentOutOfRangeException>(() => batching.Balance([1, long.MaxValue / 2])).Message,
            StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>("count", () => batching.BalanceFrom([1, 2, 3], 6));
        Assert.Throws<ArgumentOutOfRangeException>("PerToken", () => new WorkModel(-1, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new MicroBatchOptions { TokenCap = 0 });
        Assert.Throws<OperationCanceledException>(() => batching.Balance([1, 2, 3], new CancellationToken(canceled: true)));
    }

    [Fact]
    public void Faults_of_every_kind_are_refused()
    {
        var result = new MicroBatching(new MicroBatchOptions { TokenCap = 10, Ranks = 2, EqualCounts = true }).Balance([6, 4, 5, 5, 9, 1]);
        Assert.Equal(CertificateStatus.Verified, MicroBatchChecker.Check(result).Status);
        MicroBatchResult[] faults =
        [
            result with { WorkBound = result.LargestWork + 1 },
            result with { MinCount = result.MinCount + 2 },
            result with { CountBound = result.CountBound with { Bins = result.Count + 1 } },
            result with { Batches = [.. result.Batches.Skip(1)] },
            result with { Batches = [result.Batches[0], result.Batches[0], .. result.Batches.Skip(2)] },
            result with { BatchOfSample = [.. result.BatchOfSample.Reverse()] },
            result with { Options = result.Options with { TokenCap = 8 } },
            result with { Options = result.Options with { MaxSamples = 1 } },
        ];
        Assert.All(faults, fault => Assert.NotEqual(CertificateStatus.Verified, MicroBatchChecker.Check(fault).Status));
    }

    /// <summary>Lengths of a size whose squares can be added up, with options of every kind.</summary>
    private static (long[] Lengths, MicroBatchOptions Options) Drawn(PackingCase of, byte ranks, bool equal, byte work, byte above)
    {
        var unit = 1 + (of.Capacity >> 20);
        var options = new MicroBatchOptions
        {
            TokenCap = Math.Max(1, of.Capacity / unit),
            MaxSamples = of.Limits.HasItemLimit ? (int)of.Limits.MaxItems : null,
            Ranks = 1 + (ranks % 5),
            EqualCounts = equal,
            Work = (work % 4) switch
            {
                0 => WorkModel.Tokens,
                1 => new WorkModel(0, 1),
                2 => new WorkModel(0, 0),
                _ => new WorkModel(work, 3),
            },
            AboveCap = (AboveCapRule)(above % 3),
        };
        long[] lengths = [.. of.Sizes.Select(size => Math.Clamp(size / unit, 1, options.TokenCap))];
        if (options.AboveCap != AboveCapRule.Refuse && options.TokenCap > 4)
            options = options with { TokenCap = options.TokenCap / 2 };
        return (lengths, options);
    }

    /// <summary>The least largest work of so many batches, by trying everything; null where no way keeps the limits.</summary>
    private static long? Optimum(long[] lengths, MicroBatchOptions options, int count)
    {
        var (tokens, works, samples) = (new long[count], new long[count], new int[count]);
        long? best = null;
        Deal(0);
        return best;

        void Deal(int sample)
        {
            if (sample == lengths.Length)
            {
                if (!options.EqualCounts || count == 0 || samples.Max() <= samples.Min() + 1)
                    best = Math.Min(best ?? long.MaxValue, works.DefaultIfEmpty().Max());
                return;
            }
            for (var batch = 0; batch < count; batch++)
            {
                var isFirstEmpty = samples[batch] == 0;
                if (tokens[batch] + lengths[sample] <= options.TokenCap && samples[batch] < (options.MaxSamples ?? int.MaxValue))
                {
                    Move(+1);
                    Deal(sample + 1);
                    Move(-1);
                }
                if (isFirstEmpty)
                    break; // empty batches are alike

                void Move(int way)
                {
                    tokens[batch] += way * lengths[sample];
                    works[batch] += way * options.Work.Of(lengths[sample]);
                    samples[batch] += way;
                }
            }
        }
    }
}

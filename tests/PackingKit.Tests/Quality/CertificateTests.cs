using FsCheck.Xunit;
using PackingKit.Testing;
using Xunit;

namespace PackingKit.Tests;

[Properties(Arbitrary = [typeof(Arbitraries)], MaxTest = 300)]
public class CertificateTests
{
    /// <summary>5 bins, where every rule that costs no search says 4; prices 2 and 1 prove it, of which a bin holds 4 at most.</summary>
    private static readonly PackingProblem Gapped = PackingProblem.Create([5, 5, 5, 5, 5, 5, 5, 5, 4, 4], 13);

    private static readonly DualPrices Prices = new([5, 4], [2, 1], 4, 5);

    [Property]
    public void What_a_heuristic_claims_is_verified_after_a_trip_through_JSON(PackingCase of)
    {
        var problem = of.ToProblem();
        foreach (var id in TextbookHeuristics.Ids)
        {
            var result = PackingStrategies.Create(id).Pack(problem);
            var verdict = CertificateChecker.Check(problem, CertificateJson.Read(CertificateJson.Write(PackingCertificate.Of(result))));
            Assert.Equal(CertificateStatus.Verified, verdict.Status);
            Assert.Equal((result.BinCount, result.Bound.Bins), (verdict.Bins!.Value, verdict.LowerBound));
            Assert.Equal(result.Status == PackingStatus.Optimal, verdict.IsOptimal);
        }
    }

    [Property]
    public void Prices_are_verified_with_the_best_bin_as_limit_and_refused_with_any_less(SmallCase small, int seed)
    {
        if (small.Case.Sizes.Length == 0)
            return;
        var problem = small.Case.ToProblem();
        var random = new Random(seed);
        var prices = problem.Histogram.Sizes.ToArray()
            .ToDictionary(size => size, size => random.NextInt64(random.Next(2) == 0 ? 4 : (2 * Math.Min(size, 1L << 40)) + 2));
        var best = DearestBin(small.Case, prices);
        if (best == 0)
            return;
        var result = new BestFitDecreasing().Pack(problem);

        var verdict = CertificateChecker.Check(problem, Priced(problem, result, prices, best));
        Assert.Equal(CertificateStatus.Verified, verdict.Status);
        Assert.InRange(verdict.LowerBound, result.Bound.Bins, BruteForce.Optimum(small.Case));
        if (best > 1)
            Assert.Equal(CertificateStatus.Refused, CertificateChecker.Check(problem, Priced(problem, result, prices, best - 1)).Status);
    }

    [Property]
    public void A_packing_without_one_of_its_items_or_with_one_too_many_is_refused(PackingCase of)
    {
        if (of.Sizes.Length == 0)
            return;
        var problem = of.ToProblem();
        var certificate = PackingCertificate.Of(new BestFitDecreasing().Pack(problem));
        var (first, others) = (certificate.Patterns[0], certificate.Patterns.Skip(1));
        foreach (var change in (long[])[-1, 1])
        {
            var items = first.Items.Select((item, i) => i == 0 ? new SizeCount(item.Size, item.Count + change) : item)
                .Where(item => item.Count > 0);
            var verdict = CertificateChecker.Check(problem, certificate with { Patterns = [first with { Items = [.. items] }, .. others] });
            Assert.Equal((CertificateStatus.Refused, null), (verdict.Status, verdict.Bins));
        }
    }

    [Theory]
    [InlineData("another capacity", "capacity 14")]
    [InlineData("another item limit", "item limit 2")]
    [InlineData("a bin over capacity", "14, above the capacity 13")]
    [InlineData("an unknown size", "size 3")]
    [InlineData("an empty bin", "empty")]
    [InlineData("a bin that stands minus once", "-1 bins")]
    [InlineData("a bound that L2 does not give", "not what L2 gives")]
    [InlineData("a bound above the packing", "above the 5 bins")]
    [InlineData("prices that give another bound", "give 5 bins, not 6")]
    [InlineData("a price below zero", "price -1")]
    [InlineData("two prices for one size", "two prices")]
    [InlineData("more prices than sizes", "2 prices for 1 sizes")]
    [InlineData("a limit of nothing", "limit on a bin's price is 0")]
    [InlineData("no list of patterns", "list of patterns is missing")]
    [InlineData("a pattern that is missing", "Pattern 1 is missing")]
    [InlineData("a pattern without items", "Pattern 0 is missing")]
    [InlineData("no list of sizes", "list of the prices is missing")]
    [InlineData("no list of prices", "list of the prices is missing")]
    [InlineData("no list of weights", "list of the tree is missing")]
    [InlineData("no list of fixed bins", "list of the tree is missing")]
    [InlineData("no list of nodes", "list of the tree is missing")]
    [InlineData("a bin that holds more than the limit", "more than 3 in price")]
    public void A_false_claim_is_refused_with_its_reason(string flaw, string reason)
    {
        var certificate = PackingCertificate.Of(new BestFitDecreasing().Pack(Gapped));
        PackingPattern Bin(long times, params (long Size, long Copies)[] items) =>
            new([.. items.Select(item => new SizeCount(item.Size, item.Copies))], times);
        var verdict = CertificateChecker.Check(Gapped, flaw switch
        {
            "another capacity" => certificate with { Limits = 14 },
            "another item limit" => certificate with { Limits = new BinLimits(certificate.Limits.Capacity, 2) },
            "a bin over capacity" => certificate with { Patterns = [Bin(2, (5, 2), (4, 1)), Bin(2, (5, 2))] },
            "an unknown size" => certificate with { Patterns = [Bin(4, (5, 2)), Bin(1, (4, 2)), Bin(1, (3, 1))] },
            "an empty bin" => certificate with { Patterns = [Bin(4, (5, 2)), Bin(1, (4, 2)), Bin(1)] },
            "a bin that stands minus once" => certificate with { Patterns = [Bin(5, (5, 2)), Bin(1, (4, 2)), Bin(-1, (5, 2))] },
            "a bound that L2 does not give" => certificate with { Bound = new LowerBound(5, "L2") },
            "a bound above the packing" => certificate with { Bound = new LowerBound(6, "cp-sat") },
            "prices that give another bound" => certificate with { Bound = certificate.Bound with { Prices = Prices with { Bins = 6 } } },
            "a price below zero" => certificate with { Bound = certificate.Bound with { Prices = new([5], [-1], 2, 0) } },
            "two prices for one size" => certificate with { Bound = certificate.Bound with { Prices = new([5, 5], [1, 1], 2, 8) } },
            "more prices than sizes" => certificate with { Bound = certificate.Bound with { Prices = Prices with { Sizes = [5] } } },
            "a limit of nothing" => certificate with { Bound = certificate.Bound with { Prices = Prices with { Limit = 0 } } },
            "no list of patterns" => certificate with { Patterns = null! },
            "a pattern that is missing" => certificate with { Patterns = [Bin(4, (5, 2)), null!] },
            "a pattern without items" => certificate with { Patterns = [new PackingPattern(null!)] },
            "no list of sizes" => certificate with { Bound = certificate.Bound with { Prices = Prices with { Sizes = null! } } },
            "no list of prices" => certificate with { Bound = certificate.Bound with { Prices = Prices with { Prices = null! } } },
            "no list of weights" => certificate with { Bound = certificate.Bound with { Refutation = new(4, 13, null!, [], []) } },
            "no list of fixed bins" => certificate with { Bound = certificate.Bound with { Refutation = new(4, 13, [], null!, []) } },
            "no list of nodes" => certificate with { Bound = certificate.Bound with { Refutation = new(4, 13, [], [], null!) } },
            _ => certificate with { Bound = certificate.Bound with { Prices = Prices with { Limit = 3, Bins = 6 } } },
        });
        Assert.Equal(CertificateStatus.Refused, verdict.Status);
        Assert.Contains(reason, verdict.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_proof_by_search_is_named_as_not_checkable_and_prices_make_it_so()
    {
        var certificate = PackingCertificate.Of(new CpSat().Pack(Gapped));
        Assert.Equal((5L, "cp-sat"), (certificate.Bound.Bins, certificate.Bound.Rule));
        var verdict = CertificateChecker.Check(Gapped, certificate);
        Assert.Equal((CertificateStatus.BoundNotCertified, 5L, 4L, false),
            (verdict.Status, verdict.Bins!.Value, verdict.LowerBound, verdict.IsOptimal));
        Assert.Contains("cp-sat", verdict.Reason, StringComparison.Ordinal);

        var priced = CertificateChecker.Check(Gapped, certificate with { Bound = certificate.Bound with { Prices = Prices } });
        Assert.Equal((CertificateStatus.Verified, 5L, true), (priced.Status, priced.LowerBound, priced.IsOptimal));
    }

    [Fact]
    public void Prices_that_would_take_too_many_steps_certify_nothing()
    {
        var certificate = WithPrices(new CpSat().Pack(Gapped), Prices);
        var verdict = CertificateChecker.Check(Gapped, certificate, steps: 2);
        Assert.Equal((CertificateStatus.BoundNotCertified, 4L), (verdict.Status, verdict.LowerBound));
        Assert.Contains("2 steps", verdict.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Prices_with_too_many_undominated_states_certify_nothing()
    {
        // Sums of 40 even sizes are all different, and no state dominates another: their number doubles with each size.
        var random = new Random(5);
        long[] sizes = [.. Enumerable.Range(0, 40).Select(_ => 2 * random.NextInt64(1L << 40, 1L << 41)).Order()];
        sizes[^1] += sizes.Sum() % 4 == 0 ? 2 : 0;
        var capacity = sizes.Sum() / 2; // odd, so no bin holds more than one less, and two are not enough
        var problem = PackingProblem.Create(sizes, capacity);
        var result = new BestFitDecreasing().Pack(problem);
        var prices = new DualPrices([.. sizes.OrderDescending()], [.. sizes.OrderDescending()], capacity - 1, 3);
        var certificate = PackingCertificate.Of(result) with { Bound = new LowerBound(3, BoundRule.ColumnGeneration, prices) };
        var before = GC.GetAllocatedBytesForCurrentThread();
        var verdict = CertificateChecker.Check(problem, certificate);
        Assert.Equal(CertificateStatus.BoundNotCertified, verdict.Status);
        Assert.Contains("states", verdict.Reason, StringComparison.Ordinal);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 4L << 30); // lists are merged many times
    }

    [Fact]
    public void Numbers_near_the_end_of_64_bits_do_not_overflow()
    {
        const long capacity = long.MaxValue / 8, half = (capacity / 2) + 1;
        var problem = PackingProblem.Create([half, half, half, half - 2], capacity);
        var result = new BestFitDecreasing().Pack(problem);
        var certificate = WithPrices(result, new([half, half - 2], [long.MaxValue, long.MaxValue], long.MaxValue, 4));
        Assert.Equal(CertificateStatus.Refused, CertificateChecker.Check(problem, certificate).Status); // one of each fits
        var verdict = CertificateChecker.Check(problem,
            certificate with { Bound = certificate.Bound with { Prices = new([half], [long.MaxValue], long.MaxValue, 3) } });
        Assert.Equal((CertificateStatus.Verified, true), (verdict.Status, verdict.IsOptimal));
    }

    [Fact]
    public void A_cancelled_check_throws()
    {
        var plain = PackingCertificate.Of(new BestFitDecreasing().Pack(Gapped));
        Assert.All([plain, plain with { Bound = plain.Bound with { Prices = Prices } }], certificate =>
            Assert.ThrowsAny<OperationCanceledException>(() =>
                CertificateChecker.Check(Gapped, certificate, cancellationToken: new(canceled: true))));
    }

    [Theory]
    [InlineData("", "JSON")]
    [InlineData("null", "null")]
    [InlineData("""{"format":"packingkit-plan","version":1,"capacity":1,"patterns":[],"lowerBound":0,"boundRule":"L1"}""",
        "packingkit-plan")]
    [InlineData("""{"format":"packingkit-certificate","version":1,"capacity":1,"patterns":[[1,2]],"lowerBound":0,"boundRule":"L1"}""",
        "Entry 0 of patterns")]
    [InlineData("""{"format":"packingkit-certificate","version":1,"capacity":1,"patterns":[null],"lowerBound":0,"boundRule":"L1"}""",
        "Entry 0 of patterns")]
    [InlineData(
        """{"format":"packingkit-certificate","version":1,"capacity":1,"patterns":[],"lowerBound":0"""
        + ""","boundRule":"L1","prices":{"sizes":[[1]],"limit":1,"bins":0}}""", "Entry 0 of prices")]
    [InlineData("""{"format":"packingkit-certificate","version":1,"capacity":1,"patterns":[],"lowerBound":0}""", "boundRule")]
    [InlineData(
        """{"format":"packingkit-certificate","version":1,"capacity":1,"patterns":[],"lowerBound":9,"lowerBound":0,"boundRule":"L1"}""",
        "lowerBound")]
    public void A_text_that_is_no_certificate_is_a_FormatException(string json, string names) =>
        Assert.Contains(names, Assert.Throws<FormatException>(() => CertificateJson.Read(json)).Message, StringComparison.Ordinal);

    private static PackingCertificate WithPrices(PackingResult result, DualPrices prices)
    {
        var certificate = PackingCertificate.Of(result);
        return certificate with { Bound = certificate.Bound with { Prices = prices } };
    }

    private static PackingCertificate Priced(PackingProblem problem, PackingResult result, Dictionary<long, long> prices, long limit)
    {
        var total = problem.Histogram.Pairs().Sum(pair => pair.Count * prices[pair.Size]);
        return WithPrices(result, new([.. prices.Keys], [.. prices.Values], limit, (total + limit - 1) / limit));
    }

    /// <summary>The most that one bin can hold in price, by every subset of the items.</summary>
    private static long DearestBin(PackingCase of, Dictionary<long, long> prices)
    {
        long best = 0;
        for (var subset = 0; subset < 1 << of.Sizes.Length; subset++)
        {
            var chosen = of.Sizes.Where((_, item) => (subset >> item & 1) != 0).ToArray();
            if (chosen.Length <= of.Limits.MaxItems && chosen.Aggregate(Int128.Zero, (sum, size) => sum + size) <= of.Capacity)
                best = Math.Max(best, chosen.Sum(size => prices[size]));
        }
        return best;
    }
}

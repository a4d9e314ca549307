using FsCheck.Xunit;
using PackingKit.Testing;
using Xunit;

namespace PackingKit.Tests;

/// <summary>
/// Trees that refute a number of bins: true ones are verified, and no other, however it was made, verifies a false bound.
/// </summary>
[Properties(Arbitrary = [typeof(Arbitraries)], MaxTest = 300)]
public class RefutationTests
{
    /// <summary>5 bins, where the relaxation says 4, of bins without waste: whoever proves it has to branch.</summary>
    internal static readonly PackingProblem Gapped = PackingProblem.Create([15, 14, 11, 10, 10, 9, 9, 9, 6, 6, 4, 4, 1], 27);

    private static readonly PackingCertificate Proved = PackingCertificate.Of(new ExactPacking().Pack(Gapped));

    [Fact]
    public void A_bound_that_only_a_tree_proves_is_verified_after_a_trip_through_JSON()
    {
        Assert.Equal((5L, BoundRule.BranchAndPrice), (Proved.Bound.Bins, Proved.Bound.Rule));
        Assert.Contains(Proved.Bound.Refutation!.Nodes, node => node is RefutationNode.Branch);
        var verdict = CertificateChecker.Check(Gapped, CertificateJson.Read(CertificateJson.Write(Proved)));
        Assert.Equal((CertificateStatus.Verified, 5L, true), (verdict.Status, verdict.LowerBound, verdict.IsOptimal));

        var without = CertificateChecker.Check(Gapped, Proved with { Bound = Proved.Bound with { Refutation = null } });
        Assert.Equal((CertificateStatus.BoundNotCertified, 4L), (without.Status, without.LowerBound));
    }

    [Fact]
    public void The_examples_of_the_page_are_verified()
    {
        var page = File.ReadAllText(Repository.PathOf("docs", "certificates.md"));
        var blocks = page.Split("```").Where(block => block.StartsWith("json", StringComparison.Ordinal));
        PackingProblem[] problems = [PackingProblem.Create([4, 4, 4, 4, 4, 4, 4, 4, 4, 4], 11), Gapped];
        Assert.Equal(problems.Length, blocks.Count());
        foreach (var (problem, block) in problems.Zip(blocks))
        {
            var verdict = CertificateChecker.Check(problem, CertificateJson.Read(block["json".Length..]));
            Assert.Equal((CertificateStatus.Verified, 5L, true), (verdict.Status, verdict.LowerBound, verdict.IsOptimal));
        }
    }

    [Property]
    public void A_search_refutes_one_bin_less_than_the_optimum(SmallCase small)
    {
        var problem = small.Case.ToProblem();
        if (WithoutZeros(problem) is not { ItemCount: > 0 } histogram || BruteForce.Optimum(small.Case) is not (> 1 and var optimum))
            return;
        var reduced = new ReducedProblem(ItemTypes.Of(histogram, problem.Limits), () => false);
        var tree = new BranchAndPrice(reduced.Items, optimum - 1 - reduced.BinCount, [], Context());
        Assert.False(tree.Decide(int.MaxValue));
        var proof = reduced.Refutation(histogram, optimum - 1, tree.Prove(1000)!);
        Assert.Equal(CertificateStatus.Verified, CertificateChecker.Check(problem, Claim(problem, proof)).Status);
    }

    [Property]
    public void Grown_at_random_a_tree_is_verified_where_all_its_leaves_hold_and_never_against_the_optimum(SmallCase small, int seed)
    {
        var problem = small.Case.ToProblem();
        if (WithoutZeros(problem) is not { ItemCount: > 0 } histogram)
            return;
        var (random, optimum) = (new Random(seed), BruteForce.Optimum(small.Case));
        for (var bins = Math.Max(1, optimum - 1); bins <= optimum; bins++)
        {
            var (proof, isClosed) = Grow(histogram, problem.Limits, bins, random);
            var verdict = CertificateChecker.Check(problem, Claim(problem, proof));
            Assert.InRange(verdict.LowerBound, 1, optimum);
            if (isClosed)
                Assert.Equal(CertificateStatus.Verified, verdict.Status);
            for (var round = 0; round < 10; round++)
                Assert.InRange(CertificateChecker.Check(problem, Claim(problem, Mutated(proof, random))).LowerBound, 1, optimum);
        }
    }

    [Property]
    public void One_priced_type_is_in_a_bin_where_a_pattern_that_may_be_holds_it(SmallCase small, byte waste, int seed)
    {
        var of = new PackingCase([.. small.Case.Sizes.Where(size => size > 0)], small.Case.Capacity);
        if (of.Sizes.Length == 0)
            return;
        var (types, random) = (ItemTypes.Of(of.ToHistogram(), of.Capacity), new Random(seed));
        var items = new RefutedItems(types.Weights, types.Demands);
        for (var pairs = random.Next(3); pairs > 0; pairs--)
            items.Separate(random.Next(types.Count), random.Next(types.Count));
        var allowed = ExactCoverTests.AllPatterns(types).Where(pattern => types.Capacity - pattern.Load(types.Weights) <= waste
            && Array.TrueForAll(pattern.Types, type => items.ConflictsOf(type).All(
                other => pattern.CopiesOf(other) == 0 || (other == type && pattern.CopiesOf(type) == 1)))).ToList();
        var check = new LeafCheck(
            types.Capacity, BinLimits.Unlimited, waste, new StepBudget(CertificateChecker.DefaultSteps, CancellationToken.None));
        for (var priced = 0; priced < types.Count; priced++)
        {
            var prices = new long[types.Count];
            prices[priced] = 1;
            Assert.Equal(allowed.Exists(pattern => pattern.CopiesOf(priced) > 0), check.CanBeWorth(items, prices, 1));
        }
    }

    /// <summary>
    /// Thousands of ways to spoil a proof; with the bins that it refutes raised by one, each would prove something false.
    /// </summary>
    [Theory]
    [InlineData(27, 5, new long[] { 15, 14, 11, 10, 10, 9, 9, 9, 6, 6, 4, 4, 1 })]
    [InlineData(89, 6, new long[] { 58, 55, 44, 32, 32, 31, 25, 25, 21, 21, 19, 18, 15, 15, 15, 11, 8 })] // a bin is fixed
    [InlineData(105, 6, new long[] { 67, 48, 44, 42, 39, 35, 32, 26, 25, 21, 21, 21, 19, 18, 18, 17, 16, 16 })] // two branches
    public void No_mutated_proof_verifies_a_false_bound(int capacity, int optimum, long[] sizes)
    {
        Assert.Equal(optimum, new CpSat().Pack(PackingProblem.Create(sizes, capacity)).BinCount);
        NoMutationVerifiesMore(PackingProblem.Create(sizes, capacity), optimum, rounds: 5000);
    }

    [Fact]
    public void No_mutated_proof_with_full_bins_verifies_a_false_bound()
    {
        // The gapped items twice as large, and three that fill a bin: 29 stands beside 5, for nothing else is odd, and these beside a 20.
        var problem = PackingProblem.Create([30, 28, 22, 20, 20, 18, 18, 18, 12, 12, 8, 8, 2, 29, 5, 20], 54);
        var proof = PackingCertificate.Of(new ExactPacking().Pack(problem)).Bound.Refutation!;
        Assert.Contains(proof.Nodes, node => node is RefutationNode.Forced);
        Assert.Contains(proof.Nodes, node => node is RefutationNode.Fill);
        NoMutationVerifiesMore(problem, optimum: 6, rounds: 5000);
    }

    private static void NoMutationVerifiesMore(PackingProblem problem, int optimum, int rounds)
    {
        var proof = PackingCertificate.Of(new ExactPacking().Pack(problem)).Bound.Refutation!;
        Assert.Equal(CertificateStatus.Verified, CertificateChecker.Check(problem, Claim(problem, proof)).Status);
        var (random, refused) = (new Random(1), 0);
        for (var round = 0; round < rounds; round++)
        {
            var mutated = proof;
            for (var changes = random.Next(1, 4); changes > 0; changes--)
                mutated = Mutated(mutated, random);
            var verdict = CertificateChecker.Check(problem, Claim(problem, mutated));
            Assert.InRange(verdict.LowerBound, 1, optimum);
            refused += verdict.Status == CertificateStatus.Refused ? 1 : 0;

            var raised = CertificateChecker.Check(problem, Claim(problem, mutated with { Bins = optimum }));
            Assert.NotEqual(CertificateStatus.Verified, raised.Status);
            Assert.InRange(raised.LowerBound, 1, optimum);
        }
        // Some changes leave a true proof of a true claim.
        Assert.True(refused > rounds / 2, $"{refused} of {rounds}: do the changes spoil anything?");
    }

    [Theory]
    [InlineData("a tree that ends early", "a case is open")]
    [InlineData("a tree that goes on", "ends at node")]
    [InlineData("a node that is missing", "Node 0 of the tree is missing")]
    [InlineData("types that there are not", "are not both below 8")]
    [InlineData("items that there are not", "no items of types 0 and 0 left")]
    [InlineData("too few prices", "prices for")]
    [InlineData("a price below zero", "has the price -1")]
    [InlineData("prices without end", "add up to")]
    [InlineData("prices that prove nothing", "can be worth")]
    [InlineData("weights that a bin exceeds", "more than 2 in weight")]
    [InlineData("a weight below zero", "weight -1")]
    [InlineData("weights without end", "weights add up to")]
    [InlineData("two weights for one size", "two weights")]
    [InlineData("a size that there is not", "no items of size 7")]
    [InlineData("no capacity", "capacity of the proof is 0")]
    [InlineData("bins below zero", "refutes -1 bins")]
    [InlineData("as many bins as there are", "there is a packing into 5")]
    [InlineData("fixed bins that are not in every case best", "not in every case")]
    [InlineData("fixed bins of items that there are not", "there are items for 0")]
    [InlineData("fixed bins of types that there are not", "hold types that there are not")]
    public void A_false_proof_is_refused_with_its_reason(string flaw, string reason)
    {
        var proof = Proved.Bound.Refutation!;
        RefutationNode Priced(params long[] prices) => new RefutationNode.Leaf([.. prices]);
        var (nodes, leaf) = (proof.Nodes, Priced(15, 14, 11, 10, 9, 6, 4, 1));
        proof = flaw switch
        {
            "a tree that ends early" => proof with { Nodes = [.. nodes.Take(nodes.Count - 1)] },
            "a tree that goes on" => proof with { Nodes = [.. nodes, nodes[^1]] },
            "a node that is missing" => proof with { Nodes = [null!] },
            "types that there are not" => proof with { Nodes = [new RefutationNode.Branch(0, 8), leaf, leaf] },
            "items that there are not" => proof with { Nodes = [new RefutationNode.Branch(0, 0), leaf, leaf] },
            "too few prices" => proof with { Nodes = [Priced(1)] },
            "a price below zero" => proof with { Nodes = [Priced(1, 1, 1, 1, 1, 1, 1, -1)] },
            "prices without end" => proof with { Nodes = [Priced(long.MaxValue, 1, 1, 1, 1, 1, 1, 1)] },
            "prices that prove nothing" => proof with { Nodes = [leaf] },
            "weights that a bin exceeds" => proof with { Capacity = 2, Sizes = [new(15, 1), new(9, 1), new(4, 1)] },
            "a weight below zero" => proof with { Sizes = [new(15, -1)] },
            "weights without end" => proof with { Sizes = [new(10, long.MaxValue)] },
            "two weights for one size" => proof with { Sizes = [new(15, 15), new(15, 15)] },
            "a size that there is not" => proof with { Sizes = [new(7, 7)] },
            "no capacity" => proof with { Capacity = 0 },
            "bins below zero" => proof with { Bins = -1 },
            "as many bins as there are" => proof with { Bins = 5 },
            "fixed bins that are not in every case best" => proof with { Fixed = [new(0, 3, 1)] },
            "fixed bins of items that there are not" => proof with { Fixed = [new(0, 0, 1)] },
            _ => proof with { Fixed = [new(0, 99, 1)] },
        };
        var verdict = CertificateChecker.Check(Gapped, Proved with { Bound = Proved.Bound with { Refutation = proof } });
        Assert.Equal(CertificateStatus.Refused, verdict.Status);
        Assert.Contains(reason, verdict.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a bin that is not full", "do not fill a bin")]
    [InlineData("a full bin where there is a conflict", "where there are conflicts")]
    [InlineData("a full bin under an item limit", "or an item limit")]
    [InlineData("a pair that need not be", "a bin can be worth 1")]
    public void Types_may_be_merged_without_another_case_only_where_it_is_sure(string flaw, string reason)
    {
        var problem = PackingProblem.Create([6, 4, 3, 3, 2, 2], flaw == "a full bin under an item limit" ? new BinLimits(10, 3) : 10);
        var (fill, leaf) = (new RefutationNode.Fill(0, 1), new RefutationNode.Leaf([1, 1, 1, 1, 1]));
        RefutationNode[] nodes = flaw switch
        {
            "a bin that is not full" => [new RefutationNode.Fill(0, 2), leaf],
            // That no bin holds both is where the first type is in conflict.
            "a full bin where there is a conflict" =>
                [new RefutationNode.Branch(0, 2), new RefutationNode.Leaf([0, 0, 0, 0, 1]), fill, leaf],
            "a pair that need not be" => [new RefutationNode.Forced(0, 1), leaf],
            _ => [fill, leaf],
        };
        var proof = new Refutation(2, 10, [new(6, 6), new(4, 4), new(3, 3), new(2, 2)], [], [.. nodes]);
        var verdict = CertificateChecker.Check(problem, Claim(problem, proof));
        Assert.Equal(CertificateStatus.Refused, verdict.Status);
        Assert.Contains(reason, verdict.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(10, 2, new long[] { 5, 5, 4, 2, 2, 2 })] // beside the 4 three 2s are heavier than a 5
    [InlineData(10, 2, new long[] { 5, 5, 4, 3, 3 })] // and two 3s
    [InlineData(10, 2, new long[] { 5, 6, 4, 5 })] // and the 6
    public void A_bin_may_not_be_fixed_where_others_fit_better_beside_its_first_item(int capacity, int optimum, long[] sizes)
    {
        var problem = PackingProblem.Create(sizes, capacity);
        Assert.Equal(optimum, new ExactPacking().Pack(problem).BinCount);
        var types = problem.Histogram.Sizes.ToArray();
        var proof = new Refutation(
            optimum, capacity, [.. types.Select(size => new WeighedSize(size, size))],
            [new FixedBins(Array.IndexOf(types, 4), Array.IndexOf(types, 5), 1)], []);
        var verdict = CertificateChecker.Check(problem, Claim(problem, proof));
        Assert.Equal(CertificateStatus.Refused, verdict.Status);
        Assert.Contains("not in every case", verdict.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_proof_that_would_take_too_many_steps_certifies_nothing()
    {
        var verdict = CertificateChecker.Check(Gapped, Proved, steps: 100);
        Assert.Equal((CertificateStatus.BoundNotCertified, 4L), (verdict.Status, verdict.LowerBound));
        Assert.Contains("100 steps", verdict.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_proof_whose_conflicts_would_fill_the_memory_certifies_nothing()
    {
        const int separated = 1000, merged = 20_000, items = 3 * (separated + merged);
        var histogram = SizeHistogram.FromCounts([new SizeCount(51, items)]);
        List<RefutationNode> nodes = [.. Enumerable.Repeat(new RefutationNode.Branch(0, 0), separated)];
        for (var type = 1; type <= separated; type++)
            nodes.AddRange([new RefutationNode.Branch(0, type), new RefutationNode.Leaf([.. new long[separated + 1], 1])]);
        // What is merged from here on has all of these conflicts, each once more.
        nodes.AddRange([.. Enumerable.Repeat(new RefutationNode.Branch(0, 0), merged), new RefutationNode.Leaf([1])]);
        var proof = new Refutation(items - 1, 100, [new WeighedSize(51, 51)], [], [.. nodes]);
        var check = new RefutationCheck(histogram, 100, proof, CertificateChecker.DefaultSteps, CancellationToken.None);
        Assert.Null(check.Fault());
        Assert.Contains("conflicts", check.Doubt, StringComparison.Ordinal);
    }

    [Fact]
    public void A_cancelled_check_throws() => Assert.ThrowsAny<OperationCanceledException>(
        () => CertificateChecker.Check(Gapped, Proved, cancellationToken: new(canceled: true)));

    [Fact]
    public void Certificates_without_a_tree_are_of_version_1_which_has_none()
    {
        var heuristic = CertificateJson.Write(PackingCertificate.Of(new BestFitDecreasing().Pack(Gapped)));
        Assert.Contains("\"version\":1", heuristic, StringComparison.Ordinal);
        var proved = CertificateJson.Write(Proved);
        Assert.Contains("\"version\":2", proved, StringComparison.Ordinal);
        foreach (var (version, message) in ((string, string)[])[("1", "no refutation"), ("4", "version 3 or before"), ("0", "version 0")])
        {
            var json = proved.Replace("\"version\":2", $"\"version\":{version}", StringComparison.Ordinal);
            Assert.Contains(message, Assert.Throws<FormatException>(() => CertificateJson.Read(json)).Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Certificates_with_full_bins_are_of_version_3_and_no_key_comes_twice()
    {
        var proof = new Refutation(2, 10, [new(6, 6), new(4, 4)], [], [new RefutationNode.Fill(0, 1), new RefutationNode.Leaf([1, 1, 1])]);
        var certificate = Claim(PackingProblem.Create([6, 4], 10), proof);
        var json = CertificateJson.Write(certificate);
        Assert.Equal(certificate, CertificateJson.Read(json));
        Assert.Contains("\"version\":3", json, StringComparison.Ordinal);
        foreach (var (from, to, message) in ((string, string, string)[])
        [
            ("\"version\":3", "\"version\":2", "Version 2 has neither"),
            ("\"lowerBound\":3", "\"lowerBound\":3,\"lowerBound\":1", "lowerBound"),
        ])
        {
            var changed = json.Replace(from, to, StringComparison.Ordinal);
            Assert.Contains(message, Assert.Throws<FormatException>(() => CertificateJson.Read(changed)).Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("""{"bins":1,"capacity":9,"sizes":[[1]],"fixed":[],"nodes":[]}""", "Entry 0 of refutation.sizes")]
    [InlineData("""{"bins":1,"capacity":9,"sizes":[],"fixed":[[1]],"nodes":[]}""", "Entry 0 of refutation.fixed")]
    [InlineData("""{"bins":1,"capacity":9,"sizes":[],"fixed":[null],"nodes":[]}""", "Entry 0 of refutation.fixed")]
    [InlineData("""{"bins":1,"capacity":9,"sizes":[],"fixed":[[4294967296,1]],"nodes":[]}""", "overflow")]
    [InlineData("""{"bins":1,"capacity":9,"sizes":[],"fixed":[],"nodes":[{}]}""", "Entry 0 of refutation.nodes")]
    [InlineData("""{"bins":1,"capacity":9,"sizes":[],"fixed":[],"nodes":[null]}""", "Entry 0 of refutation.nodes")]
    [InlineData("""{"bins":1,"capacity":9,"sizes":[],"fixed":[],"nodes":[{"pair":[1]}]}""", "Entry 0 of refutation.nodes")]
    [InlineData("""{"bins":1,"capacity":9,"sizes":[],"fixed":[],"nodes":[{"pair":[1,2],"prices":[]}]}""", "Entry 0 of refutation.nodes")]
    [InlineData("""{"bins":1,"capacity":9,"sizes":[],"fixed":[],"nodes":[{"fill":[1,2],"forced":[1,2]}]}""", "Entry 0 of refutation.nodes")]
    [InlineData("""{"bins":1,"capacity":9,"sizes":[],"fixed":[]}""", "nodes")]
    public void A_text_that_is_no_proof_is_a_FormatException(string refutation, string names)
    {
        const string certificate = """{"format":"packingkit-certificate","version":2,"capacity":1,"patterns":[],"lowerBound":0""";
        var json = certificate + ""","boundRule":"x","refutation":""" + refutation + "}";
        Assert.Contains(names, Assert.Throws<FormatException>(() => CertificateJson.Read(json)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [Trait("speed", "slow")]
    [InlineData("Hard28_BPP119")] // CP-SAT decides the root
    [InlineData("Hard28_BPP175")]
    [InlineData("201_2500_NR_44")] // no waste, with raised sizes
    public void Instances_above_their_relaxation_are_verified_and_no_mutation_proves_more(string name)
    {
        var problem = BppLib.Read(name).ToProblem();
        var certificate = PackingCertificate.Of(new ExactPacking().Pack(problem));
        var verdict = CertificateChecker.Check(problem, CertificateJson.Read(CertificateJson.Write(certificate)));
        Assert.Equal((CertificateStatus.Verified, true), (verdict.Status, verdict.IsOptimal));
        var random = new Random(1);
        for (var round = 0; round < 50; round++)
        {
            var proof = certificate.Bound.Refutation!;
            var mutated = Mutated(proof with { Bins = proof.Bins + random.Next(2) }, random);
            Assert.InRange(CertificateChecker.Check(problem, Claim(problem, mutated)).LowerBound, 1, certificate.Bound.Bins);
        }
    }

    [Fact]
    public void Trillions_of_items_do_not_overflow()
    {
        const long items = 3_000_000_000_001, price = 1L << 40;
        var histogram = SizeHistogram.FromCounts([new(6, items)]);
        var whole = new ReducedProblem(ItemTypes.Of(histogram, 13), stop: () => true);
        var tree = new ProofTree();
        tree.Close(tree.Root!, whole.Items, new SafePrices([price], 2 * price, (Int128)items * price), items / 2);
        var rounded = whole.Refutation(histogram, items / 2, tree.ToNodes()!);
        var unrounded = rounded with { Nodes = [new RefutationNode.Leaf([price])] };
        foreach (var proof in (Refutation[])[rounded, unrounded, rounded with { Bins = items / 2 + 1 }])
        {
            var bound = new LowerBound(proof.Bins + 1, BoundRule.ColumnGeneration, null, proof);
            var certificate = new PackingCertificate(13, [new PackingPattern([new SizeCount(6, 1)], items)], bound);
            var verdict = CertificateChecker.Check(histogram, 13, certificate);
            Assert.Equal(proof.Bins == items / 2 ? CertificateStatus.Verified : CertificateStatus.Refused, verdict.Status);
        }
    }

    [Fact]
    [Trait("speed", "slow")]
    public void What_CP_SAT_has_decided_is_proved_by_going_on_from_there()
    {
        var problem = BppLib.Read("Hard28_BPP119").ToProblem();
        var reduced = new ReducedProblem(ItemTypes.Of(problem.Histogram, problem.Limits), () => false);
        var tree = new BranchAndPrice(reduced.Items, 76 - reduced.BinCount, [], Context());
        Assert.Equal((false, true), (tree.Decide(int.MaxValue), tree.IsOnTrust));
        Assert.Null(tree.Prove(0)); // not enough nodes
        var proof = reduced.Refutation(problem.Histogram, 76, tree.Prove(100)!);
        Assert.Equal(CertificateStatus.Verified, CertificateChecker.Check(problem, Claim(problem, proof)).Status);
    }

    private static SearchContext Context() => new(SearchOptions.Default, null, LinearPrograms.Create, CancellationToken.None);

    /// <summary>What a search works on: without an item limit, items of size 0 are left out.</summary>
    private static SizeHistogram WithoutZeros(PackingProblem problem) => problem.Limits.HasItemLimit ? problem.Histogram
        : SizeHistogram.FromCounts(problem.Histogram.Pairs().Where(pair => pair.Size > 0));

    /// <summary>
    /// A claim that one bin more than a proof refutes is needed, with a packing of one item a bin: any bound could be true of it.
    /// </summary>
    private static PackingCertificate Claim(PackingProblem problem, Refutation proof) => new(
        problem.Limits, [.. problem.Histogram.Pairs().Select(pair => new PackingPattern([new SizeCount(pair.Size, 1)], pair.Count))],
        new LowerBound(proof.Bins + 1, BoundRule.BranchAndPrice, null, proof));

    /// <summary>A tree of random branches with the best prices at its leaves, and whether these do.</summary>
    private static (Refutation Proof, bool IsClosed) Grow(SizeHistogram histogram, BinLimits limits, int bins, Random random)
    {
        var reduced = new ReducedProblem(ItemTypes.Of(histogram, limits), () => random.Next(4) == 0);
        var left = bins - reduced.BinCount;
        var (isClosed, waste) = (true, reduced.Items.Waste(left));
        List<RefutationNode> nodes = [];
        if (waste >= 0)
            Grow(reduced.Items, 3);
        return (reduced.Refutation(histogram, bins, nodes.ToValueList()), isClosed);

        void Grow(ItemTypes items, int depth)
        {
            var (a, b) = (random.Next(items.Count), random.Next(items.Count));
            var canMerge = items.Demands[a] >= (a == b ? 2 : 1) && items.Demands[b] >= 1 && !items.Conflict(a, b);
            if (depth > 0 && canMerge && random.Next(4) > 0)
            {
                nodes.Add(new RefutationNode.Branch(items.Numbers[a], items.Numbers[b]));
                Grow(items.Together([(a, b)], out _), depth - 1);
                Grow(items.Apart(a, b), depth - 1);
                return;
            }
            using var generation = new ColumnGeneration(items, Context(), [], exchanges: false);
            generation.Run(items.Demands, left, waste, toTheEnd: true);
            isClosed &= generation.Best!.Bins > left;
            var prices = new long[items.Numbers.Max() + 1];
            for (var type = 0; type < items.Count; type++)
                prices[items.Numbers[type]] = generation.Best.Prices[type];
            nodes.Add(new RefutationNode.Leaf([.. prices]));
        }
    }

    /// <summary>One thing of a proof changed.</summary>
    private static Refutation Mutated(Refutation proof, Random random)
    {
        long Near(long number) => random.Next(6) switch
        {
            0 => number + 1,
            1 => number - 1,
            2 => 0,
            3 => number * 2,
            4 => number / 2,
            _ => random.NextInt64(2 * (Math.Abs(number) & int.MaxValue) + 2),
        };
        ValueList<T> Changed<T>(ValueList<T> list, Func<T, T> change)
        {
            if (list.Count == 0)
                return list;
            List<T> items = [.. list];
            var (i, j) = (random.Next(list.Count), random.Next(list.Count));
            switch (random.Next(6))
            {
                case 0:
                    items.RemoveAt(i);
                    break;
                case 1:
                    items.Insert(j, items[i]);
                    break;
                case 2:
                    (items[i], items[j]) = (items[j], items[i]);
                    break;
                default:
                    items[i] = change(items[i]);
                    break;
            }
            return items.ToValueList();
        }
        RefutationNode OfOtherKind(RefutationNode node)
        {
            var (first, second) = node switch
            {
                RefutationNode.Branch branch => (branch.First, branch.Second),
                RefutationNode.Forced forced => (forced.First, forced.Second),
                RefutationNode.Fill fill => (fill.First, fill.Second),
                _ => (0, 0),
            };
            return random.Next(3) switch
            {
                0 => new RefutationNode.Branch(first, second),
                1 => new RefutationNode.Forced(first, second),
                _ => new RefutationNode.Fill(first, second),
            };
        }

        switch (random.Next(8))
        {
            case 0:
                return proof with { Bins = Near(proof.Bins) };
            case 1:
                return proof with { Capacity = Near(proof.Capacity) };
            case 2:
                return proof with
                {
                    Sizes = Changed(proof.Sizes, size => random.Next(3) == 0
                        ? size with { Size = Near(size.Size) } : size with { Weight = Near(size.Weight) }),
                };
            case 3:
                var (first, second) = (random.Next(proof.Sizes.Count + 1), random.Next(proof.Sizes.Count + 1));
                return proof with { Fixed = [.. proof.Fixed, new FixedBins(first, random.Next(3) == 0 ? null : second, random.Next(3))] };
            case 4:
                return proof with { Fixed = Changed(proof.Fixed, bins => bins with { Bins = Near(bins.Bins) }) };
            default:
                return proof with
                {
                    Nodes = Changed(proof.Nodes, node => node switch
                    {
                        not RefutationNode.Leaf when random.Next(5) == 0 => OfOtherKind(node),
                        RefutationNode.Fill fill => fill with { Second = (int)Near(fill.Second) },
                        RefutationNode.Forced forced => forced with { Second = (int)Near(forced.Second) },
                        RefutationNode.Branch branch when random.Next(2) == 0 => branch with { First = (int)Near(branch.First) },
                        RefutationNode.Branch branch => branch with { Second = (int)Near(branch.Second) },
                        RefutationNode.Leaf leaf when random.Next(5) == 0 => new RefutationNode.Branch(
                            random.Next(leaf.Prices.Count + 1), random.Next(leaf.Prices.Count + 1)),
                        RefutationNode.Leaf leaf => new RefutationNode.Leaf(Changed(leaf.Prices, Near)),
                        _ => node,
                    }),
                };
        }
    }
}

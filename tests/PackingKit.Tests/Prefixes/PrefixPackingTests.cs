using FsCheck.Xunit;
using PackingKit.Testing;
using Xunit;

namespace PackingKit.Tests;

[Properties(Arbitrary = [typeof(Arbitraries)], MaxTest = 200)]
public class PrefixPackingTests
{
    private static readonly SearchOptions Limited = new() { TimeLimit = TimeSpan.FromSeconds(2) };

    public static readonly TheoryData<string> Ids = [.. PrefixStrategies.Ids];

    [Property]
    public void Every_prompt_is_in_one_pass_and_tokens_are_counted_right(PrefixCase of)
    {
        var problem = PrefixProblem.CreateLeavingOut(of.ToForest(), of.Budget);
        Assert.Equal(Enumerable.Range(0, of.Prompts.Length).Where(prompt => of.Prompts[prompt].Length > of.Budget), problem.LeftOut);
        foreach (var result in Results(problem))
        {
            var seen = Enumerable.Range(0, result.PassCount).SelectMany(pass => result.PromptsOf(pass).ToArray()).ToArray();
            Assert.Equal(Enumerable.Range(0, of.Prompts.Length).Except(problem.LeftOut), seen.Order());
            for (var pass = 0; pass < result.PassCount; pass++)
            {
                var tokens = Beginnings(result.PromptsOf(pass).ToArray().Select(prompt => of.Prompts[prompt])).Count;
                Assert.True(tokens <= of.Budget);
                Assert.Equal(tokens, result.TokensOfPass[pass]);
            }
            Assert.Equal(result.TokensOfPass.ToArray().Sum(), result.ComputedTokenCount);
            Assert.True(result.Gap >= 0);
            Assert.Equal(
                result.Bound.IsBySearch ? CertificateStatus.BoundNotCertified : CertificateStatus.Verified,
                PrefixChecker.Check(result).Status);
        }
        Assert.Equal(
            Beginnings(of.Prompts.Where(prompt => prompt.Length <= of.Budget)).Count, problem.DistinctTokenCount);
    }

    [Property(MaxTest = 150)]
    public void Bounds_are_true_and_a_certified_optimum_is_the_optimum(PrefixCase of)
    {
        var small = of.Small(prompts: 7);
        var problem = PrefixProblem.Create(small.ToForest(), small.Budget);
        var optimum = BruteForce.Passes(small);
        foreach (var result in Results(problem))
        {
            Assert.True(result.PassCount >= optimum);
            Assert.True(result.Bound.Passes <= optimum);
        }
    }

    /// <summary>The bounds of the literature: all tokens over the budget, and the same below every node behind its path.</summary>
    [Property]
    public void The_bound_of_the_tree_is_no_lower_than_that_of_any_subtree(PrefixCase of)
    {
        var problem = PrefixProblem.CreateLeavingOut(of.ToForest(), of.Budget);
        string[] beginnings = [.. Beginnings(of.Prompts.Where(prompt => prompt.Length <= of.Budget))];
        var bound = PrefixBound.Tree(problem).Passes;
        Assert.True(bound >= Integers.CeilingDivide(beginnings.Length, of.Budget));
        foreach (var path in beginnings)
        {
            var below = beginnings.Count(other => other.StartsWith(path + " ", StringComparison.Ordinal));
            if (below > 0)
                Assert.True(bound >= Integers.CeilingDivide(below, of.Budget - path.Split(' ').Length));
        }
    }

    /// <summary>tokens &lt;= distinct tokens + (passes - 1) * deepest path at which neighbours are cut apart.</summary>
    [Property]
    public void Tree_order_repeats_at_most_a_path_for_each_cut(PrefixCase of)
    {
        var problem = PrefixProblem.CreateLeavingOut(of.ToForest(), of.Budget);
        var result = new TreeOrder().Pack(problem);
        var deepest = problem.SharedWithLast.ToArray().DefaultIfEmpty(0).Max();
        Assert.True(result.ComputedTokenCount <= problem.DistinctTokenCount + (Math.Max(0, result.PassCount - 1) * deepest));
    }

    [Property]
    public void Better_strategies_need_no_more_passes(PrefixCase of)
    {
        var problem = PrefixProblem.CreateLeavingOut(of.ToForest(), of.Budget);
        var passes = Results(problem).ToDictionary(result => result.Strategy, result => result.PassCount);
        Assert.True(passes["subtrees"] <= passes["tree-order"]);
        Assert.True(passes["certified"] <= passes["subtrees"]);
    }

    /// <summary>Nothing shared is ordinary bin packing.</summary>
    [Property]
    public void Without_shared_beginnings_first_fit_is_first_fit(SmallCase small)
    {
        long[] sizes = [.. small.Case.Sizes.Select(size => 1 + (size % 20))];
        var forest = PrefixForest.FromTokens(
            sizes.Select((size, item) => Enumerable.Repeat(item, (int)size).ToArray()).ToArray());
        Assert.Equal(
            new FirstFit().Pack(PackingProblem.Create(sizes, 20)).Packing.BinOfItem.ToArray(),
            new FirstFitTries().Pack(PrefixProblem.Create(forest, 20)).PassOfPrompt.ToArray());
        Assert.Equal(
            new NextFit().Pack(PackingProblem.Create(sizes, 20)).Packing.BinOfItem.ToArray(),
            new ArrivalOrder().Pack(PrefixProblem.Create(forest, 20)).PassOfPrompt.ToArray());
    }

    /// <summary>The definition, pass by pass and prompt by prompt.</summary>
    [Property]
    public void First_fit_over_tries_is_the_definition(PrefixCase of)
    {
        var result = new FirstFitTries().Pack(PrefixProblem.CreateLeavingOut(of.ToForest(), of.Budget));
        List<HashSet<string>> passes = [];
        for (var prompt = 0; prompt < of.Prompts.Length; prompt++)
        {
            var own = Beginnings([of.Prompts[prompt]]);
            if (own.Count > of.Budget)
                continue;
            var pass = passes.FindIndex(tries => tries.Union(own).Count() <= of.Budget);
            if (pass < 0)
                passes.Add([]);
            passes[pass < 0 ? ^1 : pass].UnionWith(own);
            Assert.Equal(pass < 0 ? passes.Count - 1 : pass, result.PassOfPrompt[prompt]);
        }
    }

    /// <summary>Where the tree's bound is too low, prices prove the optimum: three prompts of which no two fit together.</summary>
    [Fact]
    public void Column_generation_proves_what_the_tree_does_not()
    {
        int[][] prompts = [[0, 1, 1, 1], [0, 2, 2, 2], [0, 3, 3, 3], [0, 4, 4, 4]];
        var problem = PrefixProblem.Create(PrefixForest.FromTokens(prompts), 6);
        Assert.True(PrefixBound.Tree(problem).Passes < 4);
        var result = new CertifiedPasses(Limited).Pack(problem);
        Assert.Equal((4, 4L, PackingStatus.Optimal), (result.PassCount, result.Bound.Passes, result.Status));
        Assert.NotNull(result.Bound.Prices);
        Assert.Equal((CertificateStatus.Verified, true), (PrefixChecker.Check(result).Status, PrefixChecker.Check(result).IsOptimal));
    }

    /// <summary>Where neither the tree nor prices prove the optimum, a search does; the checker says that it does not certify it.</summary>
    [Fact]
    public void A_search_proves_what_prices_do_not()
    {
        var searched = 0;
        for (var seed = 0; seed < 60; seed++)
        {
            var problem = Random200(new Random(seed), 26);
            var result = new CertifiedPasses().Pack(problem);
            Assert.Equal((PackingStatus.Optimal, StopReason.BoundReached), (result.Status, result.StopReason));
            if (!result.Bound.IsBySearch)
                continue;
            searched++;
            var verdict = PrefixChecker.Check(result);
            Assert.Equal((CertificateStatus.BoundNotCertified, PrefixBound.Tree(problem).Passes), (verdict.Status, verdict.LowerBound));
            Assert.False(verdict.IsOptimal);
            Assert.EndsWith("(search)", result.Bound.ToString(), StringComparison.Ordinal);
        }
        Assert.True(searched > 0);
    }

    /// <summary>Each number of passes, by the search alone, beside every packing tried.</summary>
    [Property(MaxTest = 150)]
    public void The_search_finds_passes_just_where_there_are(PrefixCase of)
    {
        var small = of.Small(prompts: 7);
        var problem = PrefixProblem.Create(small.ToForest(), small.Budget);
        var optimum = BruteForce.Passes(small);
        for (var passes = Math.Max(0, optimum - 2); passes <= optimum; passes++)
        {
            using var columns = new PassColumns(problem, LinearPrograms.Create, () => false);
            var search = new PassSearch(problem, columns, () => false);
            var found = search.Find(passes);
            Assert.False(search.GaveUp);
            Assert.Equal(passes == optimum, found is not null);
            if (found is null)
                continue;
            Assert.Equal(Enumerable.Range(0, problem.Leaves.Length), found.SelectMany(pass => pass).Order());
            Assert.All(found, pass => Assert.True(Beginnings(pass.Select(leaf =>
                small.Prompts[problem.Forest.PromptsOf(problem.Leaves[leaf])[0]])).Count <= small.Budget));
        }
    }

    [Fact]
    public void A_search_that_is_stopped_knows_nothing()
    {
        var problem = Random200(new Random(1), 26);
        using var columns = new PassColumns(problem, LinearPrograms.Create, () => true);
        var search = new PassSearch(problem, columns, () => true);
        Assert.Null(search.Find(26));
        Assert.True(search.GaveUp);
    }

    /// <summary>Budgets beyond the table of the knapsack: lengths are rounded down, and the bound stays true.</summary>
    [Fact]
    public void Large_budgets_are_priced_on_rounded_lengths()
    {
        const int budget = 1_000_003;
        var random = new Random(5);
        BlockPrompt[] prompts = [.. Enumerable.Range(0, 90).Select(prompt =>
            new BlockPrompt(200_000 + random.Next(200_000), new long[] { prompt % 3, 1000 + prompt }))];
        var problem = PrefixProblem.Create(PrefixForest.FromBlocks(prompts, 200_000), budget);
        var result = new CertifiedPasses(Limited).Pack(problem);
        Assert.True(result.Gap >= 0);
        Assert.NotEqual(CertificateStatus.Refused, PrefixChecker.Check(result).Status);
        Assert.True(new TreeKnapsack(problem).Build(Enumerable.Repeat(1L, problem.Leaves.Length).ToArray())
            >= result.PassOfPrompt.ToArray().GroupBy(pass => pass).Max(pass => pass.Count()));
    }

    /// <summary>The best pass of the table is the best of all passes, tried one by one.</summary>
    [Property]
    public void The_knapsack_on_the_tree_finds_the_best_pass(PrefixCase of, int seed)
    {
        var problem = PrefixProblem.CreateLeavingOut(of.Small(prompts: 9).ToForest(), of.Budget);
        var leaves = problem.Leaves.Length;
        var random = new Random(seed);
        long[] prices = [.. Enumerable.Range(0, leaves).Select(_ => (long)random.Next(5))];
        long best = 0;
        for (var set = 0; set < 1 << leaves; set++)
        {
            int[] chosen = [.. Enumerable.Range(0, leaves).Where(leaf => (set >> leaf & 1) == 1)];
            if (Tokens(chosen) <= of.Budget)
                best = Math.Max(best, chosen.Sum(leaf => prices[leaf]));
        }
        var knapsack = new TreeKnapsack(problem);
        Assert.Equal(best, knapsack.Build(prices));
        Assert.Equal(best, knapsack.Best().Sum(leaf => prices[leaf]));
        Assert.True(Tokens(knapsack.Best()) <= of.Budget);

        int Tokens(int[] chosen) => Beginnings(chosen.Select(leaf =>
            of.Prompts[problem.Forest.PromptsOf(problem.Leaves[leaf])[0]])).Count;
    }

    [Fact]
    public void The_checker_refuses_what_is_false()
    {
        int[][] prompts = [[0, 1, 1, 1], [0, 2, 2, 2], [0, 3, 3, 3], [0, 4, 4, 4]];
        var problem = PrefixProblem.Create(PrefixForest.FromTokens(prompts), 7);
        int[] passes = [0, 1, 2, 3];
        Assert.Equal(CertificateStatus.Verified, Status(new(2)));
        Assert.Equal(CertificateStatus.Refused, Status(new(3)));
        Assert.Equal(CertificateStatus.Verified, Status(new(2, new([1, 1, 1, 1], 2))));
        Assert.Equal(CertificateStatus.Refused, Status(new(3, new([1, 1, 1, 1], 2))));
        Assert.Equal(CertificateStatus.Refused, Status(new(4, new([1, 1, 1, 1], 1))));
        Assert.Equal(CertificateStatus.Refused, Status(new(2, new([3, 1, 1, 0], 3))));
        Assert.Equal(CertificateStatus.Refused, Status(new(2, new([3, 1, -1, 1], 2))));
        Assert.Equal(CertificateStatus.Refused, Status(new(2, new([1, 1, 1], 2))));

        CertificateStatus Status(PrefixBound bound) => PrefixChecker.Check(new PrefixResult(problem, "mine", passes, 4, bound)).Status;
    }

    /// <summary>The checker computes the bound of the tree by code of its own.</summary>
    [Property]
    public void The_checker_has_the_same_bound_of_the_tree(PrefixCase of)
    {
        var problem = PrefixProblem.CreateLeavingOut(of.ToForest(), of.Budget);
        var tree = PrefixBound.Tree(problem).Passes;
        var one = new int[of.Prompts.Length];
        var next = 0;
        for (var prompt = 0; prompt < one.Length; prompt++)
            one[prompt] = of.Prompts[prompt].Length > of.Budget ? PrefixResult.NoPass : next++;
        Assert.Equal(tree, Check(tree).LowerBound);
        if (tree < next)
            Assert.Equal(CertificateStatus.Refused, Check(tree + 1).Status);

        CertificateVerdict Check(long passes) => PrefixChecker.Check(new PrefixResult(problem, "mine", one, next, new(passes)));
    }

    [Fact]
    public void Prices_are_not_null()
    {
        Assert.Throws<ArgumentNullException>(() => new PrefixPrices(null!, 1));
        Assert.Throws<ArgumentNullException>(() => new PrefixPrices([1], 1) with { OfPrompt = null! });
    }

    [Fact]
    public void What_is_no_packing_is_no_result()
    {
        var problem = PrefixProblem.CreateLeavingOut(PrefixForest.FromTokens(new int[][] { [1, 2], [1, 3], [1, 2, 3, 4] }), 3);
        var bound = new PrefixBound(1);
        Assert.Equal([2], problem.LeftOut);
        Assert.Equal([3L], new PrefixResult(problem, "mine", [0, 0, -1], 1, bound).TokensOfPass.ToArray());
        Assert.Contains("Prompt 2 of 4 tokens is in pass 0", Message([0, 0, 0], 1), StringComparison.Ordinal);
        Assert.Contains("Prompt 1 of 2 tokens is in pass -1", Message([0, -1, -1], 1), StringComparison.Ordinal);
        Assert.Contains("Prompt 1 of 2 tokens is in pass 2", Message([0, 2, -1], 2), StringComparison.Ordinal);
        Assert.Contains("Pass 1 is empty", Message([0, 0, -1], 2), StringComparison.Ordinal);
        Assert.Contains("3 prompts need one pass each, not 2", Message([0, 0], 1), StringComparison.Ordinal);
        Assert.Contains("The bound of 9 passes is above the 1 of the packing",
            Assert.Throws<ArgumentException>(() => new PrefixResult(problem, "mine", [0, 0, -1], 1, new(9))).Message,
            StringComparison.Ordinal);
        var tight = PrefixProblem.Create(PrefixForest.FromTokens(new int[][] { [1, 2], [1, 3] }), 2);
        Assert.Contains("Pass 0 has 3 tokens, above the budget 2",
            Assert.Throws<ArgumentException>(() => new PrefixResult(tight, "mine", [0, 0], 1, bound)).Message, StringComparison.Ordinal);

        string Message(int[] passes, int count) =>
            Assert.Throws<ArgumentException>(() => new PrefixResult(problem, "mine", passes, count, bound)).Message;
    }

    [Fact]
    public void A_prompt_above_the_budget_is_refused_by_its_number()
    {
        var forest = PrefixForest.FromTokens(new int[][] { [1, 2], [1, 3, 4] });
        Assert.Contains("Prompt 1 has 3 tokens, which is above the budget 2",
            Assert.Throws<ArgumentOutOfRangeException>(() => PrefixProblem.Create(forest, 2)).Message, StringComparison.Ordinal);
        Assert.Equal([1], PrefixProblem.CreateLeavingOut(forest, 2).LeftOut);
        Assert.Throws<ArgumentOutOfRangeException>(() => PrefixProblem.CreateLeavingOut(forest, 0));
        Assert.Throws<ArgumentNullException>(() => PrefixProblem.Create(null!, 1));
    }

    [Theory]
    [MemberData(nameof(Ids))]
    public void A_cancelled_token_stops_every_strategy(string id)
    {
        var problem = PrefixProblem.Create(PrefixForest.FromTokens(new int[][] { [1, 2], [1, 3] }), 3);
        Assert.Equal(id, PrefixStrategies.Create(id).Id);
        Assert.Equal(1, PrefixStrategies.Create(id).Pack(problem).PassCount);
        Assert.Throws<ArgumentNullException>(() => PrefixStrategies.Create(id).Pack(null!));
        Assert.ThrowsAny<OperationCanceledException>(() => PrefixStrategies.Create(id).Pack(problem, new CancellationToken(true)));
    }

    [Fact]
    public void A_stop_ends_the_search_with_the_best_passes_so_far()
    {
        int[][] prompts = [[0, 1, 1, 1], [0, 2, 2, 2], [0, 3, 3, 3], [0, 4, 4, 4]];
        var problem = PrefixProblem.Create(PrefixForest.FromTokens(prompts), 6);
        var result = new CertifiedPasses(new SearchOptions { Stop = new CancellationToken(true) }).Pack(problem);
        Assert.Equal((4, StopReason.Stopped), (result.PassCount, result.StopReason));
        Assert.Equal(CertificateStatus.Verified, PrefixChecker.Check(result).Status);
    }

    [Fact]
    public void An_unknown_id_is_answered_with_those_there_are() =>
        Assert.Contains("arrival, first-fit", Assert.Throws<ArgumentException>(() => PrefixStrategies.Create("best")).Message,
            StringComparison.Ordinal);

    /// <summary>Prompts after a few shared documents, two or three to a pass of 200 tokens.</summary>
    private static PrefixProblem Random200(Random random, int prompts)
    {
        int[][] documents = [.. Enumerable.Range(0, (prompts / 6) + 1).Select(_ => Tokens(5, 60))];
        return PrefixProblem.Create(PrefixForest.FromTokens(Enumerable.Range(0, prompts).Select(_ =>
            (int[])[.. documents[random.Next(documents.Length)], .. Tokens(10, 90)]).ToArray()), 200);

        int[] Tokens(int least, int most) => [.. Enumerable.Range(0, random.Next(least, most)).Select(_ => random.Next(1000))];
    }

    private static IEnumerable<PrefixResult> Results(PrefixProblem problem) =>
        PrefixStrategies.All.Select(info => info.Create(Limited).Pack(problem));

    private static HashSet<string> Beginnings(IEnumerable<int[]> prompts) =>
        [.. prompts.SelectMany(prompt => Enumerable.Range(1, prompt.Length).Select(end => string.Join(' ', prompt[..end])))];
}

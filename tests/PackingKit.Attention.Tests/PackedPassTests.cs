using FsCheck.Xunit;
using PackingKit.Testing;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace PackingKit.Attention.Tests;

/// <summary>Passes in which beginnings are computed once.</summary>
public class PackedPassTests
{
    [Property(MaxTest = 200)]
    public void Every_prompt_is_spelled_in_one_pass_and_those_above_the_budget_in_chunks(int seed)
    {
        var (prompts, budget) = PrefixCase.Random(new Random(seed), prompts: new Random(seed).Next(20), maxTail: 40);
        var forest = PrefixForest.FromTokens(prompts, PackedPasses.MinShared);
        var passes = PackedPasses.Plan(prompts, budget);
        var done = Array.ConvertAll(prompts, _ => new List<int>());
        foreach (var pass in passes)
        {
            var tokens = pass.Tokens(prompts);
            Assert.Equal(pass.Layout.TokenCount, tokens.Sum(part => part.Count));
            Assert.InRange(pass.Layout.TokenCount, 1, budget);
            Assert.Equal(pass.Forest is not null, pass.Layout.IsForest);
            for (var i = 0; i < pass.Prompts.Count; i++)
            {
                var path = new List<int>();
                for (var end = pass.Ends[i]; end >= 0; end = pass.Layout.IsForest ? pass.Layout.Parents[end] : -1)
                    path.InsertRange(0, tokens[end]);
                done[pass.Prompts[i]].AddRange(path);
            }
        }
        Assert.Equal(prompts, done.Select(tokens => tokens.ToArray()));
        var problem = PrefixProblem.CreateLeavingOut(forest, budget);
        Assert.Equal(new SubtreePacking().Pack(problem).PassCount, passes.Count(pass => !pass.Prompts.Intersect(problem.LeftOut).Any()));
    }

    [Fact]
    public void A_negative_number_of_a_prompt_is_refused_at_once()
    {
        var forest = PrefixForest.FromTokens<int>([[1, 2], [1, 3]]);
        Refused.OutOfRange("prompts", () => new PackedPass([0, -5], forest), "At 1 stands prompt -5");
        Refused.OutOfRange("prompts", () => new PackedPass([-1], PackedLayout.Flat([2])), "At 0 stands prompt -1");
    }

    [Fact]
    public void What_shares_nothing_is_plain()
    {
        int[][] prompts = [[1, 2, 3], [1, 2, 4], [5, 6]]; // two tokens are too few
        var pass = Assert.Single(PackedPasses.Plan(prompts, 100));
        Assert.False(pass.Layout.IsForest);
        Assert.Null(pass.Forest);
        Assert.Equal([0, 1, 2], pass.Ends);
        Assert.Equal(6, Assert.Single(PackedPasses.Plan(PrefixForest.FromTokens(prompts), 6)).Layout.TokenCount);
    }

    [Fact]
    public void What_is_taken_of_the_ends_is_that_of_each_prompt_alone()
    {
        using var scope = NewDisposeScope();
        int[] question = [.. Enumerable.Range(10, 20)];
        int[][] prompts = [[.. question, 1, 2], [3, 4, 5], [.. question, 6], question, [3, 4, 5]];
        var shape = new AttentionShape(2, 1, 4, ScalarType.Float64);
        var embeddings = ((int[])[2, 1, 1]).Select(heads => randn(40, heads, 4, dtype: ScalarType.Float64)).ToArray();
        var pass = Assert.Single(PackedPasses.Plan(prompts, 1000));
        var shared = LastAttended(pass.Layout, pass.Tokens(prompts)).index_select(0, tensor(pass.Ends.ToArray()));
        for (var i = 0; i < prompts.Length; i++)
        {
            var prompt = prompts[pass.Prompts[i]];
            Assert.True(shared[i].allclose(LastAttended(PackedLayout.Flat([prompt.Length]), [prompt])[0], rtol: 1e-12, atol: 1e-12));
        }

        Tensor LastAttended(PackedLayout layout, IReadOnlyList<IReadOnlyList<int>> tokens)
        {
            using var batch = PackedBatch.Create(layout, tokens);
            using var plan = PackedAttention.Plan(batch, shape);
            var inputs = Array.ConvertAll(embeddings, table => table.index_select(0, batch.InputIds.flatten()));
            return batch.LastTokens(plan.Forward(inputs[0], inputs[1], inputs[2]));
        }
    }

    [Fact]
    public void What_does_not_fit_is_refused_by_name()
    {
        var forest = PrefixForest.FromTokens<int>([[1, 2], [1]]);
        Refused.Null("prompts", () => new PackedPass(null!, forest));
        Refused.Null("layout", () => new PackedPass([0], (PackedLayout)null!));
        Refused.Null("forest", () => new PackedPass([0], (PrefixForest)null!));
        Refused.Null("forest", () => PackedPasses.Plan((PrefixForest)null!, 1));
        Assert.Throws<ArgumentException>(() => new PackedPass([0], forest));
        Assert.Throws<ArgumentException>(() => new PackedPass([0], PackedLayout.Flat([1, 2])));
        Assert.Throws<ArgumentOutOfRangeException>(() => PackedPasses.Plan(forest, 0));
        var pass = new PackedPass([0, 2], forest);
        Refused.Null("prompts", () => pass.Tokens<int>(null!));
        Assert.Contains("no prompt 2", Assert.Throws<ArgumentOutOfRangeException>(() => pass.Tokens<int>([[1, 2], [1]])).Message,
            StringComparison.Ordinal);
        Assert.Contains("Prompt 0", Assert.Throws<ArgumentException>(() => pass.Tokens<int>([[1], [1], [1]])).Message,
            StringComparison.Ordinal);
    }
}

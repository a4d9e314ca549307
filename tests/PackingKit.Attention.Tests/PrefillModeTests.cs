using PackingKit.Samples.Prefill.Modes;
using Xunit;

namespace PackingKit.Attention.Tests;

/// <summary>How the sample's modes cut a batch into passes; what the passes give, LlamaFixtureTests hold to transformers.</summary>
public class PrefillModeTests
{
    [Theory]
    [InlineData(null)]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(1000)]
    public void Chunked_keeps_to_its_budget_and_has_every_token_once_and_in_order(int? budget)
    {
        int[] lengths = [30, 2, 11, 1, 8];
        var settings = new ModeSettings(new BestFitDecreasing(), null, budget);
        var passes = PrefillMode.Named("chunked").Plan(Prompts(lengths), settings);
        var seen = new int[lengths.Length];
        foreach (var pass in passes)
        {
            Assert.InRange(pass.Layout.TokenCount, 1, budget ?? 13); // a quarter of 52 tokens is less than half of 30
            for (var i = 0; i < pass.Prompts.Count; i++)
            {
                Assert.Equal(seen[pass.Prompts[i]], pass.Layout.PastLengths[i]);
                seen[pass.Prompts[i]] += pass.Layout.Lengths[i];
            }
        }
        Assert.Equal(lengths, seen);
        Assert.Equal(budget is 1000, passes.Length == 1);
    }

    [Fact]
    public void By_default_chunked_cuts_the_longest_prompt_and_budget_none()
    {
        int[] lengths = [30, 1, 1];
        var settings = new ModeSettings(new BestFitDecreasing(), null, null);
        Assert.Contains(Plan("chunked"), pass => pass.Layout.PastLengths.ContainsAnyExcept(0));
        Assert.DoesNotContain(Plan("budget"), pass => pass.Layout.PastLengths.ContainsAnyExcept(0));

        ModePass[] Plan(string mode) => PrefillMode.Named(mode).Plan(Prompts(lengths), settings);
    }

    [Fact]
    public void Shared_has_each_beginning_once()
    {
        int[] question = [.. Enumerable.Range(1, 40)];
        int[][] prompts = [[.. question, 50, 51], [60, 61], [.. question, 70], question, [60, 61]];
        var pass = Assert.Single(PrefillMode.Named("shared").Plan(prompts, new ModeSettings(new BestFitDecreasing(), null, null)));
        Assert.Equal(40 + 2 + 1 + 2, pass.Layout.TokenCount);
        var forest = pass.Pass.Forest!;
        for (var prompt = 0; prompt < pass.Prompts.Count; prompt++)
        {
            var path = new List<int>();
            for (var node = forest.NodeOfPrompt[prompt]; node >= 0; node = forest.Parents[node])
                path.InsertRange(0, pass.Pass.Tokens(prompts)[node]);
            Assert.Equal(prompts[pass.Prompts[prompt]], path);
        }
    }

    private static int[][] Prompts(int[] lengths) => Array.ConvertAll(lengths, length => new int[length]);
}

using Xunit;

namespace PackingKit.Tests;

/// <summary>The code of the page on shared prefixes.</summary>
public class PrefixSnippets
{
    [Fact]
    public void Forest_and_passes()
    {
        #region forest
        int[][] prompts = [[1, 2, 3, 4, 5], [1, 2, 3, 9], [1, 2, 3], [7, 8]];
        var forest = PrefixForest.FromTokens(prompts);
        Console.WriteLine(forest); // 4 prompts: 14 tokens, 8 distinct, 4 nodes

        var node = forest[forest.NodeOfPrompt[1]];              // the tail [9]
        var tail = prompts[node.Source][node.Start..node.End];  // its tokens, from a prompt that has them
        var shared = forest[node.Parent];                       // tokens 0..3, at which prompt 2 ends
        #endregion
        Assert.Equal("4 prompts: 14 tokens, 8 distinct, 4 nodes", forest.ToString());
        Assert.Equal([9], tail);
        Assert.Equal((0, 3, forest.NodeOfPrompt[2]), (shared.Start, shared.End, shared.Index));

        #region passes
        var problem = PrefixProblem.Create(forest, budget: 6); // CreateLeavingOut: without prompts above the budget
        PrefixResult result = new CertifiedPasses().Pack(problem);

        Console.WriteLine($"{result}: {result.Status}"); // 2 passes, bound 2 (tree), 8 tokens: Optimal
        for (var pass = 0; pass < result.PassCount; pass++)
            Console.WriteLine($"{result.TokensOfPass[pass]} tokens: prompts {string.Join(", ", result.PromptsOf(pass).ToArray())}");
        #endregion
        Assert.Equal("2 passes, bound 2 (tree), 8 tokens: Optimal", $"{result}: {result.Status}");
    }
}

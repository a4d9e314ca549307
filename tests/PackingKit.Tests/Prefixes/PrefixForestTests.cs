using FsCheck.Xunit;
using PackingKit.Testing;
using Xunit;

namespace PackingKit.Tests;

[Properties(Arbitrary = [typeof(Arbitraries)], MaxTest = 300)]
public class PrefixForestTests
{
    [Property]
    public void The_path_to_a_prompt_spells_it(PrefixCase of, byte more)
    {
        var forest = of.ToForest(1 + (more % 6));
        Assert.Equal(of.Prompts.Length, forest.PromptCount);
        Assert.Equal(of.Prompts.Sum(prompt => (long)prompt.Length), forest.TokenCount);
        for (var prompt = 0; prompt < of.Prompts.Length; prompt++)
        {
            Assert.Equal(of.Prompts[prompt], Path(forest, forest.NodeOfPrompt[prompt])
                .SelectMany(node => of.Prompts[node.Source][node.Start..node.End]));
            Assert.Equal(of.Prompts[prompt].Length, forest.LengthOf(prompt));
            Assert.Contains(prompt, forest.PromptsOf(forest.NodeOfPrompt[prompt]).ToArray());
        }
    }

    /// <summary>Every distinct beginning of a prompt is one token of the forest.</summary>
    [Property]
    public void Each_shared_token_is_there_once(PrefixCase of)
    {
        var beginnings = of.Prompts.SelectMany(prompt => Enumerable.Range(1, prompt.Length).Select(end => string.Join(' ', prompt[..end])))
            .ToHashSet();
        var forest = of.ToForest();
        Assert.Equal(beginnings.Count, forest.DistinctTokenCount);
        // A node ends where a prompt does or where at least two tokens may follow.
        var branching = beginnings.Where(text => text.Contains(' ')).GroupBy(text => text[..text.LastIndexOf(' ')])
            .Where(group => group.Count() > 1).Select(group => group.Key);
        Assert.Equal(of.Prompts.Select(prompt => string.Join(' ', prompt)).Union(branching).Count(), forest.NodeCount);
    }

    [Property]
    public void Nodes_are_in_depth_first_order_and_siblings_by_first_prompt(PrefixCase of, byte more)
    {
        var minShared = 1 + (more % 6);
        var forest = of.ToForest(minShared);
        long distinct = 0;
        for (var index = 0; index < forest.NodeCount; index++)
        {
            var node = forest[index];
            Assert.Equal((index, forest.Parents[index]), (node.Index, node.Parent));
            Assert.True(node.Length >= 1 && node.Parent < index);
            Assert.Equal(node.Parent < 0 ? 0 : forest[node.Parent].End, node.Start);
            Assert.True(node.IsLeaf || node.Length >= minShared);
            Assert.Equal(index + Descendants(forest, index), node.SubtreeEnd - 1);
            Assert.All(forest.PromptsOf(index).ToArray(), prompt => Assert.Equal(index, forest.NodeOfPrompt[prompt]));
            distinct += node.Length;
        }
        Assert.Equal(distinct, forest.DistinctTokenCount);
        if (minShared == 1)
            foreach (var siblings in Enumerable.Range(0, forest.NodeCount).GroupBy(node => forest[node].Parent))
                Assert.Equal(siblings.Select(First).Order(), siblings.Select(First));

        int First(int node) => Enumerable.Range(node, forest[node].SubtreeEnd - node).Min(
            below => forest.PromptsOf(below).ToArray().DefaultIfEmpty(int.MaxValue).Min());
    }

    /// <summary>Above some dozen prompts they are dealt by their next symbol before they are sorted.</summary>
    [Theory]
    [InlineData(70, 0)]
    [InlineData(300, 0)]
    [InlineData(1500, 40)]
    [InlineData(700, 3)]
    public void Many_prompts_are_no_different(int count, int begin)
    {
        for (var seed = 0; seed < 4; seed++)
        {
            var random = new Random(seed);
            int[] beginning = [.. Enumerable.Range(0, begin).Select(_ => random.Next())];
            var many = PrefixCase.Random(random, count);
            // Letters far apart and close, before and after 0; a third of the prompts behind another beginning.
            var letters = Enumerable.Range(0, 4)
                .Select(letter => seed % 2 == 0 ? letter - 2 : random.Next(int.MinValue, int.MaxValue)).ToArray();
            many = many with
            {
                Prompts = [.. many.Prompts.Select(prompt =>
                    (int[])[.. random.Next(3) == 0 ? [7] : beginning, .. prompt.Select(letter => letters[letter])])],
            };
            The_path_to_a_prompt_spells_it(many, (byte)seed);
            Each_shared_token_is_there_once(many);
            Nodes_are_in_depth_first_order_and_siblings_by_first_prompt(many, 0);
            Blocks_give_what_their_tokens_give(many);
            The_forest_of_some_prompts_is_that_of_their_tokens(many, (byte)seed, seed);
        }
    }

    [Property]
    public void The_forest_of_some_prompts_is_that_of_their_tokens(PrefixCase of, byte more, int seed)
    {
        var random = new Random(seed);
        int[] some = [.. Enumerable.Range(0, of.Prompts.Length).Where(_ => random.Next(2) == 0)];
        random.Shuffle(some);
        int[][] prompts = [.. some.Select(prompt => of.Prompts[prompt])];
        var (all, expected) = (of.ToForest(), PrefixForest.FromTokens(prompts));
        var forest = all.Of(some);
        Assert.Equal(Nodes(expected), Nodes(forest));
        Assert.Equal(expected.NodeOfPrompt, forest.NodeOfPrompt);
        Assert.Equal((expected.TokenCount, expected.DistinctTokenCount), (forest.TokenCount, forest.DistinctTokenCount));

        // With longer runs it need not be the same, but the prompts are spelled and no token comes back.
        all = of.ToForest(1 + (more % 6));
        forest = all.Of(some);
        var touched = some.SelectMany(prompt => Path(all, all.NodeOfPrompt[prompt])).Distinct().Sum(node => (long)node.Length);
        Assert.Equal(touched, forest.DistinctTokenCount);
        for (var i = 0; i < some.Length; i++)
            Assert.Equal(prompts[i], Path(forest, forest.NodeOfPrompt[i]).SelectMany(node => prompts[node.Source][node.Start..node.End]));

        // Siblings by first prompt: sources may be any prompt that has the run.
        static IEnumerable<PrefixNode> Nodes(PrefixForest forest) =>
            Enumerable.Range(0, forest.NodeCount).Select(node => forest[node] with { Source = 0 });
    }

    [Fact]
    public void A_forest_of_prompts_that_there_are_not_is_refused()
    {
        var forest = PrefixForest.FromTokens<int>([[1, 2], [1]]);
        Assert.Equal(0, forest.Of([]).NodeCount);
        foreach (var missing in (int[])[-1, 2])
            Assert.Contains($"At 1 stands prompt {missing}; there are 2.",
                Assert.Throws<ArgumentOutOfRangeException>(() => forest.Of([0, missing])).Message, StringComparison.Ordinal);
    }

    [Property]
    public void A_longer_least_run_only_costs_tokens(PrefixCase of, byte more)
    {
        var (least, longer) = (of.ToForest(1 + (more % 6)), of.ToForest(2 + (more % 6)));
        Assert.True(of.ToForest().DistinctTokenCount <= least.DistinctTokenCount);
        Assert.Equal(of.ToForest(int.MaxValue).DistinctTokenCount,
            of.Prompts.DistinctBy(prompt => string.Join(' ', prompt)).Sum(prompt => (long)prompt.Length));
        Assert.True(longer.DistinctTokenCount <= of.ToForest(int.MaxValue).DistinctTokenCount);
    }

    /// <summary>Blocks whose hashes are those of their beginnings give the forest of tokens that are cut at blocks.</summary>
    [Property]
    public void Blocks_give_what_their_tokens_give(PrefixCase of)
    {
        const int blockSize = 3;
        Dictionary<string, long> hashes = [];
        BlockPrompt[] blocks =
        [
            .. of.Prompts.Select(prompt => new BlockPrompt(
                prompt.Length,
                prompt.Chunk(blockSize).Select((block, index) => Hash(prompt, (index * blockSize) + block.Length)).ToArray())),
        ];
        var forest = PrefixForest.FromBlocks(blocks, blockSize);
        var distinct = of.Prompts.SelectMany(prompt => prompt.Chunk(blockSize)
            .Select((block, index) => (string.Join(' ', prompt[..((index * blockSize) + block.Length)]), block.Length))).Distinct();
        Assert.Equal(distinct.Sum(block => (long)block.Length), forest.DistinctTokenCount);
        Assert.Equal(of.ToForest().TokenCount, forest.TokenCount);

        long Hash(int[] prompt, int end) =>
            hashes.TryGetValue(string.Join(' ', prompt[..end]), out var hash) ? hash
            : hashes[string.Join(' ', prompt[..end])] = hashes.Count * 7919L % 1_000_003 - 500;
    }

    [Fact]
    public void A_cut_block_of_another_length_is_another_block()
    {
        var forest = PrefixForest.FromBlocks([new(512, new long[] { 1 }), new(100, new long[] { 1 }), new(513, new long[] { 1, 2 })], 512);
        Assert.Equal([0, 2, 1], forest.NodeOfPrompt.ToArray());
        Assert.Equal(512 + 1 + 100, forest.DistinctTokenCount);
    }

    [Fact]
    public void Prompts_that_share_nothing_are_nodes_in_input_order()
    {
        var forest = PrefixForest.FromTokens(new long[][] { [9, 1], [5], [7, 7, 7] });
        Assert.Equal([0, 1, 2], forest.NodeOfPrompt.ToArray());
        Assert.Equal("3 prompts: 6 tokens, 6 distinct, 3 nodes", forest.ToString());
    }

    [Fact]
    public void What_is_no_prompt_is_refused_by_its_number()
    {
        Assert.Contains("Prompt 1 is empty", Assert.Throws<ArgumentException>(() =>
            PrefixForest.FromTokens(new int[][] { [1], [] })).Message, StringComparison.Ordinal);
        Assert.Contains("Prompt 1 is null", Assert.Throws<ArgumentNullException>(() =>
            PrefixForest.FromTokens(new int[][] { [1], null! })).Message, StringComparison.Ordinal);
        Assert.Contains("Prompt 0 has 513 tokens, which are not 1 blocks of 512", Assert.Throws<ArgumentException>(() =>
            PrefixForest.FromBlocks([new(513, new long[] { 1 })], 512)).Message, StringComparison.Ordinal);
        Assert.Contains("Prompt 0 has 0 tokens", Assert.Throws<ArgumentException>(() =>
            PrefixForest.FromBlocks([default], 512)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentNullException>(() => PrefixForest.FromTokens<int>(null!));
        Assert.Throws<ArgumentOutOfRangeException>(() => PrefixForest.FromTokens<int>([], 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => PrefixForest.FromBlocks([], 0));
        var forest = PrefixForest.FromTokens(new int[][] { [1] });
        Assert.Throws<ArgumentOutOfRangeException>(() => forest[1]);
        Assert.Throws<ArgumentOutOfRangeException>(() => forest.PromptsOf(-1).Length);
        Assert.Throws<ArgumentOutOfRangeException>(() => forest.LengthOf(1));
    }

    private static Stack<PrefixNode> Path(PrefixForest forest, int node)
    {
        Stack<PrefixNode> path = new();
        for (; node >= 0; node = forest[node].Parent)
            path.Push(forest[node]);
        return path;
    }

    private static int Descendants(PrefixForest forest, int node) =>
        Enumerable.Range(0, forest.NodeCount).Count(other => other != node && Path(forest, other).Any(above => above.Index == node));
}

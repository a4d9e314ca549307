using Xunit;

namespace PackingKit.Tests;

public class PromptReaderTests
{
    [Fact]
    public void Token_ids_are_read_with_their_lines()
    {
        var prompts = Read("# remark\n{\"token_ids\": [1, 2, 3], \"text\": \"abc\"}\n\n{\"token_ids\": [1, 2, -4]}\n");
        Assert.Equal((2, 2, 4), (prompts.Count, prompts.LineOf(0), prompts.LineOf(1)));
        Assert.Equal([[1, 2, 3], [1, 2, -4]], prompts.TokenIds);
        Assert.Empty(prompts.Blocks);
        Assert.Equal("2 prompts: 6 tokens, 4 distinct, 3 nodes", prompts.ToForest().ToString());
        Assert.Equal("2 prompts: 6 tokens, 6 distinct, 2 nodes", prompts.ToForest(minShared: 3).ToString());
        Assert.Throws<ArgumentOutOfRangeException>(() => prompts.LineOf(2));
    }

    [Fact]
    public void Blocks_are_read_as_the_traces_have_them()
    {
        var prompts = Read(
            "{\"timestamp\": 0, \"input_length\": 700, \"output_length\": 5, \"hash_ids\": [0, 9223372036854775807]}\n"
            + "{\"hash_ids\": [0], \"input_length\": 512}\n");
        Assert.Empty(prompts.TokenIds);
        Assert.Equal([0, long.MaxValue], prompts.Blocks[0].Hashes.ToArray());
        Assert.Equal("2 prompts: 1212 tokens, 700 distinct, 2 nodes", prompts.ToForest().ToString());
    }

    [Theory]
    [InlineData("{\"token_ids\": [1, 2.5]}", 1, "Entry 1 of the field token_ids is not a whole number of 32 bits.")]
    [InlineData("{\"token_ids\": [3000000000]}", 1, "Entry 0 of the field token_ids is not a whole number of 32 bits.")]
    [InlineData("{\"token_ids\": [\"a\"]}", 1, "Entry 0 of the field token_ids is not a whole number of 32 bits.")]
    [InlineData("{\"token_ids\": []}", 1, "The field token_ids is empty; a prompt has at least one token.")]
    [InlineData("{\"token_ids\": 3}", 1, "The field token_ids is no list.")]
    [InlineData("\n{\"input_length\": 5}", 2, "The field hash_ids is missing, and so is token_ids.")]
    [InlineData("{\"hash_ids\": [1]}", 1, "The field input_length is missing.")]
    [InlineData("{\"input_length\": 0, \"hash_ids\": []}", 1, "The field input_length is not a whole number from 1 to 2147483647.")]
    [InlineData("{\"input_length\": \"5\", \"hash_ids\": [1]}", 1, "The field input_length is not a whole number from 1 to 2147483647.")]
    [InlineData("{\"input_length\": 513, \"hash_ids\": [1]}", 1, "The field hash_ids has 1 entries, and 513 tokens take 2 blocks of 512.")]
    [InlineData("{\"input_length\": 5, \"hash_ids\": [1e30]}", 1, "Entry 0 of the field hash_ids is not a whole number of 64 bits.")]
    [InlineData("[1, 2]", 1, "A prompt is a JSON object.")]
    [InlineData("{\"token_ids\": [1]}\n{\"input_length\": 5, \"hash_ids\": [1]}", 2,
        "This prompt is given by hash_ids, those before it are not.")]
    [InlineData("{\"input_length\": 5, \"hash_ids\": [1]}\n{\"token_ids\": [1]}", 2,
        "This prompt is given by token_ids, those before it are not.")]
    public void What_is_no_prompt_is_refused_by_line_and_field(string text, int line, string reason)
    {
        var bad = Assert.Throws<SizeFormatException>(() => Read(text));
        Assert.Equal((line, reason), (bad.Line, bad.Reason));
    }

    [Fact]
    public void What_is_no_json_is_refused_by_its_line()
    {
        var bad = Assert.Throws<SizeFormatException>(() => Read("{\"token_ids\": [1]}\n{\"token_ids\": [1\n"));
        Assert.Equal(2, bad.Line);
        Assert.StartsWith("This is no line of JSON: ", bad.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Arguments_are_checked()
    {
        Assert.Throws<ArgumentNullException>(() => PromptReader.Read(null!));
        Assert.Throws<ArgumentOutOfRangeException>(() => PromptReader.Read(new StringReader(""), 0));
        Assert.Equal(0, Read("").ToForest().PromptCount);
    }

    private static PromptList Read(string text) => PromptReader.Read(new StringReader(text));
}

using System.Text.Json;
using PackingKit.Testing;
using Xunit;

namespace PackingKit.Tests;

public class PrefixCommandTests
{
    private const string Prompts =
        "{\"token_ids\": [1, 2, 3]}\n\n{\"token_ids\": [1, 2, 4]}\n{\"token_ids\": [5, 6]}\n{\"token_ids\": [1, 2, 3, 4, 5, 6]}\n";

    [Fact]
    public async Task One_object_has_the_figures_of_the_file_and_of_the_passes()
    {
        var (exitCode, output, error) = await CliFolder.RunAsync(["prefix", "-", "--budget", "4", "--json"], Prompts);
        Assert.Equal((0, ""), (exitCode, error));
        Assert.Equal(
            "{\"prompts\":4,\"tokens\":8,\"distinctTokens\":6,\"budget\":4,\"strategy\":\"certified\",\"passes\":2,"
            + "\"lowerBound\":2,\"status\":\"optimal\",\"leftOut\":[5]}\n", output);
    }

    [Fact]
    public async Task The_table_has_every_strategy()
    {
        var (exitCode, output, error) = await CliFolder.RunAsync(["prefix", "-", "--budget", "4"], Prompts);
        Assert.Equal((0, ""), (exitCode, error));
        var lines = output.Split('\n');
        Assert.Equal("4 prompts, 14 tokens, 9 distinct: 1.56 times fewer", lines[0]);
        Assert.Equal("1 above 4 tokens, left out: line 5; in passes 8 tokens, 6 distinct", lines[1]);
        Assert.Equal(PrefixStrategies.Ids,
            lines[3..].Where(line => line.Length > 0).Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[0]));
        Assert.Equal(["tree-order", "2", "2", "0", "6"],
            lines[5].Split(' ', StringSplitOptions.RemoveEmptyEntries)[..5]);
    }

    [Fact]
    public async Task The_size_of_a_block_and_the_strategy_can_be_chosen()
    {
        var (_, output, _) = await CliFolder.RunAsync(
            ["prefix", "-", "-b", "9", "-s", "arrival", "--block-size", "4", "--json"], "{\"input_length\": 5, \"hash_ids\": [1, 2]}\n");
        Assert.Contains("\"tokens\":5", output, StringComparison.Ordinal);
        Assert.Contains("\"strategy\":\"arrival\"", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("-:1: The field hash_ids is missing, and so is token_ids.", "{}\n", "--budget", "4")]
    [InlineData("-: There is no prompt.", "\n", "--budget", "4")]
    [InlineData("--budget must be above 0, not 0.", Prompts, "--budget", "0")]
    [InlineData("Option '--budget' is required.", Prompts)]
    [InlineData("'best' not recognized", Prompts, "--budget", "4", "-s", "best")]
    public async Task What_cannot_be_used_is_refused(string reason, string prompts, params string[] args)
    {
        var (exitCode, output, error) = await CliFolder.RunAsync(["prefix", "-", .. args], prompts);
        Assert.Equal((2, ""), (exitCode, output));
        Assert.Contains(reason, error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_is_not_there_is_named()
    {
        var (exitCode, _, error) = await CliFolder.RunAsync(["prefix", "nowhere.jsonl", "-b", "5"]);
        Assert.Equal(2, exitCode);
        Assert.StartsWith("nowhere.jsonl: Could not find file", error, StringComparison.Ordinal);
    }

    /// <summary>The figures of the issue: no more passes than the research found, and the bound that proves them fewest.</summary>
    [Theory]
    [InlineData("conversation", 131_072, 695, 0)]
    [InlineData("conversation", 262_144, 347, 0)]
    [InlineData("conversation", 524_288, 174, 0)]
    [InlineData("synthetic", 131_072, 161, 10)]
    [InlineData("synthetic", 262_144, 82, 0)]
    [InlineData("synthetic", 524_288, 41, 0)]
    public async Task Traces_need_the_fewest_passes(string trace, long budget, int passes, int leftOut)
    {
        var file = SharedData.Require("data", "prefixes", $"{trace}_trace.jsonl");
        var (exitCode, output, _) = await CliFolder.RunAsync(["prefix", file, "--budget", $"{budget}", "--json"]);
        Assert.Equal(0, exitCode);
        var answer = JsonDocument.Parse(output).RootElement;
        Assert.Equal(passes, answer.GetProperty("passes").GetInt32());
        Assert.Equal(passes, answer.GetProperty("lowerBound").GetInt64());
        Assert.Equal("optimal", answer.GetProperty("status").GetString());
        Assert.Equal(leftOut, answer.GetProperty("leftOut").GetArrayLength());
        Assert.Equal(File.ReadLines(file).Count(), answer.GetProperty("prompts").GetInt32());
    }
}

using PackingKit.Samples.Prefill;
using Xunit;

namespace PackingKit.Attention.Tests;

public class PrefillCommandTests
{
    [Theory]
    [InlineData("--batches", "2147483647")]
    [InlineData("--batches", "2147483646", "--batch", "1")]
    [InlineData("--batches", "x")]
    [InlineData("--batch", "64", "0")]
    [InlineData("--capacity", "ten")]
    [InlineData("--threads", "0")]
    [InlineData("--tasks", "2")]
    [InlineData("--tasks", "2", "--prompts", "nowhere.jsonl")]
    public void Numbers_that_cannot_be_used_end_in_the_exit_code_of_bad_input(params string[] args) =>
        Assert.Equal(2, CommandLine.Run(args));
}

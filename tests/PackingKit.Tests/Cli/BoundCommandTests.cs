using Xunit;

namespace PackingKit.Tests;

public class BoundCommandTests
{
    [Theory]
    [InlineData("6\n6\n6\n", 2, 3, 3, "L2")]
    [InlineData("5\n5\n5\n", 2, 2, 2, "L1")]
    public async Task The_bounds_are_those_of_the_library(string sizes, int l1, int l2, int bound, string rule)
    {
        var (exitCode, output, error) = await CliFolder.RunAsync(["bound", "-", "--capacity", "10", "--json"], sizes);
        Assert.Equal((0, ""), (exitCode, error));
        Assert.Equal($$"""{"file":"-","capacity":10,"items":3,"l1":{{l1}},"l2":{{l2}},"lowerBound":{{bound}},"rule":"{{rule}}"}""" + "\n",
            output);
    }

    [Fact]
    public async Task The_table_has_the_same_figures()
    {
        var (_, output, _) = await CliFolder.RunAsync(["bound", "-", "--capacity", "10"], "6\n6\n6\n");
        Assert.Equal(["-", "3", "10", "2", "3", "3", "L2"], output.Split('\n')[1].Split(' ', StringSplitOptions.RemoveEmptyEntries));
    }

    [Fact]
    public async Task An_item_limit_raises_the_bound()
    {
        var (_, output, _) = await CliFolder.RunAsync(["bound", "-", "--capacity", "10", "--max-items", "1", "--json"], "1\n1\n1\n1\n");
        Assert.Contains("\"lowerBound\":4", output);
    }
}

using System.Globalization;
using Xunit;

namespace PackingKit.Tests;

public sealed class GenerateCommandTests : IDisposable
{
    private readonly CliFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Lengths_are_those_of_the_library_and_their_first_line_makes_them_again()
    {
        var (exitCode, output, error) = await CliFolder.RunAsync(["generate", "lognormal", "--items", "50", "--seed", "7"]);
        Assert.Equal((0, ""), (exitCode, error));
        var lines = output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(RandomSizes.LogNormal(50, 400, 1, 1, 2048, seed: 7).Select(size => $"{size}"), lines[1..]);
        Assert.StartsWith("# packingkit generate lognormal --items 50 ", lines[0]);
        Assert.Equal(output, (await CliFolder.RunAsync(lines[0].Split(' ')[2..])).Output);
    }

    [Theory]
    [InlineData("falkenauer-t", 40)]
    [InlineData("triplets", 40)]
    [InlineData("full-bins", 40)]
    public async Task Planted_problems_tell_their_optimum_and_are_read_back(string family, int optimum)
    {
        var output = (await CliFolder.RunAsync(["generate", family, "--seed", "3"])).Output;
        Assert.Contains($"\n# optimum {optimum}\n", output);
        var record = PackingRecord.FromJson((await CliFolder.RunAsync(["pack", _folder.Write("a.bpp", output), "--json"])).Output);
        Assert.Equal(optimum, record.LowerBound);
        Assert.True(record.Bins >= optimum);
    }

    [Fact]
    public async Task Every_family_prints_what_can_be_packed()
    {
        var families = (await CliFolder.RunAsync(["generate", "--help"])).Output.Split("Commands:")[1].Split("\n\n")[0]
            .Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Where(line => line.StartsWith("  ", StringComparison.Ordinal) && line[2] != ' ')
            .Select(line => line.Trim().Split(' ')[0]).Where(name => name != "fit").ToArray();
        Assert.Equal(10, families.Length);
        foreach (var family in families)
        {
            var (exitCode, output, _) = await CliFolder.RunAsync(["generate", family]);
            Assert.Equal(0, exitCode);
            var isProblem = family is not ("lognormal" or "weibull" or "uniform");
            string[] read = isProblem ? ["--format", "bpp"] : ["--format", "sizes", "-c", "100000"];
            Assert.Equal(0, (await CliFolder.RunAsync(["describe", "-", .. read], output)).ExitCode);
        }
    }

    [Fact]
    public async Task Lengths_like_those_of_a_file_have_its_range()
    {
        var file = _folder.Write("a.txt", string.Join('\n', RandomSizes.LogNormal(5000, 300, 0.8, 10, 1000, seed: 1)));
        var output = (await CliFolder.RunAsync(["generate", "fit", file, "--items", "2000"])).Output;
        var sizes = output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(line => line[0] != '#').Select(int.Parse).ToArray();
        Assert.Contains("\n# log-normal, median ", output);
        Assert.Equal((2000, 1000), (sizes.Length, sizes.Max()));
        Assert.InRange(sizes.Order().ElementAt(1000), 270, 330);
    }

    [Fact]
    public async Task Lengths_like_those_of_a_file_have_its_decimals_and_its_command_makes_them_again()
    {
        var lines = RandomSizes.LogNormal(2000, 300, 0.8, 10, 1000, seed: 1).Select(size => $"{size / 10}.{size % 10},{size % 3}");
        var file = _folder.Write("a b.csv", $"mm,n\n{string.Join('\n', lines)}\n");
        string[] args = ["generate", "fit", file, "--column", "mm", "--count", "n", "--items", "500", "--seed", "7"];
        var (exitCode, output, _) = await CliFolder.RunAsync(args);
        Assert.Equal(0, exitCode);
        var sizes = output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(line => line[0] != '#').ToArray();
        Assert.All(sizes, size => Assert.Matches(@"^\d+\.\d$", size));
        Assert.InRange(decimal.Parse(sizes.Order(StringComparer.Ordinal).Last(), CultureInfo.InvariantCulture), 10, 100);
        Assert.StartsWith($"# packingkit generate fit '{file}' --column mm --count n --items 500 --seed 7\n", output);
        Assert.Contains(" in units of 0.1, at distance ", output);
    }

    [Theory]
    [InlineData("--items must be at least 0, not -1.", "generate", "lognormal", "--items", "-1")]
    [InlineData("--items must be a whole number up to 2147483647, not 1.5.", "generate", "uniform", "--items", "1.5")]
    [InlineData("uniform: ", "generate", "uniform", "--min", "9", "--max", "3")]
    [InlineData("-: There are 1 distinct sizes; a fit needs two.", "generate", "fit", "-")]
    [InlineData("One file is fitted at a time.", "generate", "fit", "-", "a.txt")]
    [InlineData("There is no command 'lognorml'; did you mean lognormal?", "generate", "lognorml")]
    public async Task What_cannot_be_generated_is_said(string reason, params string[] args)
    {
        var (exitCode, output, error) = await CliFolder.RunAsync(args, "5\n5\n");
        Assert.Equal((2, ""), (exitCode, output));
        Assert.Contains(reason, error);
        Assert.DoesNotContain("Parameter", error);
    }
}

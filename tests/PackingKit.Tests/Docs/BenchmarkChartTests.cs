using PackingKit.Testing;
using Xunit;

namespace PackingKit.Tests;

/// <summary>The charts of the benchmark pages are drawn from their tables; so is what the default strategy is said to give away.</summary>
public class BenchmarkChartTests
{
    private const string Gpu = "docs/benchmarks-gpu.md", Packing = "docs/benchmarks.md";

    [Fact]
    public void Packers_side_by_side()
    {
        var table = PageTable.Below(Packing, "## Beside LightBinPack and seqpacker");
        Same("packers.svg",
            new BarChart(
                "Rows by best-fit decreasing, result newly allocated",
                "lengths; times as fast as; the dashed line is the same speed",
                ["LightBinPack (C++)", "seqpacker (Rust)"]),
            table.Rows.Select(row => (table.Cell(row, "set"), table.Numbers(row, "newly allocated")[1..])));
    }

    [Fact]
    public void Prefill_beside_Hugging_Face()
    {
        var table = PageTable.Below(Gpu, "## Beside Hugging Face");
        var groups = table.Rows.Chunk(2).Select(pair =>
        {
            var ours = table.Numbers(pair[1], "varlen").Max(); // the slower run of ours, the faster of theirs
            return (
                table.Cell(pair[0], "model, lengths, batch").Split(':')[0],
                new[] { table.Numbers(pair[0], "varlen").Min() / ours, table.Numbers(pair[0], "padded").Min() / ours });
        });
        Same("gpu-prefill.svg",
            new BarChart(
                "Prefill of packed prompts on an H100",
                "model, lengths, batch; times as fast as Hugging Face; the dashed line is the same speed",
                ["its variable-length attention", "its padded batch"]),
            groups);
    }

    [Fact]
    public void Shared_beginnings()
    {
        var table = PageTable.Below(Gpu, "## Shared beginnings");
        Same("gpu-shared.svg",
            new BarChart(
                "Prefill with each shared token once, on an H100",
                "model, batch, tasks in it; times as fast as, in PyTorch; the dashed line is the same speed",
                ["prompts whole", "prefix cached", "a forest of two calls"]),
            table.Rows.Select(row =>
            {
                var ours = table.Numbers(row, "ours")[0];
                return (table.Cell(row, "model, batch, tasks in it"), new[]
                {
                    table.Numbers(row, "varlen, every prompt whole")[0] / ours,
                    table.Numbers(row, "prefix cached, questions padded")[0] / ours,
                    table.Numbers(row, "forest: two flash calls and a merge")[0] / ours,
                });
            }));
    }

    [Fact]
    public void Training()
    {
        var table = PageTable.Below(Gpu, "## Training on packs");
        Same("gpu-training.svg",
            new BarChart(
                "Training on packs on an H100",
                "rows of tokens; tokens per second over PyTorch's; the dashed line is the same speed",
                ["eager", "compiled"]),
            table.Rows.Select(row => (
                table.Cell(row, "rows of tokens"),
                new[] { table.Numbers(row, "ours / eager")[0], table.Numbers(row, "ours / compiled")[0] })));
    }

    [Fact]
    public void What_the_default_gives_away_is_what_choosing_says()
    {
        var bins = PageTable.Below(Packing, "## Bins");
        var lost = bins.Rows.Max(row => bins.Numbers(row, "`bfd`")[0] / bins.Numbers(row, "`auto`")[0] - 1);
        Assert.Equal(11, bins.Rows.Count);
        Assert.InRange(lost, 0.0004, 0.0005);

        var times = PageTable.Below(Packing, "## All times");
        var ratios = times.Rows.Chunk(3).TakeWhile(rows => rows.Length == 3 && times.Cell(rows[2], "strategy") == "`auto`")
            .Select(rows => Time(rows[2]) / Time(rows[1])).ToArray();
        double Time(string[] row) => times.Numbers(row, "packing, newly allocated")[0];
        var said = FormattableString.Invariant(
            $"saves at most 0.05 % of them, and takes {ratios.Min():F1} to {ratios.Max():F0} times as long");
        Assert.Contains(said, new QuotedPage("docs", "choosing.md").Text, StringComparison.Ordinal);
        Assert.Contains(
            FormattableString.Invariant($"which takes up to {ratios.Max():F0} times as long"),
            new QuotedPage("README.md").Text,
            StringComparison.Ordinal);
    }

    [Fact]
    public void The_default_is_best_fit_decreasing_everywhere()
    {
        int[] sizes = [812, 37, 455, 120, 988, 64, 301, 512, 230, 77];
        Assert.Equal("bfd", sizes.Pack(size => size, 1024).Result.Strategy);
        var row = File.ReadLines(Repository.PathOf("README.md")).Single(line => line.StartsWith("| `bfd`", StringComparison.Ordinal));
        Assert.EndsWith("the default |", row, StringComparison.Ordinal);
    }

    private static void Same(string file, BarChart chart, IEnumerable<(string Name, double[] Values)> groups) =>
        CommittedPicture.AssertIs(chart.Draw([.. groups]), "docs", "images", file);
}

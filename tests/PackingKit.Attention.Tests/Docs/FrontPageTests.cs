using PackingKit.Samples.Prefill.Modes;
using PackingKit.Samples.Prefill.Prompts;
using PackingKit.Samples.Prefill.Reports;
using PackingKit.Testing;
using Xunit;

namespace PackingKit.Attention.Tests;

/// <summary>The figure at the head of README.md, its picture and the output of its ten lines, made anew from the code.</summary>
public class FrontPageTests
{
    private const int Batch = 64, Drawn = 3;

    private static readonly ModeSettings Settings = new(new BestFitDecreasing(), Capacity: null, Budget: null);

    /// <summary>All full batches of the prompt lengths that come with the sample, in the order of the file.</summary>
    private static readonly int[][] Batches =
        [.. PromptLengths.Read("mmlu", 4096).Values.Chunk(Batch).Where(batch => batch.Length == Batch)];

    /// <summary>Slots of the padded batch over those of the packed rows: both have rows of the longest prompt.</summary>
    private static double Ratio(int[] batch) => (double)batch.Length / Settings.Rows(batch).BinCount;

    [Fact]
    public void The_figure_is_the_median_of_all_batches()
    {
        var ratios = Batches.Select(Ratio).Order().ToArray();
        var median = ratios[ratios.Length / 2];
        var expected = FormattableString.Invariant(
            $"{median:F1} times fewer token slots (median of {ratios.Length} batches, {ratios[0]:F1} to {ratios[^1]:F1})");
        Assert.Contains(expected, string.Join(' ', File.ReadAllLines(Repository.PathOf("README.md"))), StringComparison.Ordinal);
        Assert.Equal(median, Ratio(Batches[Drawn]));
    }

    [Fact]
    public void The_picture_is_of_a_batch_in_the_middle() => CommittedPicture.AssertIs(
        PackingPicture.Draw("MMLU", Batches[Drawn], Settings), "docs", "images", "packed-rows.svg");
}

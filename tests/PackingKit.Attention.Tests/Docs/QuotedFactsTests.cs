using PackingKit.Samples.Models;
using PackingKit.Samples.Prefill.Checks;
using PackingKit.Samples.Prefill.Model;
using PackingKit.Samples.Prefill.Modes;
using PackingKit.Testing;
using Xunit;

namespace PackingKit.Attention.Tests;

/// <summary>Numbers and lists that the pages quote from the code are the code's.</summary>
public class QuotedFactsTests
{
    private static readonly QuotedPage Attention = new("docs", "attention.md");
    private static readonly QuotedPage Embedding = new("docs", "embedding.md");
    private static readonly QuotedPage Prefill = new("samples", "Prefill", "README.md");

    [Fact]
    public void The_kernel_for_short_prompts_is_for_what_the_page_says()
    {
        var tiles = Attention.Numbers("tiles of # queries see at most # tiles of # keys on average");
        Assert.Equal([ShortPromptKernel.TileSize, ShortPromptKernel.MaxKeyTiles, ShortPromptKernel.TileSize], tiles);
        var heads = Attention.Numbers("a head size that is a multiple of # up to #");
        Assert.Equal([ShortPromptKernel.HeadSizeMultiple, ShortPromptKernel.MaxHeadSize], heads);
    }

    [Fact]
    public void The_speed_test_holds_the_ratio_that_the_page_says() =>
        Assert.Equal([SegmentSpeedTests.MinRatio], Attention.Numbers("`SegmentSpeedTests` holds the ratio to at least #"));

    [Fact]
    public void The_speed_test_of_encoders_holds_the_share_that_the_page_says() =>
        Assert.Equal([EncoderSpeedTests.MinShare], Embedding.Numbers("`EncoderSpeedTests` holds it to # percent"));

    [Fact]
    public void Every_kernel_and_every_dialect_is_in_its_table()
    {
        Assert.Equal(Enum.GetNames<AttentionKernel>(), Attention.FirstCells("kernel"));
        var dialects = Directory.GetFiles(Repository.PathOf("src.Attention", "Dialects"), "*.cs").Select(Path.GetFileNameWithoutExtension)
            .Where(name => name != nameof(DialectChecks)).Order(StringComparer.Ordinal);
        Assert.Equal(dialects, Attention.FirstCells("record").Order(StringComparer.Ordinal));
    }

    [Fact]
    public void The_environment_variable_is_the_codes() =>
        Assert.Contains($"`{TorchRuntime.FolderVariable}`", Attention.Text, StringComparison.Ordinal);

    [Fact]
    public void The_sample_has_the_modes_and_models_that_its_page_lists()
    {
        Assert.Equal(PrefillMode.All.Select(mode => mode.Name).Order(StringComparer.Ordinal),
            Prefill.FirstCells("mode").Order(StringComparer.Ordinal));
        Assert.Equal(7, PrefillMode.All.Count);
        Assert.Contains("prefilled seven ways", new QuotedPage("README.md").Text, StringComparison.Ordinal);
        Assert.Contains($"`--model {string.Join('|', LlamaShape.Names)}`", Prefill.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void The_sample_checks_what_its_page_says()
    {
        Assert.Equal(8, PrefillChecks.DecodedTokens);
        Assert.Matches(@"eight\s+tokens\s+are\s+decoded", Prefill.Text);
    }
}

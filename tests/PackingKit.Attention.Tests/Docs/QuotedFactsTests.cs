using System.Globalization;
using System.Text.RegularExpressions;
using PackingKit.Samples.Prefill.Checks;
using PackingKit.Samples.Prefill.Model;
using PackingKit.Samples.Prefill.Modes;
using PackingKit.Testing;
using Xunit;

namespace PackingKit.Attention.Tests;

/// <summary>Numbers and lists that the pages quote from the code are the code's.</summary>
public partial class QuotedFactsTests
{
    private static readonly string Attention = Page("docs", "attention.md");
    private static readonly string Prefill = Page("samples", "Prefill", "README.md");

    [Fact]
    public void The_kernel_for_short_prompts_is_for_what_the_page_says()
    {
        var tiles = Quoted(Attention, @"tiles of (\d+) queries see at most (\d+) tiles of (\d+) keys on average");
        Assert.Equal([ShortPromptKernel.TileSize, ShortPromptKernel.MaxKeyTiles, ShortPromptKernel.TileSize], tiles);
        var heads = Quoted(Attention, @"a head size that is a multiple of (\d+) up to (\d+)");
        Assert.Equal([ShortPromptKernel.HeadSizeMultiple, ShortPromptKernel.MaxHeadSize], heads);
    }

    [Fact]
    public void The_speed_test_holds_the_ratio_that_the_page_says() =>
        Assert.Equal([SegmentSpeedTests.MinRatio], Quoted(Attention, @"`SegmentSpeedTests` holds the ratio to at least (\d+)"));

    [Fact]
    public void Every_kernel_and_every_dialect_is_in_its_table()
    {
        Assert.Equal(Enum.GetNames<AttentionKernel>(), FirstCells(Attention, "kernel"));
        var dialects = Directory.GetFiles(Repository.PathOf("src.Attention", "Dialects"), "*.cs").Select(Path.GetFileNameWithoutExtension)
            .Where(name => name != nameof(DialectChecks)).Order(StringComparer.Ordinal);
        Assert.Equal(dialects, FirstCells(Attention, "record").Order(StringComparer.Ordinal));
    }

    [Fact]
    public void The_environment_variable_is_the_codes() =>
        Assert.Contains($"`{TorchRuntime.FolderVariable}`", Attention, StringComparison.Ordinal);

    [Fact]
    public void The_sample_has_the_modes_and_models_that_its_page_lists()
    {
        Assert.Equal(PrefillMode.All.Select(mode => mode.Name).Order(StringComparer.Ordinal),
            FirstCells(Prefill, "mode").Order(StringComparer.Ordinal));
        Assert.Contains($"`--model {string.Join('|', LlamaShape.Names)}`", Prefill, StringComparison.Ordinal);
    }

    [Fact]
    public void The_sample_checks_what_its_page_says()
    {
        Assert.Equal(8, PrefillChecks.DecodedTokens);
        Assert.Matches(@"eight\s+tokens\s+are\s+decoded", Prefill);
    }

    private static string Page(params string[] path) => File.ReadAllText(Repository.PathOf(path));

    /// <summary>The numbers of a sentence, wherever its lines break.</summary>
    private static int[] Quoted(string page, string sentence)
    {
        var match = Regex.Match(page, sentence.Replace(" ", @"\s+", StringComparison.Ordinal));
        Assert.True(match.Success, $"No page has: {sentence}");
        return [.. match.Groups.Values.Skip(1).Select(group => int.Parse(group.Value, CultureInfo.InvariantCulture))];
    }

    /// <summary>The names in the first column of the table whose heading begins with a word.</summary>
    private static string[] FirstCells(string page, string heading)
    {
        var rows = page.Split('\n').SkipWhile(line => !line.StartsWith($"| {heading} |", StringComparison.Ordinal)).Skip(2)
            .TakeWhile(line => line.StartsWith('|'));
        return [.. rows.Select(row => Name().Match(row).Groups[1].Value)];
    }

    [GeneratedRegex(@"^\| `(\w+)` \|")]
    private static partial Regex Name();
}

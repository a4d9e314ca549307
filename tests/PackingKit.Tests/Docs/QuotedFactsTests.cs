using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;
using PackingKit.Samples.Training;
using PackingKit.Testing;
using Xunit;

namespace PackingKit.Tests;

/// <summary>Numbers and lists that the pages of the core quote from the code are the code's.</summary>
public partial class QuotedFactsTests
{
    private static readonly QuotedPage Cli = new("docs", "cli.md");
    private static readonly QuotedPage Concepts = new("docs", "concepts.md");
    private static readonly QuotedPage Decisions = new("docs", "decisions.md");
    private static readonly QuotedPage Exact = Strategy("exact");

    [Fact]
    public void Limits_of_the_heuristics()
    {
        Assert.All([Strategy("mbs"), Strategy("mbs-prime")],
            page => Assert.Equal([MinimumBinSlackBySize.MaxNodes], page.Numbers("At most # nodes of")));
        Assert.Contains("in twelve classes", Strategy("harmonic").Text, StringComparison.Ordinal);
        Assert.Equal("harmonic with 12 classes", PackingStrategies.Find("harmonic").Words);
        Assert.Equal(12, HarmonicByItem.DefaultClasses);
    }

    [Fact]
    public void Limits_of_threads_and_memory()
    {
        Assert.Equal([2 * ShardRunner.MinItems], Concepts.Numbers("From # items on, counting and dealing are shared"));
        Assert.Equal([ShardRunner.MinItems], Decisions.Numbers("are cut into shards of at least # items"));
        var large = typeof(LargeArrays).GetField("MinBytes", BindingFlags.NonPublic | BindingFlags.Static)!.GetValue(null);
        Assert.Equal([Convert.ToInt64(large, CultureInfo.InvariantCulture) >> 20], Decisions.Numbers("scratch of # MiB and more"));
    }

    [Fact]
    public void Units_of_real_sizes()
    {
        var bits = Assert.Single(Concepts.Numbers("into whole units (2^# unless told otherwise)"));
        Assert.Equal(1L << (int)bits, PackingProblem.FromReal([1], 1).Capacity);
    }

    [Fact]
    public void Limits_of_the_exact_searches()
    {
        Assert.Equal([SearchTuning.PatternsPerRound], Exact.Numbers("one knapsack table gives up to # patterns"));
        Assert.Equal([SearchTuning.MaxExactUnits], Exact.Numbers("Capacities above # are priced on rounded weights"));
        Assert.Equal(0.3, Math.Round(SearchTuning.MaxTableEntries * sizeof(double) / 1e9, 1));
        Assert.Matches(@"about\s0\.3\sGB\sfor\sone\sknapsack\stable", Exact.Text);
        var nodes = SearchTuning.NodesBeforePairDives;
        Assert.Equal([nodes, 2 * nodes, 4 * nodes], Exact.Numbers("After #, #, #, ... nodes"));
        Assert.Equal(10, SearchTuning.PairDiveSteps);
        Assert.Matches(@"a\stenth\sof\sthe\spairs\sat\sa\stime", Exact.Text);
        Assert.All([Exact, Strategy("tight")],
            page => Assert.Equal([SearchTuning.MaxTypes], page.Numbers("Above # distinct sizes only the heuristics run")));
        Assert.Equal([SearchTuning.MaxModelVariables], Strategy("cp-sat").Numbers("beyond # of them"));
        Assert.Equal(
            [SearchTuning.MaxStockPatterns],
            new QuotedPage("docs", "cutting-stock.md").Numbers("can be listed (up to # for each capacity)"));
    }

    [Fact]
    public void The_ladder_is_told_in_its_order()
    {
        var rungs = Regex.Match(Automatic.Ladder.Id, @"\((.*)\)").Groups[1].Value.Split(',');
        var row = File.ReadLines(Repository.PathOf(StrategyTableTests.Long))
            .Single(line => line.StartsWith("| `auto`", StringComparison.Ordinal));
        Assert.Equal(["auto", .. rungs], Words(row).Take(1 + rungs.Length));
        Assert.Equal(rungs,
            Words(Strategy("auto").Text[Strategy("auto").Text.IndexOf("Plans with", StringComparison.Ordinal)..]).Take(rungs.Length));
        Assert.Equal(5, rungs.Length);
        Assert.Contains("than any of the five", Strategy("auto").Text, StringComparison.Ordinal);
    }

    [Fact]
    public void The_searches_are_said_to_start_from_the_ladder() => Assert.All(PackingStrategies.All.Where(info => info.IsSearch),
        info => Assert.Contains("[`auto`](auto.md)", Strategy(info.Id).Text, StringComparison.Ordinal));

    [Fact]
    public void A_time_told_twice_is_the_same()
    {
        var measured = File.ReadLines(Repository.PathOf("docs", "benchmarks-exact.md"))
            .Single(line => line.StartsWith("| arXiv | 8192 |", StringComparison.Ordinal)).Split('|', StringSplitOptions.TrimEntries);
        Assert.Equal(measured[3], $"{Strategy("tight").Numbers("arXiv lengths of # sizes")[0]}");
        Assert.Contains($"at 8192: {measured[8]} s)", Strategy("tight").Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Lists_of_the_command()
    {
        var violations = typeof(PackingViolation).GetNestedTypes().Where(type => type.IsAssignableTo(typeof(PackingViolation)))
            .Select(type => type.Name).Where(name => name != nameof(PackingViolation.DuplicateItem)); // an assignment cannot say it
        Assert.Equal(violations.Order(), Cli.FirstCells("type").Order());
        Assert.Equal(Enum.GetNames<SizeFormat>().Select(name => name.ToLowerInvariant()), Cli.FirstCells("`--format`"));
        var verdicts = new QuotedPage("docs", "certificates.md").FirstCells("verdict");
        Assert.Equal(Enum.GetNames<CertificateStatus>().Order(), verdicts.Order());
    }

    [Fact]
    public void The_rules_for_long_documents()
    {
        var rules = new QuotedPage("docs", "training.md").FirstCells("option").Select(option => option["--long ".Length..]);
        Assert.Equal(Enum.GetNames<LongDocuments>().Select(PackOptions.Spelled), rules);
    }

    [Fact]
    public void Whatever_a_newcomer_looks_for_is_there()
    {
        var own = PublicTypes("src").Concat(PublicTypes("src.Attention")).ToHashSet();
        Assert.True(own.Count > 100, $"Only {own.Count} public types were found.");
        string[] others =
            [.. PublicTypes("tests", "PackingKit.Testing"), nameof(ISpanStrategy.Assign), nameof(ISpanStrategy.AssignRows)];
        var tables = Concepts.Text[Concepts.Text.IndexOf("## Where is", StringComparison.Ordinal)..];
        var named = TypeName().Matches(tables[..tables.IndexOf("## Glossary", StringComparison.Ordinal)])
            .Select(name => name.Groups[1].Value).ToHashSet();
        Assert.Empty(own.Except(named));
        Assert.Empty(named.Except(own).Except(others));
    }

    /// <summary>The types of a package that stand on their own, as its list of public members has them.</summary>
    private static IEnumerable<string> PublicTypes(params string[] project) =>
        File.ReadLines(Repository.PathOf([.. project, "PublicAPI.Unshipped.txt"]))
            .Select(line => TopLevelType().Match(line)).Where(match => match.Success).Select(match => match.Groups[1].Value);

    [Fact]
    public void Every_class_of_tests_that_a_page_names_is_there()
    {
        var classes = Directory.EnumerateFiles(Repository.PathOf("tests"), "*Tests.cs", SearchOption.AllDirectories)
            .Select(Path.GetFileNameWithoutExtension).ToHashSet();
        var named = CodeBlockTests.Pages.SelectMany(page => Words(new QuotedPage(page.Data).Text).Where(word => TestClass().IsMatch(word)))
            .ToHashSet();
        Assert.True(named.Count > 5, $"Only {named.Count} were found.");
        Assert.All(named, name => Assert.Contains(name, classes));
    }

    private static QuotedPage Strategy(string id) => new("docs", "strategies", id + ".md");

    private static IEnumerable<string> Words(string text) => Word().Matches(text).Select(word => word.Groups[1].Value);

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex Word();

    [GeneratedRegex(@"^PackingKit\.(?:Attention\.|Testing\.)?(\w+)(?:<\w+>)?$")]
    private static partial Regex TopLevelType();

    [GeneratedRegex(@"^\w+Tests$")]
    private static partial Regex TestClass();

    /// <summary>A type in backticks: not a method, not a package.</summary>
    [GeneratedRegex(@"`(?!PackingKit\.)([A-Z]\w+)(?:<T>|\.\w+)?`")]
    private static partial Regex TypeName();
}

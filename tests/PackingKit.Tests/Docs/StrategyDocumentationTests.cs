using System.Reflection;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using PackingKit.Testing;
using Xunit;

namespace PackingKit.Tests;

/// <summary>Every strategy of the library is built and documented in one way.</summary>
public partial class StrategyDocumentationTests
{
    private static readonly XDocument Comments = XDocument.Load(Path.ChangeExtension(typeof(IPackingStrategy).Assembly.Location, ".xml"));

    public static readonly TheoryData<Type> Strategies =
    [
        .. typeof(IPackingStrategy).Assembly.GetExportedTypes()
            .Where(type => type.IsAssignableTo(typeof(IPackingStrategy)) && !type.IsInterface),
    ];

    public static readonly TheoryData<string> Ids = [.. PackingStrategies.Ids];

    public static readonly TheoryData<string> Heuristics = [.. PackingStrategies.All.Where(info => !info.IsSearch).Select(info => info.Id)];

    [Theory, MemberData(nameof(Strategies))]
    public void A_strategy_is_sealed_and_immutable(Type strategy)
    {
        Assert.True(strategy.IsSealed);
        var fields = strategy.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic);
        Assert.All(fields, field => Assert.True(field.IsInitOnly, field.Name));
    }

    public static readonly TheoryData<string> Searches = [.. PackingStrategies.All.Where(info => info.IsSearch).Select(info => info.Id)];

    [Theory, MemberData(nameof(Ids))]
    public void The_comment_of_a_strategy_says_what_it_promises(string id)
    {
        var comment = CommentOf(id);
        Assert.All(
            ["Guarantee:", "Complexity:", "Ties:", "Deterministic", "Reference:"],
            start => Assert.Contains(Paragraphs(comment), paragraph => paragraph.StartsWith(start, StringComparison.Ordinal)));
        Assert.NotEmpty(comment.Elements("example"));
    }

    /// <summary>What a search never falls behind, and the condition under which that holds, is said in both places.</summary>
    [Theory, MemberData(nameof(Searches))]
    public void The_comment_of_a_search_promises_what_its_page_does(string id)
    {
        var page = StrategyPage.Section(id, "Guarantee");
        var comment = Paragraphs(CommentOf(id)).Single(paragraph => paragraph.StartsWith("Guarantee:", StringComparison.Ordinal));
        var others = PackingStrategies.All.Where(info => info.Id != id).ToArray();
        var named = others.Where(info => page.Contains($"`{info.Id}`", StringComparison.Ordinal) || Says(page, info));
        Assert.Equal(named.Select(info => info.Id), others.Where(info => Says(comment, info)).Select(info => info.Id));
        Assert.Equal(Condition().IsMatch(page), Condition().IsMatch(comment));

        static bool Says(string text, StrategyInfo strategy) => strategy.Id == "auto"
            ? text.Contains("auto", StringComparison.Ordinal)
            : Regex.IsMatch(text, $@"(?i)(?<![\w-]){Regex.Escape(strategy.Words)}(?! decreasing)\b");
    }

    /// <summary>The opening words of the comment say what the code starts from.</summary>
    [Fact]
    public void Every_search_that_starts_from_auto_says_so()
    {
        var (comment, page) = (CommentOf("cp-sat").Element("summary")!.Value, File.ReadAllText(StrategyPage.PathOf("cp-sat")));
        Assert.Contains("What auto finds is the warm start", Regex.Replace(comment, @"\s+", " "), StringComparison.Ordinal);
        Assert.Contains("with what [`auto`](auto.md)\nfinds as the warm start", page, StringComparison.Ordinal);
    }

    [Theory, MemberData(nameof(Ids))]
    public void A_strategy_has_a_page_with_every_section_of_the_template(string id)
    {
        var page = File.ReadAllLines(Repository.PathOf("docs", "strategies", id + ".md"));
        var template = File.ReadAllLines(Repository.PathOf("docs", "strategies", "TEMPLATE.md"));
        Assert.Equal(Headings(template, level: "## "), Headings(page, level: "## "));
        Assert.StartsWith("# ", page[0], StringComparison.Ordinal);
        Assert.Contains($"`{id}`", page[0], StringComparison.Ordinal);
    }

    [Theory, MemberData(nameof(Ids))]
    public void The_page_of_a_strategy_says_the_strongest_proved_ratio(string id)
    {
        if (PackingStrategies.Find(id).StrongestRatio() is { } ratio)
            Assert.Contains($"≤ {ratio}", StrategyPage.Section(id, "Guarantee"), StringComparison.Ordinal);
    }

    [Theory, MemberData(nameof(Heuristics))]
    public void The_picture_on_the_page_of_a_heuristic_is_what_it_does(string id) => Assert.Contains(
        StrategyPage.PictureOf(PackingStrategies.Find(id)), File.ReadAllText(StrategyPage.PathOf(id)), StringComparison.Ordinal);

    private static XElement CommentOf(string id) => Comments.Descendants("member").Single(member =>
        member.Attribute("name")!.Value == $"T:{PackingStrategies.Create(id).GetType().FullName}");

    private static string[] Paragraphs(XElement comment) =>
        [.. comment.Descendants("para").Select(paragraph => Regex.Replace(paragraph.Value.Trim(), @"\s+", " "))];

    [GeneratedRegex("nor, unless the time limit cuts in, than")]
    private static partial Regex Condition();

    private static string[] Headings(string[] lines, string level) =>
        [.. lines.Where(line => line.StartsWith(level, StringComparison.Ordinal))];
}

using System.Reflection;
using System.Xml.Linq;
using PackingKit.Testing;
using Xunit;

namespace PackingKit.Tests;

/// <summary>Every strategy of the library is built and documented in one way.</summary>
public class StrategyDocumentationTests
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

    [Theory, MemberData(nameof(Ids))]
    public void The_comment_of_a_strategy_says_what_it_promises(string id)
    {
        var strategy = PackingStrategies.Create(id).GetType();
        var comment = Comments.Descendants("member").Single(member => member.Attribute("name")!.Value == $"T:{strategy.FullName}");
        var paragraphs = comment.Descendants("para").Select(paragraph => paragraph.Value.Trim()).ToArray();
        Assert.All(
            ["Guarantee:", "Complexity:", "Ties:", "Deterministic", "Reference:"],
            start => Assert.Contains(paragraphs, paragraph => paragraph.StartsWith(start, StringComparison.Ordinal)));
        Assert.NotEmpty(comment.Elements("example"));
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

    private static string[] Headings(string[] lines, string level) =>
        [.. lines.Where(line => line.StartsWith(level, StringComparison.Ordinal))];
}

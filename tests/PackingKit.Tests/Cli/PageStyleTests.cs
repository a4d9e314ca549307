using System.Globalization;
using System.Text.RegularExpressions;
using PackingKit.Cli;
using Xunit;

namespace PackingKit.Tests;

/// <summary>Colours of the pages, by the contrast of WCAG 2.2.</summary>
public sealed partial class PageStyleTests
{
    private const double OfText = 4.5, OfMarks = 3;

    private static readonly string Css = PageOf();

    private static readonly string[] Parts = Css.Split(["@media (prefers-color-scheme: dark)", "@media print"], StringSplitOptions.None);

    public static TheoryData<string> Modes => ["light", "dark", "print"];

    [Theory, MemberData(nameof(Modes))]
    public void Text_can_be_read_on_every_ground(string mode)
    {
        var colours = Colours(mode);
        var texts = Used(TextColour()).Concat(
            Rules().Where(rule => rule.Selector.Contains("text")).SelectMany(rule => Used(Fill(), rule.Body)));
        var grounds = Used(Ground()).ToList();
        Assert.Contains("ink", texts);
        Assert.Contains("other", texts);
        Assert.Contains("tint", grounds);
        foreach (var (text, ground) in texts.Distinct().SelectMany(text => grounds.Distinct().Select(ground => (text, ground))))
            Assert.True(
                Contrast(colours[text], colours[ground]) >= OfText,
                $"{mode}: {text} on {ground} is {Contrast(colours[text], colours[ground]):F2}");
    }

    [Theory, MemberData(nameof(Modes))]
    public void Marks_are_seen_on_the_paper(string mode)
    {
        var colours = Colours(mode);
        Assert.All(Used(Fill()).Distinct(), mark => Assert.True(
            Contrast(colours[mark], colours["paper"]) >= OfMarks, $"{mode}: {mark} is {Contrast(colours[mark], colours["paper"]):F2}"));
    }

    [Fact]
    public void Colours_are_named_once_for_each_mode()
    {
        Assert.Equal(3, Parts.Length);
        Assert.All(Modes.Select(mode => Colours(mode.Data)), colours => Assert.Equal(Colours("light").Keys.Order(), colours.Keys.Order()));
        Assert.Empty(Rules().Where(rule => rule.Selector != ":root" && rule.Body.Contains('#')).Select(rule => rule.Selector));
    }

    private static Dictionary<string, string> Colours(string mode) => Named()
        .Matches(Parts[Modes.Select(each => each.Data).ToList().IndexOf(mode)])
        .ToDictionary(match => match.Groups[1].Value, match => match.Groups[2].Value);

    private static IEnumerable<string> Used(Regex use, string? css = null) =>
        use.Matches(css ?? Css).Select(match => match.Groups[1].Value);

    private static IEnumerable<(string Selector, string Body)> Rules() =>
        Rule().Matches(Css).Select(match => (match.Groups[1].Value.Trim(), match.Groups[2].Value));

    private static double Contrast(string first, string second)
    {
        double[] ordered = [.. new[] { Luminance(first), Luminance(second) }.Order()];
        return (ordered[1] + 0.05) / (ordered[0] + 0.05);
    }

    private static double Luminance(string colour)
    {
        double[] parts =
            [.. colour.Chunk(2).Select(pair => Linear(int.Parse(pair, NumberStyles.HexNumber, CultureInfo.InvariantCulture) / 255.0))];
        return (0.2126 * parts[0]) + (0.7152 * parts[1]) + (0.0722 * parts[2]);

        static double Linear(double part) => part <= 0.04045 ? part / 12.92 : Math.Pow((part + 0.055) / 1.055, 2.4);
    }

    private static string PageOf()
    {
        var page = Page.Of("", Html.Of($""));
        return page[(page.IndexOf("<style>", StringComparison.Ordinal) + 7)..page.IndexOf("</style>", StringComparison.Ordinal)];
    }

    [GeneratedRegex(@"--([\w-]+): #([0-9a-f]{6});")]
    private static partial Regex Named();

    [GeneratedRegex(@"(?<![\w-])color: var\(--([\w-]+)\)")]
    private static partial Regex TextColour();

    [GeneratedRegex(@"(?<![\w-])fill: var\(--([\w-]+)\)")]
    private static partial Regex Fill();

    [GeneratedRegex(@"(?<![\w-])background: var\(--([\w-]+)\)")]
    private static partial Regex Ground();

    [GeneratedRegex(@"([^{};]+)\{([^{}]*)\}")]
    private static partial Regex Rule();
}

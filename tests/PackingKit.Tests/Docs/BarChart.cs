using System.Security;
using System.Text;

namespace PackingKit.Tests;

/// <summary>
/// Bars from left to right as SVG, in groups that have a name each, with their values written beside them. The ground is the chart's own,
/// dark where the reader's system is.
/// </summary>
/// <param name="Title">What is shown.</param>
/// <param name="Unit">What a value is, under the title.</param>
/// <param name="Series">What the bars of a group stand for, from top to bottom.</param>
internal sealed record BarChart(string Title, string Unit, IReadOnlyList<string> Series)
{
    private const double Width = 760, Margin = 20, Names = 230, Values = 64, Bar = 15, Gap = 12, Top = 92;

    private static readonly string[] Colours = ["#7d4fd4", "#2f9e95", "#5b7fc7"];

    private const string Style = """
        <style>.ground{fill:#fbfbfd}.text{fill:#1d2433}.faint{fill:#5d6778}.one{stroke:#8b95a5}
        @media (prefers-color-scheme: dark){.ground{fill:#161b22}.text{fill:#e6e9ee}.faint{fill:#a3adbb}}</style>

        """;

    /// <param name="groups">Each with a value for each series, all above 0.</param>
    public string Draw(IReadOnlyList<(string Name, double[] Values)> groups)
    {
        var (high, left) = (Series.Count * Bar, Margin + Names);
        var height = Top + groups.Count * (high + Gap) + Margin;
        var scale = (Width - left - Values - Margin) / Math.Max(1, groups.Max(group => group.Values.Max()));
        var svg = new StringBuilder();
        const string fonts = "Inter, 'Segoe UI', 'Helvetica Neue', Arial, sans-serif";
        Line(svg, $"""<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {Width} {height}" role="img" font-family="{fonts}">""");
        svg.Append(Style);
        Line(svg, $"""<rect class="ground" width="100%" height="100%" rx="8"/>""");
        Text(svg, "text", Margin, 32, 17, "start", Title);
        Text(svg, "faint", Margin, 52, 13, "start", Unit);
        var at = Margin;
        for (var series = 0; series < Series.Count; series++)
        {
            Line(svg, $"""<rect x="{at}" y="63" width="12" height="12" rx="2" fill="{Colours[series]}"/>""");
            Text(svg, "text", at + 18, 73, 13, "start", Series[series]);
            at += 40 + 7.5 * Series[series].Length;
        }
        for (var group = 0; group < groups.Count; group++)
        {
            var top = Top + group * (high + Gap);
            Text(svg, "text", left - 10, top + high / 2 + 4, 13, "end", groups[group].Name);
            for (var series = 0; series < Series.Count; series++)
            {
                var (y, width) = (top + series * Bar, groups[group].Values[series] * scale);
                Line(svg, $"""<rect x="{left}" y="{y}" width="{width:F1}" height="{Bar - 2}" rx="2" fill="{Colours[series]}"/>""");
                var value = FormattableString.Invariant($"{groups[group].Values[series]:F1}");
                Text(svg, "text", left + width + 6, y + 11, 12, "start", value);
            }
        }
        Line(svg, $"""<path class="one" d="M{left + scale:F1} {Top - 6}V{height - Margin}" stroke-dasharray="3 3"/>""");
        return svg.Append("</svg>\n").ToString();
    }

    private static void Text(StringBuilder svg, string kind, double x, double y, int size, string anchor, string text) => Line(svg,
        $"""<text class="{kind}" x="{x:F1}" y="{y}" font-size="{size}" text-anchor="{anchor}">{SecurityElement.Escape(text)}</text>""");

    private static void Line(StringBuilder svg, FormattableString line) => svg.Append(FormattableString.Invariant(line)).Append('\n');
}

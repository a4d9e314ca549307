using System.Globalization;
using System.Security;
using System.Text;

namespace PackingKit.Samples.Prefill.Reports;

/// <summary>
/// Draws a batch's prefix forest as SVG: prompts from top to bottom, positions from left to right, and each node once, as high as the
/// prompts that share it.
/// </summary>
internal static class ForestPicture
{
    private const double Margin = 32, Width = 944, Top = 84;

    /// <param name="set">Name of the prompts.</param>
    /// <param name="forest">All of the batch.</param>
    /// <param name="budget">Tokens of a pass, into which the batch is cut afterwards; passes are not drawn.</param>
    public static string Draw(string set, PrefixForest forest, int? budget)
    {
        var longest = Enumerable.Range(0, forest.PromptCount).Max(forest.LengthOf);
        var (scale, row) = (Width / longest, Math.Clamp(640.0 / forest.PromptCount, 3, 18));
        var svg = new StringBuilder();
        var height = Top + row * forest.PromptCount + Margin;
        Line(svg, $"""<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {Width + 2 * Margin} {height}" """);
        svg.Append("""font-family="Inter, 'Segoe UI', 'Helvetica Neue', Arial, sans-serif">""").Append('\n');
        Line(svg, $"""<rect width="100%" height="100%" fill="#fbfbfd"/>""");
        var prompts = forest.PromptCount == 1 ? "1 prompt" : $"{forest.PromptCount} prompts";
        Text(svg, 44, 22, $"{prompts} of {SecurityElement.Escape(set)}");
        var whole = budget is null ? ""
            : string.Create(CultureInfo.InvariantCulture, $"; before it is cut into passes of {budget:N0} (--budget)");
        Text(svg, 66, 13, $"{forest.TokenCount:N0} tokens; each shared beginning once: {forest.DistinctTokenCount:N0}{whole}");
        var rows = 0; // of the prompts that ended before
        for (var node = 0; node < forest.NodeCount; node++)
        {
            var (it, below) = (forest[node], 0);
            for (var child = node; child < it.SubtreeEnd; child++)
                below += forest.PromptsOf(child).Length;
            var (left, top) = (Margin + it.Start * scale, Top + rows * row);
            var colour = below > 1 ? "#6d3fc4" : "#3fb8af";
            var (width, high) = (Math.Max(0.5, it.Length * scale - 0.5), below * row - 1);
            Line(svg, $"""<rect x="{left:F2}" y="{top:F2}" width="{width:F2}" height="{high:F2}" rx="2" fill="{colour}">""");
            var sharing = below == 1 ? "1 prompt" : $"{below} prompts";
            Line(svg, $"""<title>{it.Length:N0} tokens of {sharing}, from position {it.Start:N0}</title></rect>""");
            rows += forest.PromptsOf(node).Length;
        }
        return svg.Append("</svg>\n").ToString();
    }

    private static void Text(StringBuilder svg, int top, int size, FormattableString text) => Line(
        svg, $"""<text x="{Margin}" y="{top}" font-size="{size}" fill="#1d2433">{FormattableString.Invariant(text)}</text>""");

    private static void Line(StringBuilder svg, FormattableString line) => svg.Append(FormattableString.Invariant(line)).Append('\n');
}

using System.Globalization;
using System.Security;
using System.Text;
using PackingKit.Samples.Prefill.Modes;

namespace PackingKit.Samples.Prefill.Reports;

/// <summary>
/// Draws a padded batch and the same prompts packed, side by side as SVG. Both are to one scale in both directions, so that areas are
/// slots. The picture has a ground of its own, dark where the reader's system is.
/// </summary>
internal static class PackingPicture
{
    private const double Margin = 24, Between = 32, Panel = 440, Top = 96;

    private const string Style = """
        <style>.ground{fill:#fbfbfd}.text{fill:#1d2433}.faint{fill:#5d6778}.padding{fill:#dfe3ea}
        @media (prefers-color-scheme: dark){.ground{fill:#161b22}.text{fill:#e6e9ee}.faint{fill:#a3adbb}.padding{fill:#343c49}}</style>

        """;

    public static string Draw(string set, int[] lengths, ModeSettings settings)
    {
        var packing = settings.Rows(lengths);
        var (longest, tokens) = (lengths.Max(), lengths.Sum());
        var capacity = settings.Capacity ?? longest;
        long paddedSlots = lengths.Length * (long)longest, packedSlots = packing.BinCount * (long)capacity;
        var (scale, row) = (Panel / capacity, Math.Clamp(384.0 / lengths.Length, 4, 14));
        var (width, height) = (2 * Margin + Between + 2 * Panel, Top + Math.Max(lengths.Length, packing.BinCount) * row + Margin);
        var (left, right) = (Margin, Margin + Panel + Between);

        var svg = new StringBuilder();
        const string fonts = "Inter, 'Segoe UI', 'Helvetica Neue', Arial, sans-serif";
        Line(svg, $"""<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height:F0}" role="img" font-family="{fonts}">""");
        svg.Append(Style);
        Line(svg, $"""<rect class="ground" width="100%" height="100%" rx="8"/>""");
        var prompts = lengths.Length == 1 ? "1 prompt" : $"{lengths.Length} prompts";
        Text(svg, left, 34, 18, "text", $"{prompts} of {SecurityElement.Escape(set)}, {tokens:N0} tokens");
        Text(svg, left, 54, 13, "faint",
            $"A colour is a prompt, grey is padding. Packed, {(double)paddedSlots / packedSlots:F1} times fewer slots are computed.");
        Text(svg, left, Top - 10, 13, "text",
            $"Padded: {Rows(lengths.Length, longest)}, {Share(paddedSlots - tokens, paddedSlots)} padding");
        Text(svg, right, Top - 10, 13, "text",
            $"Packed: {Rows(packing.BinCount, capacity)}, {Share(packedSlots - tokens, packedSlots)} padding");
        for (var prompt = 0; prompt < lengths.Length; prompt++)
        {
            Padding(svg, left, Top + prompt * row, longest * scale, row);
            Prompt(svg, left, Top + prompt * row, scale, row, prompt, lengths[prompt], longest);
        }
        foreach (var bin in packing.Bins)
        {
            Padding(svg, right, Top + bin.Index * row, Panel, row);
            var start = 0;
            foreach (var prompt in bin.Items)
            {
                Prompt(svg, right + start * scale, Top + bin.Index * row, scale, row, prompt, lengths[prompt], longest);
                start += lengths[prompt];
            }
        }
        return svg.Append("</svg>\n").ToString();
    }

    private static string Rows(int count, int slots) =>
        string.Create(CultureInfo.InvariantCulture, $"{count} row{(count == 1 ? "" : "s")} of {slots:N0} slot{(slots == 1 ? "" : "s")}");

    private static string Share(long part, long all) => ((double)part / all).ToString("P0", CultureInfo.InvariantCulture);

    private static void Padding(StringBuilder svg, double left, double top, double width, double row) =>
        Line(svg, $"""<rect class="padding" x="{left:F1}" y="{top:F1}" width="{width:F1}" height="{row - 1:F1}"/>""");

    private static void Prompt(StringBuilder svg, double left, double top, double scale, double row, int prompt, int length, int longest)
    {
        var width = Math.Max(0.5, length * scale - 0.7);
        Line(svg,
            $"""<rect x="{left:F1}" y="{top:F1}" width="{width:F1}" height="{row - 1:F1}" rx="1" fill="{Colour(length, longest)}">""");
        Line(svg, $"""<title>prompt {prompt}: {length:N0} tokens</title></rect>""");
    }

    /// <summary>From teal for short prompts to violet for the longest, on a logarithmic scale.</summary>
    private static string Colour(int length, int longest)
    {
        var share = longest == 1 ? 1 : Math.Log(length) / Math.Log(longest);
        return $"#{Mix(0x3f, 0x7d):x2}{Mix(0xb8, 0x4f):x2}{Mix(0xaf, 0xd4):x2}";

        int Mix(int shortest, int longest) => (int)(shortest + share * (longest - shortest));
    }

    private static void Text(StringBuilder svg, double left, double top, int size, string kind, FormattableString text)
    {
        Line(svg, $"""<text class="{kind}" x="{left}" y="{top}" font-size="{size}" font-weight="{(kind == "text" ? 600 : 400)}">""");
        svg.Append(FormattableString.Invariant(text)).Append("</text>\n");
    }

    private static void Line(StringBuilder svg, FormattableString line) => svg.Append(FormattableString.Invariant(line)).Append('\n');
}

using System.Globalization;
using System.Security;
using System.Text;
using PackingKit.Samples.Prefill.Modes;

namespace PackingKit.Samples.Prefill.Reports;

/// <summary>Draws the rows of a padded batch and of the same prompts packed, as SVG to one scale.</summary>
internal static class PackingPicture
{
    private const double Margin = 32, RowsWidth = 900, Label = 44, PackedRow = 24, Gap = 4;

    public static string Draw(string set, int[] lengths, ModeSettings settings)
    {
        var packing = settings.Rows(lengths);
        var (longest, tokens) = (lengths.Max(), lengths.Sum());
        var width = settings.Capacity ?? longest;
        var packedSlots = packing.BinCount * (long)width;
        var paddedSlots = lengths.Length * (long)longest;
        var paddedRow = Math.Clamp(420.0 / lengths.Length, 3, 14);
        var (packedTop, scale) = (118.0, RowsWidth / width);
        var paddedTop = packedTop + packing.BinCount * (PackedRow + Gap) + 72;
        var height = paddedTop + lengths.Length * (paddedRow + 1) + Margin;

        var svg = new StringBuilder();
        const string fonts = "Inter, 'Segoe UI', 'Helvetica Neue', Arial, sans-serif";
        var wide = Margin * 2 + Label + RowsWidth;
        Line(svg, $"""<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {wide} {height}" font-family="{fonts}">""");
        Line(svg, $"""<rect width="100%" height="100%" fill="#fbfbfd"/>""");
        var prompts = lengths.Length == 1 ? "1 prompt" : $"{lengths.Length} prompts";
        Text(svg, Margin, 44, 22, "#1d2433", $"{prompts} of {SecurityElement.Escape(set)}, {tokens:N0} tokens", bold: true);
        Text(svg, Margin, 66, 13, "#667085",
            $"A coloured block is a prompt, grey is padding. Packing computes {(double)paddedSlots / packedSlots:F2} times fewer slots.");
        Text(svg, Margin, packedTop - 14, 14, "#1d2433",
            $"Packed: {packing.BinCount} rows of {width:N0} slots, {Padding(packedSlots, tokens)} padding", bold: true);
        foreach (var bin in packing.Bins)
        {
            var top = packedTop + bin.Index * (PackedRow + Gap);
            Text(svg, Margin + Label - 10, top + PackedRow / 2 + 4, 11, "#98a2b3", $"{bin.Index + 1}", anchor: "end");
            Block(svg, Margin + Label, top, RowsWidth, PackedRow, "#e7eaf0", null);
            var start = 0;
            foreach (var prompt in bin.Items)
            {
                Segment(svg, Margin + Label + start * scale, top, lengths[prompt] * scale, PackedRow, prompt, lengths[prompt], longest);
                start += lengths[prompt];
            }
        }
        Text(svg, Margin, paddedTop - 14, 14, "#1d2433",
            $"Padded: {lengths.Length} rows of {longest:N0} slots, {Padding(paddedSlots, tokens)} padding", bold: true);
        for (var prompt = 0; prompt < lengths.Length; prompt++)
        {
            var top = paddedTop + prompt * (paddedRow + 1);
            Block(svg, Margin + Label, top, longest * scale, paddedRow, "#e7eaf0", null);
            Segment(svg, Margin + Label, top, lengths[prompt] * scale, paddedRow, prompt, lengths[prompt], longest);
        }
        svg.Append("</svg>\n");
        return svg.ToString();
    }

    private static void Segment(
        StringBuilder svg, double left, double top, double width, double height, int prompt, int length, int longest)
    {
        Block(svg, left, top, width, height, Colour(length, longest), $"prompt {prompt}: {length:N0} tokens");
        if (width >= 34 && height >= PackedRow)
            Text(svg, left + width / 2, top + height / 2 + 4, 11, "#ffffff", $"{length}", anchor: "middle");
    }

    /// <summary>From teal for short prompts to violet for the longest, on a logarithmic scale.</summary>
    private static string Colour(int length, int longest)
    {
        var share = longest == 1 ? 1 : Math.Log(length) / Math.Log(longest);
        return $"#{Mix(0x3f, 0x6d):x2}{Mix(0xb8, 0x3f):x2}{Mix(0xaf, 0xc4):x2}";

        int Mix(int shortest, int longest) => (int)(shortest + share * (longest - shortest));
    }

    private static string Padding(long slots, long tokens) => (1 - (double)tokens / slots).ToString("P0", CultureInfo.InvariantCulture);

    private static void Block(StringBuilder svg, double left, double top, double width, double height, string colour, string? title)
    {
        var radius = Math.Min(4, Math.Min(width, height) / 4);
        var inset = title is null || width < 3 ? 0 : 0.5;
        var (x, inner) = (left + inset, width - 2 * inset);
        Line(svg, $"""<rect x="{x:F2}" y="{top:F2}" width="{inner:F2}" height="{height:F2}" rx="{radius:F1}" fill="{colour}">""");
        svg.Append(title is null ? "" : $"<title>{title}</title>").Append("</rect>\n");
    }

    private static void Text(
        StringBuilder svg, double left, double top, int size, string colour, string text, bool bold = false, string anchor = "start")
    {
        var font = FormattableString.Invariant($"""font-size="{size}" fill="{colour}" font-weight="{(bold ? 600 : 400)}" """);
        Line(svg, $"""<text x="{left:F1}" y="{top:F1}" {font}text-anchor="{anchor}">{text}</text>""");
    }

    private static void Line(StringBuilder svg, FormattableString line) => svg.Append(FormattableString.Invariant(line)).Append('\n');
}

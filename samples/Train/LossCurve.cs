using System.Globalization;
using System.Text;

namespace PackingKit.Samples.Train;

/// <summary>Draws losses over steps as SVG, one line for each way of training.</summary>
internal static class LossCurve
{
    private const double Left = 56, Top = 56, Width = 720, Height = 320;
    private static readonly string[] Colours = ["#2563eb", "#d97706"];

    public static string Draw(IReadOnlyList<TrainedRun> runs)
    {
        var steps = runs.Select(run => run.Losses.Length).FirstOrDefault();
        var highest = Math.Ceiling(runs.Select(run => run.Losses.Max()).DefaultIfEmpty(1).Max());
        var svg = new StringBuilder();
        svg.Append(CultureInfo.InvariantCulture, $"""
            <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {Left + Width + 40} {Top + Height + 56}"
              role="img" font-family="sans-serif" font-size="13">
            <title>Loss over {steps} steps</title>
            <rect width="100%" height="100%" fill="#ffffff"/>

            """);
        for (var loss = 0; loss <= highest; loss++)
        {
            var y = Top + Height * (1 - loss / highest);
            svg.Append(CultureInfo.InvariantCulture, $"""
                <path d="M{Left} {y:F1}h{Width}" stroke="#e5e7eb"/>
                <text x="{Left - 8}" y="{y + 4:F1}" text-anchor="end" fill="#4b5563">{loss}</text>

                """);
        }
        svg.Append(CultureInfo.InvariantCulture, $"""
            <text x="{Left + Width / 2}" y="{Top + Height + 36}" text-anchor="middle" fill="#4b5563">step, 1 to {steps}</text>

            """);
        for (var i = 0; i < runs.Count; i++)
        {
            var points = runs[i].Losses.Select((loss, step) => string.Create(
                CultureInfo.InvariantCulture,
                $"{Left + Width * step / Math.Max(1, steps - 1):F1},{Top + Height * (1 - loss / highest):F1}"));
            // The second lies on the first where both ways are the same: dashes show both.
            var dashes = i > 0 ? "4 6" : "none";
            svg.Append(CultureInfo.InvariantCulture, $"""
                <polyline fill="none" stroke="{Colours[i]}" stroke-width="2" stroke-dasharray="{dashes}"
                  points="{string.Join(' ', points)}"/>
                <text x="{Left + i * 160}" y="32" fill="{Colours[i]}" font-weight="600">{runs[i].Way}: {runs[i].Losses[^1]:F3}</text>

                """);
        }
        return svg.Append("</svg>\n").ToString();
    }
}

using System.Globalization;

namespace PackingKit.Cli;

/// <summary>How the sizes are spread below the capacity.</summary>
internal static class LengthsSection
{
    public static Html Of(Comparison comparison)
    {
        var description = comparison.Study.Description;
        var (capacity, items) = (description.Limits.Capacity, description.Sizes.Count);
        var (half, third) = (Share(description.AboveHalf), Share(description.AboveThird));
        var words = $"{items.ToString("N0", CultureInfo.InvariantCulture)} items; {half} are larger than half the capacity and {third} "
            + "larger than a third.";
        var plot = new Plot(
            "lengths", "Sizes of the items", words, Axis.Between("size", 0, capacity, InUnits),
            Axis.Linear("items", 0, comparison.Lengths.Max(bucket => bucket.Items), Axis.Number, isWhole: true))
            .Columns(comparison.Lengths.Select((bucket, index) => (
                Edge(index), Edge(index + 1), (double)bucket.Items, Plot.KindOf(isMeant: true))))
            .Mark(capacity, "C").Mark(capacity / 2.0, "C/2").Mark(capacity / 3.0, "C/3");
        return Html.Of($"""
            <section>
            <h2>Sizes</h2>
            <p>{words} Above half the capacity (C/2) an item never shares a bin with another such; above a third (C/3) at most two share
            one.</p>
            {Page.Figure(plot, Page.Folded("Items by size", Page.Table("Items by size", ["sizes", "items", "share"], Rows())))}
            {Page.Table("In figures", ["of the items", "size"], Figures())}
            {Html.Join(description.Hints.Select(hint => Html.Of($"<p>{hint.Words}</p>")))}
            </section>
            """);

        double Edge(int bucket) => capacity * (bucket / (double)comparison.Lengths.Length);
        string InUnits(double units) => description.InUnits((long)Math.Round(units));
        string Share(long part) => items == 0 ? "0 %" : (part / (double)items).ToString("P1", CultureInfo.InvariantCulture);

        IEnumerable<string[]> Rows() => comparison.Lengths.Select(bucket => new[]
        {
            $"{description.InUnits(bucket.From)} to {description.InUnits(bucket.To)}",
            bucket.Items.ToString("N0", CultureInfo.InvariantCulture), Share(bucket.Items),
        });

        IEnumerable<string[]> Figures() =>
        [
            ["smallest", description.InUnits(description.Sizes.Min)],
            ["lower quartile", description.InUnits(description.Sizes.LowerQuartile)],
            ["median", description.InUnits(description.Sizes.Median)],
            ["upper quartile", description.InUnits(description.Sizes.UpperQuartile)],
            ["90 of 100 are at most", description.InUnits(description.Sizes.Percentile90)],
            ["99 of 100 are at most", description.InUnits(description.Sizes.Percentile99)],
            ["largest", description.InUnits(description.Sizes.Max)],
            ["capacity", description.InUnits(capacity)],
        ];
    }
}

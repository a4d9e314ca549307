namespace PackingKit.Cli;

/// <summary>The same items under other limits.</summary>
internal static class WhatIfSection
{
    /// <summary>Half the width of a column, of the place that it has.</summary>
    private const double HalfColumn = 0.3, HalfLevel = 0.4;

    /// <summary>Padding that is less does not fill the height: a difference of nothing would look like much.</summary>
    private const double LeastShown = 0.01;

    public static Html Of(PackingStudy study)
    {
        var description = study.Description;
        return Html.Of($"""
            <section>
            <h2>Other limits</h2>
            <p>The same items under other limits, each with the strategy that is recommended (best-fit decreasing where that takes items as
            they come or searches); the limits that are studied with the fewest bins that any strategy found. A short line is the least
            padding that the bound of those limits allows.</p>
            {Chart("capacities", "Padding by capacity", "capacity", study.Capacities, each => description.InUnits(each.Limits.Capacity))}
            {(study.ItemLimits.Count < 2 ? null : Chart(
                "item-limits", "Padding by the most items in a bin", "most items in a bin", study.ItemLimits, each =>
                    each.Limits.HasItemLimit ? Axis.Number(each.Limits.MaxItems) : "any"))}
            </section>
            """);

        Html Chart(string id, string title, string axis, ValueList<WhatIf> tried, Func<WhatIf, string> nameOf) => Page.Figure(
            new Plot(
                id, title,
                $"From {Axis.Percent(tried[0].Padding)} at {nameOf(tried[0])} to {Axis.Percent(tried[^1].Padding)} at {nameOf(tried[^1])}.",
                Axis.Named(axis, [.. tried.Select(nameOf)]),
                Axis.Linear("padding", 0, Math.Max(LeastShown, tried.Max(each => each.Padding)), Axis.Percent))
                .Columns(tried.Select((each, index) => (
                    index - HalfColumn, index + HalfColumn, each.Padding, Plot.KindOf(each.Limits == description.Limits))))
                .Levels(tried.Select((each, index) => (index - HalfLevel, index + HalfLevel, LeastPadding(each)))),
            Page.Table(title, ComparisonRows.WhatIfColumns, tried.Select(each => ComparisonRows.Of(each, description))));

        double LeastPadding(WhatIf tried) => tried.Bound.Bins == 0 ? 0
            : 1 - (description.Histogram.TotalSize / ((double)tried.Bound.Bins * tried.Limits.Capacity));
    }
}

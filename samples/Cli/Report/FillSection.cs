namespace PackingKit.Cli;

/// <summary>How full the bins of each strategy are.</summary>
internal static class FillSection
{
    private const int RowHeight = 18, Margins = 84;

    private static readonly string[] Columns =
        ["strategy", "mean", "1 % below", "10 % below", "a quarter below", "half below", "three quarters below", "fullest"];

    public static Html Of(PackingStudy study)
    {
        double capacity = study.Description.Limits.Capacity;
        string[] names = [.. study.Trials.Select(trial => trial.Strategy.Id).Reverse()];
        var plot = new Plot(
            "fill", "How full bins are, by strategy",
            "Bars are the middle half of the bins, lines all but the emptiest hundredth, points the mean.",
            Axis.Linear("share of the capacity", study.Trials.Min(trial => trial.Loads.Percentile1 / capacity), 1, Axis.Percent),
            Axis.Named("strategy", names), (RowHeight * names.Length) + Margins);
        foreach (var trial in study.Trials)
            plot.Range(
                Array.IndexOf(names, trial.Strategy.Id), (trial.Loads.Percentile1 / capacity, trial.Loads.Max / capacity),
                (trial.Loads.LowerQuartile / capacity, trial.Loads.UpperQuartile / capacity), trial.Fill,
                Plot.KindOf(trial == study.Recommended));
        return Html.Of($"""
            <section>
            <h2>Fill</h2>
            <p>Of each strategy's bins: a bar for the middle half, a line for all but the emptiest hundredth, and a point for the mean.</p>
            {Page.Figure(plot, Page.Folded("Fill by strategy", Page.Table(
                "Fill by strategy, as shares of the capacity", Columns, study.Trials.Select(Row))))}
            </section>
            """);

        string[] Row(StrategyTrial trial) =>
        [
            trial.Strategy.Id, Axis.Percent(trial.Fill), .. new[]
            {
                trial.Loads.Percentile1, trial.Loads.Percentile10, trial.Loads.LowerQuartile, trial.Loads.Median, trial.Loads.UpperQuartile,
                trial.Loads.Max,
            }.Select(load => Axis.Percent(load / capacity)),
        ];
    }
}

namespace PackingKit.Cli;

/// <summary>What each strategy costs in time against what it leaves above the bound.</summary>
internal static class StrategiesSection
{
    public static Html Of(PackingStudy study)
    {
        var taken = study.Recommended;
        var plot = new Plot(
            "strategies", "Time of each strategy against its bins above the bound",
            $"The lower and the further left, the better. Recommended is {taken.Strategy.Id}.",
            Axis.Logarithmic("median time, ms", study.Trials.Min(Time), study.Trials.Max(Time), Axis.Number),
            Axis.Counts("bins above the bound", study.Trials.Max(trial => trial.Gap), Axis.Number))
            .Points([.. study.Trials.Select(trial => (
                Time(trial), (double)trial.Gap, trial.Strategy.Id, Plot.KindOf(trial == taken)))]);
        return Html.Of($"""
            <section>
            <h2>Strategies</h2>
            <p>The bound is {study.Bound.Bins:N0} bins ({study.Bound.Rule}): no packing has fewer. The lower and the further left, the
            better; <strong>{taken.Strategy.Id}</strong> is recommended. Times are of {Timed(study)}.</p>
            {Page.Figure(plot, Page.Table(
                "Strategies", ComparisonRows.StrategyColumns,
                study.Trials.Select(trial => ComparisonRows.Of(trial, study.Description.Limits))))}
            <p class="note">Deviation and the fill that one bin in a hundred does not exceed are shares of the capacity; times are over that
            of the fastest; time grows as that power of the number n of items; proved is what holds for every input; orders are the fewest
            and most bins over several orders of the items.</p>
            </section>
            """);

        static string Timed(PackingStudy study) => (study.ByItems ? "packing items that are counted"
            : "planning alone: of so many items those strategies that take them as they come are tried only where --strategies names one")
            + ComparisonRows.LeftOut(study);

        static double Time(StrategyTrial trial) => Math.Max(trial.Time.Median, 1e-6);
    }
}

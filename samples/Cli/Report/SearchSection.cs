using System.Globalization;

namespace PackingKit.Cli;

/// <summary>How the best packing and the bound of each search came together.</summary>
internal static class SearchSection
{
    public static Html? Of(PackingStudy study)
    {
        var searches = study.Trials.Where(trial => trial.Progress.Count > 0).ToArray();
        return searches.Length == 0 ? null : Html.Of($"""
            <section>
            <h2>Searches</h2>
            {Html.Join(searches.Select(Search))}
            </section>
            """);
    }

    private static Html Search(StrategyTrial trial)
    {
        var (steps, end) = (trial.Progress, trial.Time.Median / 1000);
        var words = string.Create(CultureInfo.InvariantCulture,
            $"{trial.Strategy.Id}: {trial.Bins:N0} bins, bound {trial.Bound.Bins:N0}, after {end:0.###} s; {Ended(trial.StopReason)}.");
        var (least, most) = (steps.Min(step => step.LowerBound), steps.Max(step => step.Bins));
        var room = Math.Max(1, (most - least) / 8); // above and below, for the names of the lines
        var plot = new Plot(
            $"search-{trial.Strategy.Id}", $"Best packing and bound over time: {trial.Strategy.Id}", words,
            Axis.Between("seconds", 0, end, Axis.Number),
            Axis.Linear("bins", Math.Max(0, least - room), most + room, Axis.Number, isWhole: true))
            .Steps(Over(step => step.Bins, trial.Bins), "best packing", "best", isNamedAtEnd: false)
            .Steps(Over(step => step.LowerBound, trial.Bound.Bins), "bound", "bound", isNamedAtEnd: true);
        return Html.Of($"""
            <p>{words}</p>
            {Page.Figure(plot, Page.Folded($"Progress of {trial.Strategy.Id}", Page.Table(
                $"Progress of {trial.Strategy.Id}", ["seconds", "bins", "bound", "phase"], steps.Select(Row))))}
            """);

        (double, double)[] Over(Func<PackingProgress, long> value, long last) =>
            [.. steps.Select(step => (step.Elapsed.TotalSeconds, (double)value(step))), (end, last)];

        static string[] Row(PackingProgress step) =>
        [
            step.Elapsed.TotalSeconds.ToString("F3", CultureInfo.InvariantCulture), Axis.Number(step.Bins), Axis.Number(step.LowerBound),
            step.Phase,
        ];
    }

    private static string Ended(StopReason reason) => reason switch
    {
        StopReason.BoundReached => "no packing has fewer",
        StopReason.TimeLimit => "stopped by the limit of time",
        StopReason.WorkLimit => "stopped by the limit of work",
        StopReason.Stopped => "stopped by Ctrl+C",
        _ => "done",
    };
}
